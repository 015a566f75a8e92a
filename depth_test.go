package registration_test

import (
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/workspace"
)

// TestCallDepth counts the functions of this module between a method of the client and http.Client.Do.
func TestCallDepth(t *testing.T) {
	t.Parallel()
	const most = 11
	status := func(t *testing.T, c *registration.Client) error {
		t.Helper()
		_, err := c.Status(t.Context())
		return err
	}
	sync := func(t *testing.T, c *registration.Client) error {
		t.Helper()
		_, err := c.Sync(t.Context())
		return err
	}
	for name, tc := range map[string]struct {
		version, path string
		call          func(*testing.T, *registration.Client) error
	}{
		"status over REST":     {"6.13.0", "/api/v1/cloud.registrationStatus", status},
		"status over a method": {"4.5.0", "/api/v1/method.call/cloud:checkRegisterStatus", status},
		"sync over REST":       {"6.13.0", "/api/v1/cloud.syncWorkspace", sync},
		"sync over a method":   {"4.5.0", "/api/v1/method.call/cloud:syncWorkspace", sync},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				_, _ = w.Write([]byte(depthReply(r.URL.Path, tc.version)))
			}))
			t.Cleanup(server.Close)
			frames := map[string][]string{}
			watched := clienttest.RoundTrip(func(r *http.Request) (*http.Response, error) {
				frames[r.URL.Path] = framesOfOurs()
				return server.Client().Transport.RoundTrip(r)
			})
			ws, err := workspace.New(server.URL, workspace.Token("u", "t"), workspace.WithRoundTripper(watched))
			if err != nil {
				t.Fatal(err)
			}
			if err := tc.call(t, clienttest.ClientOf(t, ws, registration.WithSettingsLag(0))); err != nil {
				t.Fatal(err)
			}
			if passed := frames[tc.path]; len(passed) == 0 || len(passed) > most {
				t.Errorf("it passes %d functions, want at most %d:\n%s", len(passed), most, strings.Join(passed, "\n"))
			}
		})
	}
}

// depthReply answers as a registered workspace does, over REST and over method.call.
func depthReply(path, version string) string {
	switch {
	case strings.HasSuffix(path, "/info"):
		return `{"version":"` + version + `","success":true}`
	case strings.HasSuffix(path, ":checkRegisterStatus"):
		return `{"success":true,"message":"{\"msg\":\"result\",\"id\":\"1\",\"result\":{\"workspaceRegistered\":true,\"uniqueId\":\"u\"}}"}`
	case strings.HasSuffix(path, ":syncWorkspace"):
		return `{"success":true,"message":"{\"msg\":\"result\",\"id\":\"1\",\"result\":true}"}`
	}
	return statusReply // also a success for a sync
}

// framesOfOurs are the functions of this module above http.Client.Do, up to the test.
func framesOfOurs() []string {
	const module = "github.com/rcreg/registration"
	pcs := make([]uintptr, 100)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(0, pcs)])
	ours := make([]string, 0, 20)
	above := false
	for {
		frame, more := frames.Next()
		switch {
		case frame.Function == "net/http.(*Client).Do":
			above, ours = true, ours[:0]
		case !above || !strings.HasPrefix(frame.Function, module):
		case strings.HasPrefix(frame.Function, module+"_test."):
			return ours
		default:
			ours = append(ours, strings.TrimPrefix(frame.Function, module))
		}
		if !more {
			return ours
		}
	}
}
