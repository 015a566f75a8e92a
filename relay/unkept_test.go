package relay_test

import (
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/offline"
	"github.com/rcreg/registration/workspace"
)

// away takes the folder of a store away, or brings it back.
func (r relayed) away(t *testing.T, store string, back bool) {
	t.Helper()
	here, there := filepath.Join(r.folder, store), filepath.Join(r.folder, store+"-away")
	if back {
		here, there = there, here
	}
	if err := os.Rename(here, there); err != nil {
		t.Error(err)
	}
}

// lostStore takes the store away in the moment in which the Cloud gives the grant, and may bring it back when the Cloud is asked for an access token, which
// it may refuse.
func (r relayed) lostStore(t *testing.T, back, refuses bool) cloud.Option {
	t.Helper()
	return between(t, "", func(q *http.Request) (*http.Response, error) {
		switch {
		case strings.HasSuffix(q.URL.Path, "/oauth/clients"):
			r.away(t, "grants", false)
		case strings.HasSuffix(q.URL.Path, "/oauth/token") && back:
			r.away(t, "grants", true)
		}
		if refuses && strings.HasSuffix(q.URL.Path, "/oauth/token") {
			body := io.NopCloser(strings.NewReader(`{"error":"forbidden"}`))
			return &http.Response{StatusCode: http.StatusForbidden, Header: http.Header{}, Body: body, Request: q}, nil
		}
		return http.DefaultTransport.RoundTrip(q)
	})
}

const refusal = `{"success":false,"error":"something is wrong"}`

// TestRelayThatCannotKeepAGrant makes the best of it, and never says that something is kept which is not.
func TestRelayThatCannotKeepAGrant(t *testing.T) {
	t.Parallel()
	const lost, unfinished = "the grant of workspace ", "cleanup is incomplete"
	for name, tc := range map[string]struct {
		back, refuses bool // see lostStore
		workspace     func(*http.Request) *http.Response
		want          error
		notes         []string
		says          string
	}{
		"registered":                               {false, false, nil, nil, []string{lost, unfinished}, ""},
		"registered, the store is back":            {true, false, nil, nil, nil, ""},
		"the Cloud fails":                          {false, true, nil, registration.ErrRejected, []string{lost}, "Next: see to the store's folder"},
		"the Cloud fails, the store is back":       {true, true, nil, registration.ErrRejected, nil, "is lost"},
		"the workspace refuses":                    {false, false, clienttest.AnswerHandOver(http.StatusBadRequest, refusal), workspace.ErrRefused, []string{lost}, "the grant is lost"},
		"the workspace refuses, the store is back": {true, false, clienttest.AnswerHandOver(http.StatusBadRequest, refusal), registration.ErrRejected, nil, "is kept"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRelayed(t, "6.13.0")
			look := tc.workspace
			if look == nil {
				look = func(*http.Request) *http.Response { return nil }
			}
			result, err := r.runBehind(t, look, r.lostStore(t, tc.back, tc.refuses)).Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
			clienttest.Expect(t, "register", result, err, tc.want, tc.want == nil)
			r.expectNotes(t, "register", result, err, tc.notes...)
			if err != nil && (!strings.Contains(err.Error(), tc.says) || strings.Contains(err.Error(), "grant is lost") != strings.Contains(err.Error(), "remove the workspace")) {
				t.Errorf("what became of the grant is not said: %v", err)
			}
			if !tc.back {
				r.away(t, "grants", true)
				return
			}
			result, err = r.run(t).Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
			clienttest.Expect(t, "register again", result, err, nil, tc.want != nil)
			r.expectSpent(t, 1)
			r.expectPutAway(t)
		})
	}
}

// TestRelayLosesGrantAndWorkspace: where the workspace was never asked, no status is needed to know that.
func TestRelayLosesGrantAndWorkspace(t *testing.T) {
	t.Parallel()
	r := newRelayed(t, "6.13.0")
	client := r.runBehind(t, func(q *http.Request) *http.Response {
		if len(r.Cloud().SpentTokens()) == 0 {
			return nil
		}
		return clienttest.Reply(q, http.StatusBadGateway, "")
	}, r.lostStore(t, false, true))
	result, err := client.Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
	clienttest.Expect(t, "register", result, err, registration.ErrRejected, false)
	if errors.Is(err, registration.ErrOutcomeUnknown) {
		t.Errorf("the outcome is known: %v", err)
	}
	r.away(t, "grants", true)
}

// TestRelayThatCannotPutAway: the workspace is registered, and the grant stays where it is until it can be moved.
func TestRelayThatCannotPutAway(t *testing.T) {
	t.Parallel()
	for name, finish := range map[string]func(*testing.T, *registration.Client) (registration.Result, error){
		"the next registration puts it away": func(t *testing.T, c *registration.Client) (registration.Result, error) {
			return c.Register(t.Context(), registration.Request{Token: "another-token"})
		},
		"the next sync puts it away": func(t *testing.T, c *registration.Client) (registration.Result, error) { return c.Sync(t.Context()) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRelayed(t, "6.13.0")
			client := r.run(t)
			r.away(t, "registered", false)
			result, err := client.Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
			clienttest.Expect(t, "register", result, err, nil, true)
			r.expectNotes(t, "register", result, err, "cleanup is incomplete")
			if _, kept := r.kept(t, "grants"); !kept {
				t.Error("the grant is lost")
			}
			result, err = client.Sync(t.Context())
			clienttest.Expect(t, "sync", result, err, offline.ErrFolderMissing, false)
			result, err = finish(t, r.run(t)) // which makes the folder anew
			clienttest.Expect(t, name, result, err, nil, false)
			r.expectPutAway(t)
		})
	}
}

// TestRelayHandOverWithoutAReply: the status decides; and where nothing was done, the next run goes on.
func TestRelayHandOverWithoutAReply(t *testing.T) {
	t.Parallel()
	page := clienttest.AnswerHandOver(http.StatusOK, "<html></html>")
	for name, does := range map[string]func(relayed, *http.Request) *http.Response{
		"not done": func(_ relayed, q *http.Request) *http.Response { return page(q) },
		"done": func(r relayed, q *http.Request) *http.Response {
			answer := page(q)
			if answer != nil {
				clienttest.Registers(r.Workspace)
				r.Set("Cloud_Workspace_Id", r.Cloud().Workspaces()[0].ID)
			}
			return answer
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRelayed(t, "6.4.0")
			token := r.Cloud().IssueToken()
			client := r.runBehind(t, func(q *http.Request) *http.Response { return does(r, q) })
			result, err := client.Register(t.Context(), registration.Request{Token: token})
			if name == "done" {
				clienttest.Expect(t, "register", result, err, nil, true)
				r.expectNotes(t, "register", result, err, "may not have taken the license")
				r.expectPutAway(t)
				return
			}
			if err == nil || !strings.Contains(err.Error(), "is kept") || errors.Is(err, registration.ErrOutcomeUnknown) {
				t.Errorf("got %v", err)
			}
			result, err = r.run(t).Register(t.Context(), registration.Request{Token: token})
			clienttest.Expect(t, "register again", result, err, nil, true)
			if !result.Unspent {
				t.Error("the token is not said to be unspent")
			}
			r.expectNotes(t, "register again", result, err, noteOfKept)
			r.expectSpent(t, 1)
		})
	}
}

// TestRelayUnreadableRegistrationData: a question that fails is no refusal of a grant, and nothing was spent.
func TestRelayUnreadableRegistrationData(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		status int
		body   string
		want   error
	}{
		"an internal error": {http.StatusInternalServerError, `{"success":false,"error":"boom"}`, workspace.ErrInternal},
		"refused":           {http.StatusBadRequest, refusal, workspace.ErrRefused},
		"forbidden":         {http.StatusForbidden, `{"success":false,"error":"unauthorized"}`, registration.ErrForbidden},
		"nothing in it":     {http.StatusOK, `{"success":true,"registerData":""}`, workspace.ErrBadReply},
		"no base64":         {http.StatusOK, `{"success":true,"registerData":"{}"}`, workspace.ErrBadReply},
		"no unique id":      {http.StatusOK, `{"success":true,"registerData":"e30="}`, workspace.ErrBadReply},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRelayed(t, "8.9.0")
			client := r.runBehind(t, func(q *http.Request) *http.Response {
				if !strings.Contains(q.URL.Path, "orkspaceRegisterData") {
					return nil
				}
				return &http.Response{StatusCode: tc.status, Header: clienttest.JSONHeader(), Body: io.NopCloser(strings.NewReader(tc.body)), Request: q}
			})
			result, err := client.Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
			clienttest.Expect(t, "register", result, err, tc.want, false)
			if errors.Is(err, registration.ErrRejected) || strings.Contains(err.Error(), "is kept") {
				t.Errorf("the error misleads: %v", err)
			}
			r.expectSpent(t, 0)
			clienttest.RegisterForReal(t, r.Workspace, r.clock)
			result, err = client.Sync(t.Context())
			clienttest.Expect(t, "sync", result, err, tc.want, false)
		})
	}
}

// TestRelayUnreadableStatus: the status is read once more when no other run can be at work. Where that fails, nothing is spent.
func TestRelayUnreadableStatus(t *testing.T) {
	t.Parallel()
	r := newRelayed(t, "8.9.0")
	statuses := 0
	client := r.runBehind(t, func(q *http.Request) *http.Response {
		if !strings.HasSuffix(q.URL.Path, "registrationStatus") {
			return nil
		}
		if statuses++; statuses != 2 {
			return nil
		}
		return &http.Response{StatusCode: http.StatusBadRequest, Header: clienttest.JSONHeader(), Body: io.NopCloser(strings.NewReader(refusal)), Request: q}
	})
	result, err := client.Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
	clienttest.Expect(t, "register", result, err, workspace.ErrRefused, false)
	if errors.Is(err, registration.ErrRejected) {
		t.Errorf("the error misleads: %v", err)
	}
	r.expectSpent(t, 0)
}
