package fleet_test

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/internal/clock"
	"github.com/rcreg/registration/workspace"
)

// told answers as ready does, with headers.
type told struct {
	ready
	header func(request *http.Request) http.Header
	calls  *atomic.Int64
}

func (r told) RoundTrip(request *http.Request) (*http.Response, error) {
	r.calls.Add(1)
	reply, err := r.ready.RoundTrip(request)
	if r.header != nil && request.URL.Path != "/api/info" {
		for key, values := range r.header(request) {
			reply.Header[key] = values
		}
	}
	return reply, err
}

// TestPaceLearns asks one workspace for its status again and again, and looks how long that takes.
func TestPaceLearns(t *testing.T) {
	t.Parallel()
	limited := func(remaining int, reset time.Duration, skew time.Duration) func(*http.Request) http.Header {
		return func(*http.Request) http.Header {
			theirs := time.Now().Add(skew)
			return http.Header{
				"X-Ratelimit-Limit": {"10"}, "X-Ratelimit-Remaining": {strconv.Itoa(remaining)}, "X-Ratelimit-Reset": {strconv.FormatInt(theirs.Add(reset).UnixMilli(), 10)},
				"Date": {theirs.UTC().Format(http.TimeFormat)},
			}
		}
	}
	for name, test := range map[string]struct {
		header      func(*http.Request) http.Header
		rounds      int
		least, most time.Duration
	}{
		"an administrator is exempt":     {nil, 100, 0, 0},
		"as many as there are left":      {limited(5, 30*time.Second, 0), 100, 0, 0},
		"none left for half a minute":    {limited(0, 30*time.Second, 0), 3, 60 * time.Second, 61 * time.Second},
		"their clock is an hour ahead":   {limited(0, 30*time.Second, time.Hour), 3, 58 * time.Second, 62 * time.Second},
		"their clock is an hour behind":  {limited(0, 30*time.Second, -time.Hour), 3, 58 * time.Second, 62 * time.Second},
		"a reset that makes no sense":    {limited(0, 1000*time.Hour, 0), 21, 2 * time.Minute, 121 * time.Second},
		"a reset that has been long ago": {limited(0, -time.Hour, 0), 11, time.Minute, 61 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var calls atomic.Int64
				f := open(t, madeUp(t, 1), fleet.WithRoundTripper(told{header: test.header, calls: &calls}))
				began := time.Now()
				for range test.rounds {
					for outcome := range f.Run(t.Context(), fleet.Status()) {
						if outcome.Class != fleet.Unchanged {
							t.Fatalf("%+v", outcome)
						}
					}
				}
				if took := time.Since(began); took < test.least || took > test.most {
					t.Errorf("%d times took %s, want %s to %s", test.rounds, took, test.least, test.most)
				}
				if n := int(calls.Load()); n != 2*test.rounds {
					t.Errorf("%d requests were sent, want %d", n, 2*test.rounds)
				}
			})
		})
	}
}

// TestPaceWaitsWithinAnOperation makes more calls than the limit allows in one go: the last one waits, and can be interrupted without having been sent.
func TestPaceWaitsWithinAnOperation(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var calls atomic.Int64
		header := func(*http.Request) http.Header { return http.Header{"X-Ratelimit-Remaining": {"?"}} }
		f := open(t, madeUp(t, 1), fleet.WithRoundTripper(told{header: header, calls: &calls}), fleet.WithRetries(0))
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		op := fleet.Operation{Name: "ask", Do: func(ctx context.Context, j *fleet.Job) (registration.Result, error) {
			for range 5 {
				if err := j.Client.Session().Sync(ctx); err != nil {
					return registration.Result{}, err
				}
			}
			return registration.Result{}, nil
		}}
		began := time.Now()
		for outcome := range f.Run(ctx, op) {
			if outcome.Class != fleet.Cancelled || outcome.Attempts != 1 || !errors.Is(outcome.Err, workspace.ErrNotSent) || errors.Is(outcome.Err, workspace.ErrReplyLost) {
				t.Errorf("%+v", outcome)
			}
		}
		if took := time.Since(began); took != 30*time.Second || calls.Load() != 1+2 {
			t.Errorf("it took %s and %d requests", took, calls.Load())
		}
	})
}

// TestLimitsOfConcurrency counts what is in flight at the same time.
func TestLimitsOfConcurrency(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		hosts            int
		options          []fleet.Option
		most, mostOfHost int64
		fastest, slowest time.Duration
		asksCloud        bool
	}{
		"by concurrency":    {100, []fleet.Option{fleet.WithConcurrency(7)}, 7, 1, 15 * time.Second, 15 * time.Second, false},
		"by host":           {3, []fleet.Option{fleet.WithConcurrency(50), fleet.WithPerHost(2)}, 6, 2, 17 * time.Second, 17 * time.Second, false},
		"by the usual ones": {2, nil, 8, 4, 13 * time.Second, 13 * time.Second, false},
		"by the Cloud":      {100, []fleet.Option{fleet.WithConcurrency(100), fleet.WithCloudRate(120)}, 4, 1, 49 * time.Second, 51 * time.Second, true},
		"not by the Cloud":  {100, []fleet.Option{fleet.WithConcurrency(100), fleet.WithCloudRate(120)}, 100, 1, time.Second, time.Second, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				list := madeUp(t, 100)
				active := make([]atomic.Int64, test.hosts)
				index := map[string]int{}
				for i := range list.Workspaces {
					list.Workspaces[i].URL = "https://H" + strconv.Itoa(i%test.hosts) + ".example.test:443/" + list.Workspaces[i].Name
					if i%2 == 0 {
						list.Workspaces[i].URL = "https://h" + strconv.Itoa(i%test.hosts) + ".example.test/" + list.Workspaces[i].Name
					}
					index[list.Workspaces[i].Name] = i % test.hosts
				}
				var all, most, mostOfHost atomic.Int64
				op := fleet.Operation{Name: "wait", AsksCloud: test.asksCloud, Do: func(ctx context.Context, j *fleet.Job) (registration.Result, error) {
					host := &active[index[j.Workspace.Name]]
					raise(&most, all.Add(1))
					raise(&mostOfHost, host.Add(1))
					err := clock.System().Sleep(ctx, time.Second)
					all.Add(-1)
					host.Add(-1)
					return registration.Result{}, err
				}}
				f := open(t, list, append(test.options, fleet.WithRoundTripper(anyPath{}))...)
				began := time.Now()
				outcomes(t, f, op)
				took := time.Since(began)
				if most.Load() > test.most || mostOfHost.Load() > test.mostOfHost || took < test.fastest || took > test.slowest {
					t.Errorf("%d in flight, %d of a host, in %s", most.Load(), mostOfHost.Load(), took)
				}
			})
		})
	}
}

func raise(highest *atomic.Int64, now int64) {
	for old := highest.Load(); now > old && !highest.CompareAndSwap(old, now); old = highest.Load() {
	}
}

// anyPath tells its version at every path.
type anyPath struct{}

func (anyPath) RoundTrip(request *http.Request) (*http.Response, error) {
	return answer(request, readyAnswers()["/api/info"]), nil
}
