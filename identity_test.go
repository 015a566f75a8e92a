package registration_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/rcreg/registration"
)

// secondBehind answers the status as another workspace would: from the act on, or always.
type secondBehind struct {
	act   string
	acted bool
}

func (s *secondBehind) RoundTrip(r *http.Request) (*http.Response, error) {
	body := `{"success":true}`
	switch {
	case strings.HasSuffix(r.URL.Path, "registrationStatus") && (s.acted || s.act == ""):
		body = `{"success":true,"registrationStatus":{"workspaceRegistered":%t,"connectToCloud":true,"workspaceId":"w","uniqueId":"another"}}`
		body = fmt.Sprintf(body, s.act != "")
	case s.act != "" && r.Method == http.MethodPost && strings.Contains(r.URL.Path, s.act):
		s.acted = true
		if strings.Contains(r.URL.Path, "method.call") {
			body = `{"success":true,"message":"{\"msg\":\"result\",\"id\":\"1\",\"result\":true}"}`
		}
	default:
		return http.DefaultTransport.RoundTrip(r)
	}
	return &http.Response{StatusCode: http.StatusOK, Header: jsonHeader(), Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

// TestAnotherWorkspaceAnswers: behind an act another workspace answers at the address, such as the second one behind a load balancer. What it shows is nothing
// that became of the first.
func TestAnotherWorkspaceAnswers(t *testing.T) {
	t.Parallel()
	for _, act := range actsInFront() {
		if !act.shows && act.name != "sync" || strings.HasPrefix(act.name, "license") || act.name == "a copy" { // which is to have another unique id
			continue
		}
		t.Run(act.name+"/"+act.version, func(t *testing.T) {
			t.Parallel()
			ws, clock := start(t, act.version)
			if act.found != registration.Unregistered {
				registerForReal(t, ws, clock)
			}
			if act.found == registration.Disconnected {
				disconnects(ws)
			}
			_, err := act.run(t, ws, openOver(t, ws, clock, &secondBehind{act: act.act}))
			if !errors.Is(err, registration.ErrOutcomeUnknown) || !strings.Contains(err.Error(), "another workspace answers at the address now") {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestRelaySpendsNothingOnTwoWorkspaces: no token is exchanged with the registration data of another workspace than the one whose status is read.
func TestRelaySpendsNothingOnTwoWorkspaces(t *testing.T) {
	t.Parallel()
	r := newRelayed(t, "8.9.0")
	_, err := openOver(t, r.Workspace, r.clock, &secondBehind{}, registration.WithTransport(relayTo(t, r.Workspace, r.clock, r.folder))).Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
	var failed *registration.Error
	if !errors.As(err, &failed) || !failed.Unspent || !strings.Contains(err.Error(), "two workspaces answer at the address") {
		t.Errorf("got %v", err)
	}
	r.expectSpent(t, 0)
}
