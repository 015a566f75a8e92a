package status

import (
	"errors"
	"net/http"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/workspace"
)

const (
	address = "https://chat.example.com"
	reply   = `{"success": true, "registrationStatus": {"workspaceRegistered": true, "workspaceId": "64f0c2a1b7e3d90012ab34cd", "uniqueId": "Rztu94qXiGipP2jFi"}}`
)

// mock answers for a workspace of 6.4.
func mock(status httpmock.Responder) *httpmock.MockTransport {
	m := httpmock.NewMockTransport()
	// A reply needs its content type, as Rocket.Chat sends it: JSON without one may come from anything on the way, so that it proves nothing.
	m.RegisterResponder(http.MethodGet, address+"/api/info", httpmock.NewJsonResponderOrPanic(http.StatusOK, map[string]any{"success": true, "version": "6.4.2"}))
	m.RegisterResponder(http.MethodGet, address+"/api/v1/cloud.registrationStatus", status)
	return m
}

// withType is a reply with a content type.
func withType(contentType string) httpmock.Responder {
	return httpmock.NewStringResponder(http.StatusOK, reply).HeaderSet(http.Header{"Content-Type": {contentType}})
}

func TestRegistered(t *testing.T) {
	t.Parallel()
	registered, err := Registered(t.Context(), address, workspace.Token("user", "token"), mock(withType("application/json")))
	if err != nil || !registered {
		t.Errorf("%t, %v", registered, err)
	}
}

// What stands in the body does not help where the head does not say that it is JSON: NewStringResponder alone says nothing.
func TestReplyNeedsItsContentType(t *testing.T) {
	t.Parallel()
	for name, responder := range map[string]httpmock.Responder{
		"none": httpmock.NewStringResponder(http.StatusOK, reply),
		"text": withType("text/plain"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			registered, err := Registered(t.Context(), address, workspace.Token("user", "token"), mock(responder))
			if !errors.Is(err, failure.NotRocketChat) || registered {
				t.Errorf("%t, %v", registered, err)
			}
		})
	}
}
