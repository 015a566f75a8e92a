package fleet_test

import (
	"testing"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/registrationtest"
)

func TestSupportWindows(t *testing.T) {
	t.Parallel()
	clock := registrationtest.NewClock(someTime())
	fake := registrationtest.NewFleet(t, 12, registrationtest.InProcess(), registrationtest.WithClock(clock), registrationtest.WithVersions("5.4.0", "6.0.0", "9.0.0"))
	past, later := someTime().AddDate(0, -3, 0), someTime().AddDate(0, 3, 0)
	fake.Cloud().SetSupport(registrationtest.Support{Timestamp: past, EnforcementStartDate: past, Versions: []registrationtest.SupportedVersion{
		{Version: "6.0.0", Expiration: past}, {Version: "9.0.0", Expiration: later},
	}})
	releases, err := cloud.New(cloud.WithReleasesURL(fake.Cloud().URL()), cloud.WithRoundTripper(fake.RoundTripper()), cloud.WithClock(clock))
	if err != nil {
		t.Fatal(err)
	}
	options := []fleet.Option{fleet.WithClock(clock), fleet.WithRoundTripper(fake.RoundTripper()), fleet.WithClient(func(fleet.Workspace) []registration.Option {
		return []registration.Option{registration.WithCloud(releases), registration.WithSupportKey(fake.Cloud().SupportKey())}
	})}
	for name, outcome := range outcomes(t, open(t, listOf(t, fake), options...), fleet.Status()) {
		if outcome.Support != "" || outcome.SupportUntil != nil {
			t.Errorf("%s was asked for its support: %+v", name, outcome)
		}
	}
	fake.Cloud().ClearHistory()
	for name, outcome := range outcomes(t, open(t, listOf(t, fake), append(options, fleet.WithSupport(), fleet.WithConcurrency(1))...), fleet.Status()) {
		want, until := registration.Unsupported, time.Time{}
		switch outcome.Version {
		case "6.0.0":
			until = past
		case "9.0.0":
			want, until = registration.Supported, later
		}
		if outcome.Support != want || (outcome.SupportUntil == nil) != until.IsZero() || outcome.SupportUntil != nil && !outcome.SupportUntil.Equal(until) {
			t.Errorf("%s %s: %s until %v", name, outcome.Version, outcome.Support, outcome.SupportUntil)
		}
	}
	if n := len(fake.Cloud().History()); n != 3 && n != 2 {
		t.Errorf("the Cloud was asked %d times for the windows of 3 versions", n)
	}
}

// TestSupportWindowsAreAskedAnew: what a list says counts for six hours, so that a fleet which is asked for years learns of a new one.
func TestSupportWindowsAreAskedAnew(t *testing.T) {
	t.Parallel()
	clock := registrationtest.NewClock(someTime())
	fake := registrationtest.NewFleet(t, 1, registrationtest.InProcess(), registrationtest.WithClock(clock), registrationtest.WithVersions("6.0.0"))
	releases, err := cloud.New(cloud.WithReleasesURL(fake.Cloud().URL()), cloud.WithRoundTripper(fake.RoundTripper()), cloud.WithClock(clock))
	if err != nil {
		t.Fatal(err)
	}
	f := open(t, listOf(t, fake), fleet.WithClock(clock), fleet.WithRoundTripper(fake.RoundTripper()), fleet.WithSupport(), fleet.WithClient(func(fleet.Workspace) []registration.Option {
		return []registration.Option{registration.WithCloud(releases), registration.WithSupportKey(fake.Cloud().SupportKey())}
	}))
	for _, step := range []struct {
		later  time.Duration
		months int // until when the list that is there by now says
		want   int
	}{{0, 3, 3}, {5 * time.Hour, 9, 3}, {2 * time.Hour, 9, 9}} {
		clock.Advance(step.later)
		now := clock.Now()
		fake.Cloud().SetSupport(registrationtest.Support{Timestamp: now, EnforcementStartDate: now, Versions: []registrationtest.SupportedVersion{
			{Version: "6.0.0", Expiration: someTime().AddDate(0, step.months, 0)},
		}})
		got := outcomes(t, f, fleet.Status())[fake.Name(0)]
		if want := someTime().AddDate(0, step.want, 0); got.SupportUntil == nil || !got.SupportUntil.Equal(want) {
			t.Errorf("%s later: until %v, want %s", step.later, got.SupportUntil, want)
		}
	}
}
