package clienttest

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/registrationtest"
)

// RoundTrip is a round tripper that stands on the way, to a workspace or to the Cloud.
type RoundTrip func(*http.Request) (*http.Response, error)

// RoundTrip calls it.
func (f RoundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// AnswerHandOver is a workspace that answers a hand-over itself.
func AnswerHandOver(status int, body string) func(*http.Request) *http.Response {
	return func(q *http.Request) *http.Response {
		if !strings.HasSuffix(q.URL.Path, "manualRegister") {
			return nil
		}
		return Reply(q, status, body)
	}
}

// Reply is a reply in JSON.
func Reply(q *http.Request, status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: JSONHeader(), Body: io.NopCloser(strings.NewReader(body)), Request: q}
}

// JSONHeader is the header of a reply in JSON.
func JSONHeader() http.Header { return http.Header{"Content-Type": {"application/json"}} }

// Without is a grant that lacks some keys.
func Without(t *testing.T, grant cloud.Grant, keys ...string) cloud.Grant {
	t.Helper()
	var object map[string]any
	if err := json.Unmarshal(grant.Reveal(), &object); err != nil {
		t.Fatal(err)
	}
	for _, key := range keys {
		delete(object, key)
	}
	text, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	less, err := cloud.ParseGrant(text)
	if err != nil {
		t.Fatal(err)
	}
	return less
}

// LicenseText is a license that the Cloud of a fake workspace has signed.
func LicenseText(t *testing.T, ws *registrationtest.Workspace, spec registrationtest.LicenseSpec) string {
	t.Helper()
	text, err := ws.Cloud().License(spec)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Registers writes the credentials of a registration into a workspace, as the Cloud's grant would.
func Registers(ws *registrationtest.Workspace) {
	ws.Set("Register_Server", true)
	ws.Set("Cloud_Workspace_Id", "ws-1")
	ws.Set("Cloud_Workspace_Client_Id", "client-1")
	ws.Set("Cloud_Workspace_Client_Secret", "secret-1")
}

// Forgets takes the credentials of a registration from a workspace.
func Forgets(ws *registrationtest.Workspace) {
	ws.Set("Cloud_Workspace_Id", "")
	ws.Set("Cloud_Workspace_Client_Id", "")
	ws.Set("Cloud_Workspace_Client_Secret", "")
}

// Disconnects takes the setting of a registration from a workspace.
func Disconnects(ws *registrationtest.Workspace) { ws.Set("Register_Server", false) }

// Refusing answers a call once in the place of the workspace: that it failed.
func Refusing(call string) http.RoundTripper {
	return Answering(call, http.StatusBadRequest, `{"success":false,"error":"Something went wrong"}`)
}

// Answering answers a call once in the place of the workspace.
func Answering(call string, status int, body string) http.RoundTripper {
	left := true
	return RoundTrip(func(r *http.Request) (*http.Response, error) {
		if left && strings.HasSuffix(r.URL.Path, call) {
			left = false
			return Reply(r, status, body), nil
		}
		return http.DefaultTransport.RoundTrip(r)
	})
}
