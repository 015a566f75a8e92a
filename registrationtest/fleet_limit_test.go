package registrationtest_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rcreg/registration/internal/clock"
	"github.com/rcreg/registration/registrationtest"
)

// ask calls the i-th workspace as its administrator, in process, and returns the status.
func ask(t *testing.T, fleet *registrationtest.Fleet, i int, method, path, body string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, fleet.URL(i)+"/api/v1/"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	admin := fleet.Admin(i)
	request.Header.Set("X-User-Id", admin.UserID)
	request.Header.Set("X-Auth-Token", admin.AuthToken)
	request.Header.Set("Content-Type", "application/json")
	response, err := fleet.RoundTripper().RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	return response.StatusCode
}

func TestFleetCountsWhatItRefusesForALimit(t *testing.T) {
	t.Parallel()
	const method = `{"message":"{\"msg\":\"method\",\"id\":\"1\",\"method\":\"cloud:checkRegisterStatus\",\"params\":[]}"}`
	for _, test := range []struct {
		name, version, verb, path, body string
		free                            int           // calls in a window
		window                          time.Duration // after which it is free again
	}{
		{"any endpoint", "8.7", "GET", "cloud.registrationStatus", "", 10, time.Minute},
		{"a heavy endpoint", "8.7", "POST", "cloud.syncWorkspace", "{}", 2, time.Minute},
		{"a method", "5.4", "POST", "method.call/cloud%3AcheckRegisterStatus", method, 10, 10 * time.Second},
		{"a method of 8", "8.7", "POST", "method.call/cloud%3AcheckRegisterStatus", method, 10, 10 * time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				fleet := registrationtest.NewFleet(t, 2, registrationtest.InProcess(), registrationtest.WithRateLimits(),
					registrationtest.WithVersions(test.version))
				for call := range test.free + 1 {
					if fleet.TooMany() != 0 {
						t.Fatalf("call %d of %d was refused", call, test.free)
					}
					ask(t, fleet, 0, test.verb, test.path, test.body)
				}
				ask(t, fleet, 1, test.verb, test.path, test.body) // another workspace has limits of its own
				if fleet.TooMany() != 1 {
					t.Errorf("%d refused of %d calls, of which one was too many", fleet.TooMany(), test.free+2)
				}
				_ = clock.System().Sleep(t.Context(), test.window) // the time of the bubble
				ask(t, fleet, 0, test.verb, test.path, test.body)
				if fleet.TooMany() != 1 {
					t.Errorf("%d refused after the window", fleet.TooMany())
				}
			})
		})
	}
}

func TestFleetSparesAdministratorsOtherwise(t *testing.T) {
	t.Parallel()
	fleet := registrationtest.NewFleet(t, 1, registrationtest.InProcess(), registrationtest.WithVersions("8.7"))
	for range 20 {
		if status := ask(t, fleet, 0, "GET", "cloud.registrationStatus", ""); status != http.StatusOK {
			t.Fatalf("status %d", status)
		}
	}
	if fleet.TooMany() != 0 {
		t.Errorf("%d calls refused", fleet.TooMany())
	}
}
