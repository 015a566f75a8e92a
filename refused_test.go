package registration_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/workspace"
)

// TestRefusalThatAnybodyCouldHaveWritten: a refusal of a call that had not run, in words of Rocket.Chat that a gateway may write as well after it has passed the
// act on. The status decides, the act is sent once, and no token counts as unspent.
func TestRefusalThatAnybodyCouldHaveWritten(t *testing.T) {
	t.Parallel()
	const json = "application/json"
	for i, shape := range []struct {
		status      int
		media, body string
		kind        error
	}{
		{401, json, `{"status":"error","message":"Access denied"}`, failure.NotRocketChat},
		{401, json, `{"status":"error","message":"You must be logged in to do this."}`, workspace.ErrUnauthorized},
		{401, json, `{"success":false,"error":"unauthorized"}`, workspace.ErrUnauthorized},
		{403, json, `{"success":false,"error":"Forbidden"}`, registration.ErrForbidden},
		{403, json, `{"success":false}`, registration.ErrForbidden},
		{405, json, `{"status":"error","message":"Method not allowed"}`, failure.NotRocketChat},
		{429, json, `{"success":false,"error":"Too many requests"}`, registration.ErrRateLimited},
		{400, "text/html", `<title>Error</title><pre>Bad Request</pre>`, failure.NotRocketChat},
		{400, json, `{"success":false,"error":"invalid-params"}`, registration.ErrInvalidInput},
		{404, "text/plain", "404 Not Found", registration.ErrUnsupported},
	} {
		for _, act := range actsInFront() {
			for _, passes := range []bool{false, true} {
				if shape.status == http.StatusNotFound && (act.version != "8.9.0" && act.version != "8.6.0" || act.name == "register" || act.name == "sync" || act.name == "license check") {
					continue // another call takes its place, or it is not how this version says it
				}
				t.Run(fmt.Sprintf("%s/%s/%d/%t", act.name, act.version, i, passes), func(t *testing.T) {
					t.Parallel()
					ws, clock := clienttest.Start(t, act.version)
					if act.found != registration.Unregistered {
						clienttest.RegisterForReal(t, ws, clock)
					}
					if act.found == registration.Disconnected {
						clienttest.Disconnects(ws)
					}
					front := &gateway{act: act.act, status: shape.status, media: shape.media, body: shape.body, passes: passes}
					notes, err := act.run(t, ws, clienttest.OpenOver(t, ws, clock, front))
					if front.refused != 1 {
						t.Errorf("the act was sent %d times", front.refused)
					}
					if passes && act.shows {
						if err != nil || !strings.Contains(fmt.Sprint(notes), "although") {
							t.Errorf("it was carried out: %v; %q", err, notes)
						}
						return
					}
					var failed *registration.Error
					if !errors.As(err, &failed) || !errors.Is(err, shape.kind) || failed.Unspent || errors.Is(err, workspace.ErrReplyLost) {
						t.Errorf("it did not run, as far as anybody can tell: %v", err)
					}
				})
			}
		}
	}
}

// TestRefusalIsBelievedOnceTheStatusShowsIt: where the status cannot be read behind such a refusal, nobody knows.
func TestRefusalIsBelievedOnceTheStatusShowsIt(t *testing.T) {
	t.Parallel()
	ws, clock := clienttest.Start(t, "8.9.0")
	refusing := false
	client := clienttest.OpenOver(t, ws, clock, clienttest.RoundTrip(func(r *http.Request) (*http.Response, error) {
		refusing = refusing || strings.HasSuffix(r.URL.Path, "connectWorkspace")
		if refusing {
			return (&gateway{act: r.URL.Path, status: 401, media: "application/json", body: `{"status":"error","message":"You must be logged in to do this."}`, passes: true}).answer(r)
		}
		return http.DefaultTransport.RoundTrip(r)
	}))
	_, err := client.Register(t.Context(), registration.Request{Token: ws.Cloud().IssueToken()})
	var failed *registration.Error
	if !errors.As(err, &failed) || !errors.Is(err, registration.ErrOutcomeUnknown) || failed.Unspent {
		t.Errorf("got %v", err)
	}
}
