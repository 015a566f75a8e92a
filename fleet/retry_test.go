package fleet_test

import (
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/registrationtest"
)

// busyUntil answers every call of the API in the same way, and counts them.
type busyUntil struct {
	http.RoundTripper
	status int
	header string
	value  string
	asked  int
}

func (b *busyUntil) RoundTrip(request *http.Request) (*http.Response, error) {
	if !strings.Contains(request.URL.Path, "/api/v1/") {
		return b.RoundTripper.RoundTrip(request)
	}
	b.asked++
	return &http.Response{
		StatusCode: b.status, Request: request, Header: http.Header{b.header: {b.value}, "Content-Type": {"text/plain"}},
		Body: io.NopCloser(strings.NewReader("too many")),
	}, nil
}

// TestHeldOff asks for pauses of all lengths. A run waits five minutes at most; what wants more is an outcome with its time, at once.
func TestHeldOff(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status        int
		header, value string
		until         string // empty: it is waited for
	}{
		"soon":                     {429, "Retry-After", "120", ""},
		"in an hour":               {429, "Retry-After", "3600", "2026-03-01 13:"},
		"an outage of an hour":     {503, "Retry-After", "3600", "2026-03-01 13:"},
		"in three years":           {429, "Retry-After", "99999999", "2029-"},
		"a date":                   {503, "Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT", "9999-12-31 23:59:59 UTC"},
		"the last millisecond":     {429, "X-Ratelimit-Reset", "253402300799999", "9999-12-31 23:59:59 UTC"},
		"as far as durations go":   {429, "X-Ratelimit-Reset", "10994949246000", "2318-"},
		"in the year 2262":         {429, "X-Ratelimit-Reset", "9223372036854", "2262-"},
		"a second before it began": {429, "X-Ratelimit-Reset", "-1", ""},
		"no number":                {429, "X-Ratelimit-Reset", "99999999999999999999", ""},
		"negative":                 {429, "Retry-After", "-3600", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			start := someTime()
			clock := registrationtest.NewClock(start)
			fake := registrationtest.NewFleet(t, 1, registrationtest.InProcess(), registrationtest.WithClock(clock), registrationtest.WithVersions("9.0.0"))
			busy := &busyUntil{RoundTripper: fake.RoundTripper(), status: test.status, header: test.header, value: test.value}
			journal := openJournal(t, filepath.Join(t.TempDir(), "journal"), "status")
			f := open(t, listOf(t, fake), fleet.WithClock(clock), fleet.WithRoundTripper(busy), fleet.WithJournal(journal), fleet.WithSupport())
			got := outcomes(t, f, fleet.Status())[fake.Name(0)]
			if got.Class != fleet.Failed {
				t.Errorf("%+v", got)
			}
			if test.until == "" {
				if got.Attempts != 4 || got.Took < 10*time.Second || !got.RetryAt.IsZero() {
					t.Errorf("%d attempts in %s: %+v", got.Attempts, got.Took, got)
				}
				return
			}
			if got.Attempts != 1 || busy.asked != 1 || got.Took > time.Second || got.Kind != "rate_limited" || got.RetryAt.Before(start) ||
				!strings.Contains(got.Message, "not before "+test.until) || !strings.Contains(got.Advice, "wait until "+test.until) {
				t.Errorf("asked %d times, %d attempts in %s: %+v", busy.asked, got.Attempts, got.Took, got)
			}
			// Those who keep their own retries may wait for an hour, and not for years.
			if o := f.Do(t.Context(), listOf(t, fake).Workspaces[0], fleet.Status()); o.MayPass() != (got.RetryAt.Sub(start) < 24*time.Hour) || !o.NotBefore().After(start) {
				t.Errorf("may pass %v: %+v", o.MayPass(), o)
			}
			if kept, ok := journal.Ended(got.Workspace); !ok || !kept.RetryAt.Equal(got.RetryAt) {
				t.Errorf("the journal says %v, %+v", ok, kept)
			}
		})
	}
}
