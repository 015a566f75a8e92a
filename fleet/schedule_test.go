package fleet_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/internal/clock"
	"github.com/rcreg/registration/registrationtest"
)

// TestFastestSchedule runs operations again and again against workspaces that hold their administrators to the limits, in virtual time: 2 syncs a minute for each
// workspace, 10 calls a minute of any other endpoint, 10 calls in 10 s of a method. No schedule is faster than those limits, and this one is within 5 % of it.
func TestFastestSchedule(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		op       fleet.Operation
		versions []string
		rounds   int
		fastest  time.Duration
	}{
		"two syncs a minute over REST":       {fleet.Sync(), []string{"8.7.0", "9.0.0"}, 9, 4 * time.Minute},
		"ten status calls a minute":          {fleet.Status(), []string{"8.7.0", "8.9.0", "9.0.0"}, 45, 4 * time.Minute},
		"twenty calls of a method a minute":  {fleet.Status(), []string{"3.1.0", "4.4.0"}, 45, 2 * time.Minute},
		"what is left of a sync's own calls": {fleet.Reconcile(), []string{"9.0.0"}, 9, 4 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				fake := registrationtest.NewFleet(t, 40, registrationtest.InProcess(), registrationtest.WithRateLimits(), registrationtest.WithVersions(test.versions...))
				pool, _ := poolOf(t, fake.Cloud(), fake.Len())
				list := listOf(t, fake)
				options := []fleet.Option{
					withoutLag(), fleet.WithRoundTripper(fake.RoundTripper()), fleet.WithConcurrency(8), fleet.WithCloudRate(1e6), fleet.WithTokens(pool),
				}
				wantAll(t, fake, outcomes(t, open(t, list, options...), fleet.Register()), fleet.Done, "registered")
				if err := clock.System().Sleep(t.Context(), 2*time.Minute); err != nil { // virtual: the limits have forgotten the registrations
					t.Fatal(err)
				}

				f := open(t, list, options...)
				began := time.Now()
				for range test.rounds {
					wantAll(t, fake, outcomes(t, f, test.op), fleet.Unchanged, "registered")
				}
				took := time.Since(began)
				// docs/numbers.md keeps these lines.
				fmt.Fprintf(t.Output(), "BenchmarkSchedule/%s %d %.3f sec %.3f fastest-sec %d too-many\n",
					strings.ReplaceAll(name, " ", "-"), test.rounds, took.Seconds(), test.fastest.Seconds(), fake.TooMany())
				if took > test.fastest*105/100 || took < test.fastest {
					t.Errorf("it took %s, want %s and 5 %% at most", took, test.fastest)
				}
				if n := fake.TooMany(); n != 0 {
					t.Errorf("%d calls were refused as too many", n)
				}
			})
		})
	}
}
