package registration_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/clienttest"
)

// secondBehind answers the status as another workspace would, from the act on.
type secondBehind struct {
	act   string
	acted bool
}

func (s *secondBehind) RoundTrip(r *http.Request) (*http.Response, error) {
	body := `{"success":true}`
	switch {
	case strings.HasSuffix(r.URL.Path, "registrationStatus") && s.acted:
		body = `{"success":true,"registrationStatus":{"workspaceRegistered":true,"connectToCloud":true,"workspaceId":"w","uniqueId":"another"}}`
	case r.Method == http.MethodPost && strings.Contains(r.URL.Path, s.act):
		s.acted = true
		if strings.Contains(r.URL.Path, "method.call") {
			body = `{"success":true,"message":"{\"msg\":\"result\",\"id\":\"1\",\"result\":true}"}`
		}
	default:
		return http.DefaultTransport.RoundTrip(r)
	}
	return clienttest.Reply(r, http.StatusOK, body), nil
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
			ws, clock := clienttest.Start(t, act.version)
			if act.found != registration.Unregistered {
				clienttest.RegisterForReal(t, ws, clock)
			}
			if act.found == registration.Disconnected {
				clienttest.Disconnects(ws)
			}
			_, err := act.run(t, ws, clienttest.OpenOver(t, ws, clock, &secondBehind{act: act.act}))
			if !errors.Is(err, registration.ErrOutcomeUnknown) || !strings.Contains(err.Error(), "another workspace answers at the address now") {
				t.Errorf("got %v", err)
			}
		})
	}
}
