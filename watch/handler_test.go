package watch_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rcreg/registration/watch"
)

func get(t *testing.T, w *watch.Watch, path string) *httptest.ResponseRecorder {
	t.Helper()
	reply := httptest.NewRecorder()
	w.Handler().ServeHTTP(reply, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
	return reply
}

// TestHandler: the page, /status and /healthz tell the same truth, before a trouble and after it.
func TestHandler(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, nil, "9.0.0", "5.4.0")
		watching, end := w.run()
		w.sleep(2 * time.Minute)
		status := func() (s watch.Summary) {
			if err := json.Unmarshal(get(t, watching, "/status").Body.Bytes(), &s); err != nil {
				t.Fatal(err)
			}
			return s
		}
		if s := status(); !s.Healthy || len(s.Workspaces) != 2 || len(s.Troubles) != 0 {
			t.Errorf("%+v", s)
		}
		if page := get(t, watching, "/"); !strings.Contains(page.Body.String(), "All workspaces are well") || page.Header().Get("Refresh") == "" {
			t.Errorf("the page: %.300s", page.Body)
		}
		w.fake.Workspace(0).Set("Deployment_FingerPrint_Verified", false)
		w.fake.Workspace(1).Set("Register_Server", false)
		w.sleep(2 * time.Minute)
		if s := status(); s.Troubles[watch.Unconfirmed] != 1 || s.Troubles[watch.NotRegistered] != 1 {
			t.Errorf("%+v", s)
		}
		page := get(t, watching, "/").Body.String()
		for _, want := range []string{"2 failed", "it is disconnected from the Cloud", "rcreg reconnect", "rcreg deployment confirm", "state from registered to disconnected"} {
			if !strings.Contains(page, want) {
				t.Errorf("the page does not say %q", want)
			}
		}
		if got := get(t, watching, "/healthz"); got.Code != http.StatusOK {
			t.Errorf("%d %s", got.Code, got.Body)
		}
		end()
		w.sleep(time.Hour)
		if got := get(t, watching, "/healthz"); got.Code != http.StatusServiceUnavailable || !strings.Contains(got.Body.String(), "no look has ended") {
			t.Errorf("after its end: %d %s", got.Code, got.Body)
		}
		if got := get(t, watching, "/none"); got.Code != http.StatusNotFound {
			t.Errorf("%d", got.Code)
		}
		for _, path := range []string{"/", "/status", "/healthz"} {
			if body := get(t, watching, path).Body.String(); strings.Contains(body, w.fake.Admin(0).AuthToken) {
				t.Errorf("%s shows a secret", path)
			}
		}
	})
}
