package registration_test

import (
	"errors"
	"io"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/hostile"
	"github.com/rcreg/registration/workspace"
)

// TestReadsHaveALimit: a workspace that does not answer holds neither New nor a question for longer.
func TestReadsHaveALimit(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		options []registration.Option
		want    time.Duration
	}{
		"by default": {nil, 30 * time.Second},
		"as asked":   {[]registration.Option{registration.WithReadTimeout(2 * time.Minute)}, 2 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var mute atomic.Bool
				mute.Store(true)
				transport := &http.Transport{DialContext: hostile.NewDialer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if mute.Load() {
						<-r.Context().Done()
						return
					}
					w.Header().Set("Content-Type", "application/json")
					_, _ = io.WriteString(w, `{"version":"9.0.0","success":true}`)
				}))}
				t.Cleanup(transport.CloseIdleConnections)
				ws, err := workspace.New("http://chat.example.com", workspace.Token("u", "t"), workspace.WithPlainHTTP(), workspace.WithRoundTripper(transport))
				if err != nil {
					t.Fatal(err)
				}
				ends := func(what string, ask func() error) {
					begun := time.Now()
					if err := ask(); !errors.Is(err, workspace.ErrReplyLost) || time.Since(begun) != tc.want {
						t.Errorf("%s ended after %v with %v", what, time.Since(begun), err)
					}
				}
				ends("New", func() error { _, err := registration.New(t.Context(), ws, tc.options...); return err })
				mute.Store(false)
				client, err := registration.New(t.Context(), ws, tc.options...)
				if err != nil {
					t.Fatal(err)
				}
				mute.Store(true)
				ends("Status", func() error { _, err := client.Status(t.Context()); return err })
				ends("Register", func() error { _, err := client.Register(t.Context(), registration.Request{Token: "t"}); return err })
				ends("License", func() error { _, err := client.License(t.Context()); return err })
			})
		})
	}
}
