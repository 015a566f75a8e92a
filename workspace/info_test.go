package workspace_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/rcreg/registration/workspace"
)

func TestInfoReadsEveryShape(t *testing.T) {
	t.Parallel()
	longest := "6.5.0-" + strings.Repeat("a", 58) // 64 bytes
	tests := map[string]struct {
		body string
		want workspace.Info
	}{
		"3.0, stranger":      {`{"version":"3.0.0","success":true}`, workspace.Info{Version: "3.0.0", Full: true}},
		"4.3, stranger":      {`{"version":"4.3","success":true}`, workspace.Info{Version: "4.3"}},
		"6.4, administrator": {`{"info":{"version":"6.4.0","build":{"date":"2024-01-01T00:00:00.000Z"},"marketplaceApiVersion":"1.0.0"},"success":true}`, workspace.Info{Version: "6.4.0", Full: true}},
		"6.5, administrator": {
			`{"version":"6.5.0","info":{"version":"6.5.0"},"minimumClientVersions":{"desktop":"3.9.6","mobile":"4.39.0"},"supportedVersions":{"signed":"a.b.c"},"success":true}`,
			workspace.Info{Version: "6.5.0", Full: true, SupportedVersions: "a.b.c", MinimumDesktop: "3.9.6", MinimumMobile: "4.39.0"},
		},
		"8.6, stranger": {
			`{"workspaceUrl":"localhost:3000","hashedWorkspaceUrl":"abc","version":"8.6","supportedVersions":{"signed":"a.b.c"},"cloudWorkspaceId":"ws-1","success":true}`,
			workspace.Info{Version: "8.6", SupportedVersions: "a.b.c", WorkspaceURL: "localhost:3000", HashedWorkspaceURL: "abc", CloudWorkspaceID: "ws-1"},
		},
		"pre-release":       {`{"info":{"version":"6.5.0-rc.14"},"success":true}`, workspace.Info{Version: "6.5.0-rc.14", Full: true}},
		"as long as may be": {`{"version":"` + longest + `"}`, workspace.Info{Version: longest, Full: true}},
		"short pre-release": {`{"version":"7.0-develop"}`, workspace.Info{Version: "7.0-develop"}},
		"odd types":         {`{"version":"9.0","info":7,"supportedVersions":[],"minimumClientVersions":null,"cloudWorkspaceId":{}}`, workspace.Info{Version: "9.0"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMocked(t, "")
			m.answer(http.MethodGet, "/api/info", respond(http.StatusOK, jsonType, test.body))
			got, err := m.Info(t.Context())
			if err != nil || got != test.want {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}

// A number that somebody has for a password gives nothing away, and hides no version.
func TestInfoOfAVersionLikeAPassword(t *testing.T) {
	t.Parallel()
	m := newMockedAs(t, workspace.Password("admin", "6.13"), "")
	m.answer(http.MethodGet, "/api/info", respond(http.StatusOK, jsonType, `{"version":"6.13.0"}`))
	if got, err := m.Info(t.Context()); err != nil || got.Version != "6.13.0" {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestInfoOfSomethingElse(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		status int
		media  string
		body   string
		kind   error
	}{
		"a web page":           {200, htmlType, somePage, workspace.ErrNotRocketChat},
		"the web client":       {200, htmlType, webClientPage, workspace.ErrNotRocketChat},
		"404 of a web server":  {404, htmlType, somePage, workspace.ErrNotRocketChat},
		"404 text":             {404, "text/plain", "404 page not found", workspace.ErrNotRocketChat},
		"no version":           {200, jsonType, `{"success":true}`, workspace.ErrNotRocketChat},
		"a version of nothing": {200, jsonType, `{"version":"latest"}`, workspace.ErrNotRocketChat},
		"a number":             {200, jsonType, `{"version":6.4}`, workspace.ErrNotRocketChat},
		"a list":               {200, jsonType, `[{"version":"6.4"}]`, workspace.ErrNotRocketChat},
		"another status":       {202, jsonType, `{"success":true}`, workspace.ErrNotRocketChat},
		"cut off":              {200, jsonType, `{"version":"6.`, workspace.ErrBadReply},
		"a gateway":            {502, htmlType, somePage, workspace.ErrReplyLost},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMocked(t, "")
			m.answer(http.MethodGet, "/api/info", respond(test.status, test.media, test.body))
			_, err := m.Version(t.Context())
			if failed := failure(t, err); !errors.Is(failed.Kind, test.kind) || failed.MayHaveRun {
				t.Errorf("got %v", failed)
			}
		})
	}
}

func TestVersionIsAskedOnce(t *testing.T) {
	t.Parallel()
	m := newMocked(t, "")
	failing := respond(500, jsonType, "")
	responder := failing
	for range 4 { // as often as a read is repeated
		responder = responder.Then(failing)
	}
	m.answer(http.MethodGet, "/api/info", responder.Then(respond(http.StatusOK, jsonType, `{"version":"6.4.1"}`)))
	if _, err := m.Version(t.Context()); !errors.Is(err, workspace.ErrInternal) {
		t.Fatalf("got %v", err)
	}
	for range 3 {
		v, err := m.Version(t.Context())
		if err != nil || v.String() != "6.4.1" {
			t.Fatalf("a failure was remembered: %v", err)
		}
	}
	if got := m.calls(http.MethodGet, "/api/info"); got != 6 {
		t.Errorf("asked %d times", got)
	}
}

func TestVersionIsSharedByCallersAtTheSameTime(t *testing.T) {
	t.Parallel()
	m := newMocked(t, "")
	asked, release := make(chan struct{}), make(chan struct{})
	m.answer(http.MethodGet, "/api/info", func(r *http.Request) (*http.Response, error) {
		close(asked) // a second request would panic
		<-release
		return respond(http.StatusOK, jsonType, `{"version":"6.4.1"}`)(r)
	})
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if v, err := m.Version(t.Context()); err != nil || v.String() != "6.4.1" {
				t.Errorf("got %v, %v", v, err)
			}
		})
	}
	<-asked
	// One who does not want to wait any longer need not.
	ctx, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("enough")
	cancel(cause)
	if _, err := m.Version(ctx); !errors.Is(err, cause) || !errors.Is(err, workspace.ErrNotSent) {
		t.Errorf("got %v", err)
	}
	close(release)
	group.Wait()
}

func TestInfoUsesALoginThatThereIs(t *testing.T) {
	t.Parallel()
	m := newMockedAs(t, workspace.Password("admin", "pw"), "")
	var asked sent
	m.answer(http.MethodGet, "/api/info", keep(&asked, respond(http.StatusOK, jsonType, `{"version":"6.4"}`)))
	m.answer(http.MethodPost, "/api/v1/login", respond(http.StatusOK, jsonType, loginReply))
	m.answer(http.MethodGet, "/api/v1/x", respond(http.StatusOK, jsonType, `{"success":true}`))
	if _, err := m.Info(t.Context()); err != nil || asked.request.Header.Get("X-Auth-Token") != "" {
		t.Fatalf("logged in for nothing: %v", err)
	}
	if err := m.Get(t.Context(), "x", nil, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Info(t.Context()); err != nil || asked.request.Header.Get("X-Auth-Token") != sessionToken {
		t.Errorf("did not use the login: %v", err)
	}
}

// A call that never left because the version could not be asked must not read as one that may have been carried out.
func TestLostVersionIsNoLostCall(t *testing.T) {
	t.Parallel()
	m := newMocked(t, "")
	m.answer(http.MethodGet, "/api/info", httpmock.NewErrorResponder(io.ErrUnexpectedEOF))
	err := m.CallMethod(t.Context(), "cloud:connectWorkspace", nil, "token")
	if !errors.Is(err, workspace.ErrNotSent) || errors.Is(err, workspace.ErrReplyLost) || !strings.Contains(err.Error(), "/api/info") {
		t.Errorf("got %v", err)
	}
}
