package cloud_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/registrationtest"
)

// Whatever the Cloud's host replies shows that it is in reach; only a host that does not reply is not.
func TestReach(t *testing.T) {
	t.Parallel()
	redirect := httpmock.NewStringResponder(http.StatusFound, "").HeaderSet(http.Header{"Location": {"https://elsewhere.example.com/"}})
	for name, tc := range map[string]struct {
		reply  httpmock.Responder
		status int
	}{
		"a page":      {httpmock.NewStringResponder(http.StatusOK, "<html>"), 200},
		"nothing":     {httpmock.NewStringResponder(http.StatusNotFound, ""), 404},
		"a refusal":   {httpmock.NewStringResponder(http.StatusForbidden, "no"), 403},
		"a redirect":  {redirect, 302},
		"a fault":     {httpmock.NewStringResponder(http.StatusBadGateway, "no"), 502},
		"a dead line": {httpmock.NewErrorResponder(errors.New("dead")), 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mock := httpmock.NewMockTransport()
			mock.RegisterResponder("GET", "https://cloud.example.com", tc.reply)
			client, err := cloud.New(cloud.WithURL("https://cloud.example.com"), cloud.WithRoundTripper(mock), cloud.WithClock(registrationtest.NewClock(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))))
			if err != nil {
				t.Fatal(err)
			}
			if status, err := client.Reach(t.Context()); status != tc.status || (tc.status == 0) != errors.Is(err, cloud.ErrUnreachable) || (err != nil) != (tc.status == 0) {
				t.Errorf("got %d, %v", status, err)
			}
		})
	}
}
