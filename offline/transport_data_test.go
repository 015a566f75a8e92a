package offline_test

import (
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/workspace"
)

// TestOfflineWithoutRegistrationData: nothing was asked of anybody then, so that nothing was refused and no grant is to blame.
func TestOfflineWithoutRegistrationData(t *testing.T) {
	t.Parallel()
	const call = "cloud.workspaceRegisterData"
	data := func(text string) string { return `{"success":true,"registerData":"` + text + `"}` }
	cases := map[string]struct {
		over http.RoundTripper
		kind error // nil: none
	}{
		"a workspace failed": {clienttest.Refusing(call), workspace.ErrRefused},
		"no data":            {clienttest.Answering(call, http.StatusOK, data("")), workspace.ErrBadReply},
		"data that is none":  {clienttest.Answering(call, http.StatusOK, data(base64.StdEncoding.EncodeToString([]byte("{}")))), nil},
		"no address":         {clienttest.Answering(call, http.StatusOK, data(base64.StdEncoding.EncodeToString([]byte(`{"uniqueId":"u-1","address":""}`)))), registration.ErrInvalidInput},
		"no usable address":  {clienttest.Answering(call, http.StatusOK, data(base64.StdEncoding.EncodeToString([]byte(`{"uniqueId":"u-1","address":"chat"}`)))), registration.ErrInvalidInput},
		"data of a proxy":    {clienttest.Answering(call, http.StatusOK, data(strings.Repeat("A", 600<<10))), nil},
		"a lost reply": {clienttest.RoundTrip(func(r *http.Request) (*http.Response, error) {
			if strings.HasSuffix(r.URL.Path, call) {
				return nil, errors.New("the connection was reset")
			}
			return http.DefaultTransport.RoundTrip(r)
		}), workspace.ErrReplyLost},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGapped(t, "8.9.0")
			result, err := g.over(t, tc.over).Register(t.Context(), registration.Request{})
			kind := tc.kind
			if kind == nil {
				kind = err
			}
			clienttest.Expect(t, "register", result, err, kind, false)
			if errors.Is(err, registration.ErrInvalidGrant) || errors.Is(err, registration.ErrRejected) || errors.Is(err, registration.ErrPending) {
				t.Errorf("got %v", err)
			}
			if len(err.Error()) > 1000 {
				t.Errorf("the error has %d bytes", len(err.Error()))
			}
			g.expectFiles(t, "requests")
			g.ask(t, g.run(t))
		})
	}
}
