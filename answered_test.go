package registration_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/workspace"
)

// gateway answers the calls of one act in the workspace's place, with or without having passed them on.
type gateway struct {
	act     string // a part of the path, or of the body of a method.call
	status  int
	media   string
	body    string
	passes  bool
	refused int
}

func (g *gateway) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method != http.MethodPost || !strings.Contains(r.URL.Path, g.act) {
		return http.DefaultTransport.RoundTrip(r)
	}
	return g.answer(r)
}

// answer answers in the workspace's place.
func (g *gateway) answer(r *http.Request) (*http.Response, error) {
	if g.passes {
		response, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			return nil, err
		}
		_ = response.Body.Close()
	}
	g.refused++
	header := http.Header{"Server": {"gateway/1.2"}}
	if g.media != "" {
		header.Set("Content-Type", g.media)
	}
	return &http.Response{StatusCode: g.status, Header: header, Body: io.NopCloser(strings.NewReader(g.body)), Request: r}, nil
}

// actInFront is an operation with one act that a gateway answers.
type actInFront struct {
	name, version string
	act           string
	found         registration.State
	run           func(*testing.T, *registrationtest.Workspace, *registration.Client) ([]string, error)
	shows         bool // the status, or the license, when it was carried out all the same
}

func actsInFront() []actInFront {
	const none, in, off = registration.Unregistered, registration.Registered, registration.Disconnected
	type ran = func(*testing.T, *registrationtest.Workspace, *registration.Client) ([]string, error)
	notesOf := func(run func(*testing.T, *registrationtest.Workspace, *registration.Client) (registration.Result, error)) ran {
		return func(t *testing.T, ws *registrationtest.Workspace, c *registration.Client) ([]string, error) {
			result, err := run(t, ws, c)
			return result.Notes, err
		}
	}
	token := notesOf(func(t *testing.T, ws *registrationtest.Workspace, c *registration.Client) (registration.Result, error) {
		return c.Register(t.Context(), registration.Request{Token: ws.Cloud().IssueToken()})
	})
	email := notesOf(func(t *testing.T, _ *registrationtest.Workspace, c *registration.Client) (registration.Result, error) {
		return c.Register(t.Context(), registration.Request{Email: "ops@example.com"})
	})
	sync := notesOf(func(t *testing.T, _ *registrationtest.Workspace, c *registration.Client) (registration.Result, error) {
		return c.Sync(t.Context())
	})
	disconnect := notesOf(func(t *testing.T, _ *registrationtest.Workspace, c *registration.Client) (registration.Result, error) {
		return c.Disconnect(t.Context())
	})
	reconnect := notesOf(func(t *testing.T, _ *registrationtest.Workspace, c *registration.Client) (registration.Result, error) {
		return c.Reconnect(t.Context())
	})
	confirm := func(as registration.Deployment) ran {
		return notesOf(func(t *testing.T, _ *registrationtest.Workspace, c *registration.Client) (registration.Result, error) {
			return c.ConfirmDeployment(t.Context(), as)
		})
	}
	apply := func(t *testing.T, ws *registrationtest.Workspace, c *registration.Client) ([]string, error) {
		result, err := c.ApplyLicense(t.Context(), clienttest.LicenseText(t, ws, registrationtest.LicenseSpec{Modules: []string{"scalability"}}))
		return result.Notes, err
	}
	remove := func(t *testing.T, _ *registrationtest.Workspace, c *registration.Client) ([]string, error) {
		result, err := c.RemoveLicense(t.Context())
		return result.Notes, err
	}
	return []actInFront{
		{"register", "8.9.0", "cloud.connectWorkspace", none, token, true},
		{"register", "6.4.0", "connectWorkspace", none, token, true},
		{"register by e-mail", "8.9.0", "cloud.createRegistrationIntent", none, email, false},
		{"sync", "6.4.0", "cloud:syncWorkspace", in, sync, false},
		{"sync", "8.9.0", "cloud.syncWorkspace", in, sync, false},
		{"disconnect", "5.4.0", "disconnectWorkspace", in, disconnect, true},
		{"reconnect", "6.0.0", "reconnectWorkspace", off, reconnect, true},
		{"a copy", "8.9.0", "fingerprint", in, confirm(registration.NewWorkspace), true},
		{"a move", "8.9.0", "fingerprint", in, confirm(registration.UpdatedConfiguration), false},
		{"license apply", "8.6.0", "licenses.add", in, apply, true},
		{"license check", "8.9.0", "licenses.validate", in, apply, false},
		{"license remove", "8.9.0", "cloud.removeLicense", in, remove, false},
	}
}

// TestActAnsweredInFront: a 4xx that Rocket.Chat did not write is neither the workspace's refusal nor the Cloud's. The status decides, and where it shows no
// change, the error says who answered and what to let pass.
func TestActAnsweredInFront(t *testing.T) {
	t.Parallel()
	for i, shape := range []struct {
		status      int
		media, body string
	}{
		{403, "text/html", "<html><title>Attention Required!</title></html>"},
		{401, "text/plain", "Unauthorized"},
		{404, "application/json", `{"message":"no Route matched with those values"}`},
		{403, "application/json", ""},
		{400, "text/html", "<title>400 Request Header Or Cookie Too Large</title>"},
		{405, "text/html", "<title>405 Not Allowed</title>"},
		{413, "", ""}, {414, "text/html", ""}, {421, "", ""}, {431, "", ""},
		{429, "text/html", "<title>429 Too Many Requests</title>"},
	} {
		for _, act := range actsInFront() {
			for _, passes := range []bool{false, true} {
				if passes && i > 1 {
					continue // what the status shows does not depend on the shape
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
					client := clienttest.OpenOver(t, ws, clock, front)
					notes, err := act.run(t, ws, client)
					if front.refused != 1 {
						t.Errorf("the act was sent %d times", front.refused)
					}
					if passes && act.shows {
						if err != nil || !strings.Contains(fmt.Sprint(notes), "answered in its place") {
							t.Errorf("it was carried out: %v; %q", err, notes)
						}
						return
					}
					expectInFront(t, err, shape.status)
				})
			}
		}
	}
}

func expectInFront(t *testing.T, err error, status int) {
	t.Helper()
	if name := failure.KindOf(err).Name(); name != "not_rocket_chat" && (status != http.StatusTooManyRequests || name != "rate_limited") {
		t.Fatalf("the kind is %s: %v", name, err)
	}
	next := "let POST /api/v1/* pass"
	switch status {
	case http.StatusTooManyRequests:
		next = "allow more of them"
	case http.StatusRequestEntityTooLarge:
		next = "take larger requests"
	}
	for _, part := range []string{"in front of the workspace", fmt.Sprint("HTTP ", status), "gateway/1.2", next} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("it does not say %q: %v", part, err)
		}
	}
	for _, lie := range []string{"check that the token", "new token", "the registration was refused", "took what the Cloud gave", "correct the request", "dropped it", "the workspace answered that"} {
		if strings.Contains(err.Error(), lie) {
			t.Errorf("it says %q: %v", lie, err)
		}
	}
}

// TestUnspent: whether a token may have been used is told by the transport, and by the client before it was asked.
func TestUnspent(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		status int
		body   string
		want   bool
	}{
		"refused before it ran": {403, `{"success":false,"error":"User does not have the permissions required for this action [error-unauthorized]"}`, true},
		"refused, so it seems":  {403, `{"success":false,"error":"unauthorized"}`, false},
		"refused by the Cloud":  {400, `{"success":false,"error":"failed"}`, false},
		"a gateway":             {403, `{"message":"no"}`, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ws, clock := clienttest.Start(t, "8.9.0")
			client := clienttest.OpenOver(t, ws, clock, clienttest.RoundTrip(func(q *http.Request) (*http.Response, error) {
				if strings.HasSuffix(q.URL.Path, "connectWorkspace") {
					return clienttest.Reply(q, tc.status, tc.body), nil
				}
				return http.DefaultTransport.RoundTrip(q)
			}))
			_, err := client.Register(t.Context(), registration.Request{Token: ws.Cloud().IssueToken()})
			var failed *registration.Error
			if !errors.As(err, &failed) || failed.Unspent != tc.want {
				t.Errorf("unspent is not %t: %+v", tc.want, failed)
			}
		})
	}
	ws, clock := clienttest.Start(t, "8.9.0")
	clienttest.RegisterForReal(t, ws, clock)
	client := clienttest.OpenWithToken(t, ws, clock)
	_, err := client.Register(t.Context(), registration.Request{Token: "two words"})
	if failed := (*registration.Error)(nil); !errors.As(err, &failed) || !failed.Unspent {
		t.Errorf("a request that is not sent: %+v", failed)
	}
}

// TestReadAnsweredInFront: a proxy's page is no fault of the request.
func TestReadAnsweredInFront(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 401, 403, 404, 405, 413, 431} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			t.Parallel()
			ws, clock := clienttest.Start(t, "8.9.0")
			client := clienttest.OpenOver(t, ws, clock, clienttest.RoundTrip(func(q *http.Request) (*http.Response, error) {
				if !strings.HasSuffix(q.URL.Path, "registrationStatus") {
					return http.DefaultTransport.RoundTrip(q)
				}
				body := io.NopCloser(strings.NewReader("<title>blocked\nState registered</title>"))
				return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"text/html"}}, Body: body, Request: q}, nil
			}))
			_, err := client.Status(t.Context())
			if failure.KindOf(err).Name() != "not_rocket_chat" || errors.Is(err, registration.ErrInvalidInput) || errors.Is(err, workspace.ErrReplyLost) ||
				!strings.Contains(err.Error(), `the web page "blocked State registered"`) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %s: %v", failure.KindOf(err).Name(), err)
			}
		})
	}
}

// TestAnotherTryComesLast: where something on the way writes or spoils the replies to an act, that is the first way out. Another try would meet the same.
func TestAnotherTryComesLast(t *testing.T) {
	t.Parallel()
	for body, first := range map[string]failure.Act{"<title>Sign in</title>": failure.CheckBetween, `{"success":tr`: failure.CheckBetween, `{"success":false,"error":"Denied"}`: failure.AskPermission} {
		for _, act := range actsInFront() {
			if act.version != "8.9.0" || act.act == "licenses.validate" {
				continue
			}
			t.Run(act.name+body, func(t *testing.T) {
				t.Parallel()
				ws, clock := clienttest.Start(t, act.version)
				if act.found != registration.Unregistered {
					clienttest.RegisterForReal(t, ws, clock)
				}
				status := http.StatusOK
				if first == failure.AskPermission {
					status = http.StatusForbidden
				}
				_, err := act.run(t, ws, clienttest.OpenOver(t, ws, clock, &gateway{act: act.act, status: status, media: "application/json", body: body}))
				ways := failure.Remedies(err)
				if len(ways) == 0 || ways[0].Act != first || first == failure.AskPermission && ways[1].Act != failure.CheckBetween {
					t.Errorf("%v: the ways out are %v", err, ways)
				}
			})
		}
	}
}
