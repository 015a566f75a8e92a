package workspace_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/rcreg/registration/workspace"
)

// TestNoReplyOfACacheCounts, whatever it says: a read fails, and a write may have run.
func TestNoReplyOfACacheCounts(t *testing.T) {
	t.Parallel()
	m := newMocked(t, "6.4.0")
	var asked sent
	cached := respond(http.StatusOK, jsonType, `{"success":true}`)
	for _, path := range []string{"/api/v1/x", "/api/v1/method.call/x", "/api/info"} {
		for _, verb := range []string{http.MethodGet, http.MethodPost} {
			m.answer(verb, path, keep(&asked, func(r *http.Request) (*http.Response, error) {
				response, err := cached(r)
				response.Header.Set("Age", "40")
				return response, err
			}))
		}
	}
	for name, call := range map[string]struct {
		make   func() error
		writes bool
	}{
		"get":          {func() error { return m.Get(t.Context(), "x", nil, nil) }, false},
		"read method":  {func() error { return m.ReadMethod(t.Context(), "x", nil) }, false},
		"info":         {func() error { _, err := m.Info(t.Context()); return err }, false},
		"post":         {func() error { return m.Post(t.Context(), "x", nil, nil) }, true},
		"get once":     {func() error { return m.GetOnce(t.Context(), "x", nil, nil) }, true},
		"write method": {func() error { return m.CallMethod(t.Context(), "x", nil) }, true},
	} {
		failed := failure(t, call.make())
		if !errors.Is(failed, workspace.ErrBadReply) || failed.MayHaveRun != call.writes || failed.Status != http.StatusOK || !strings.Contains(failed.Error(), "cache on the way (Age: 40)") {
			t.Errorf("%s: got %v", name, failed)
		}
		if fresh := asked.request.Header.Get("Cache-Control") == "no-cache"; fresh != (!call.writes || asked.request.Method == http.MethodGet) {
			t.Errorf("%s: sent %v", name, asked.request.Header)
		}
	}
}
