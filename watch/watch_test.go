package watch_test

import (
	"errors"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/registrationtest/faults"
	"github.com/rcreg/registration/watch"
)

// TestTells: each change for the worse is told once, and so is its end.
func TestTells(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, []watch.Option{watch.WithNotice(6 * time.Hour)}, "5.4.0", "6.5.0", "9.0.0", "9.0.0")
		w.fake.Cloud().SetSupport(registrationtest.Support{Timestamp: time.Now(), EnforcementStartDate: time.Now(), Versions: []registrationtest.SupportedVersion{
			{Version: "5.4.0", Expiration: time.Now().Add(9 * time.Hour)}, {Version: "6.5.0", Expiration: time.Now().AddDate(1, 0, 0)}, {Version: "9.0.0", Expiration: time.Now().AddDate(1, 0, 0)},
		}})
		watching, end := w.run()
		defer end()
		w.sleep(3 * time.Minute)
		w.expect("at first")
		for _, seen := range watching.Seen() {
			if seen.State != registration.Registered || !seen.IsWell() || seen.Version == "" || seen.Answered.IsZero() || seen.Support != registration.Supported {
				t.Errorf("%+v", seen)
			}
		}

		w.fake.Workspace(2).Set("Cloud_Workspace_AirGapped_Restrictions_Remaining_Days", 3.0)
		w.fake.Workspace(3).Set("Deployment_FingerPrint_Verified", false)
		w.sleep(3 * time.Minute)
		w.expect("settings", "read_only_soon w00003", "deployment_unconfirmed w00004")
		w.fake.Workspace(2).Set("Cloud_Workspace_AirGapped_Restrictions_Remaining_Days", 0.0)
		w.sleep(3 * time.Minute)
		w.expect("the end of a countdown", "read_only w00003") // what was told before has not mended
		w.fake.Workspace(2).Set("Cloud_Workspace_AirGapped_Restrictions_Remaining_Days", -1.0)
		w.fake.Workspace(3).Set("Deployment_FingerPrint_Verified", true)
		w.sleep(3 * time.Minute)
		w.expect("settings again", "read_only w00003 mended", "deployment_unconfirmed w00004 mended")

		w.sleep(3 * time.Hour)
		w.expect("some hours", "support_ends w00001")
		w.sleep(6 * time.Hour)
		w.expect("some more hours", "support_ended w00001")
		if err := w.fake.Workspace(0).Upgrade("6.5.0"); err != nil {
			t.Fatal(err)
		}
		w.sleep(3 * time.Minute)
		w.expect("an upgrade", "support_ended w00001 mended")
		if n := w.fake.TooMany(); n > 0 {
			t.Errorf("%d calls were too many", n)
		}
	})
}

// TestTellsOfFailures: what may pass is told when it was seen twice, and everything else at once. What was seen stays.
func TestTellsOfFailures(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, nil, "9.0.0", "5.4.0")
		watching, end := w.run()
		defer end()
		w.sleep(2 * time.Minute)
		w.fake.Workspace(0).SetFault(faults.Fault{Kind: faults.Reset})
		w.sleep(5 * time.Minute)
		w.expect("a server that is away", "no_answer w00001")
		seen := watching.Seen()[0]
		if seen.Version != "9.0.0" || seen.State != registration.Registered || len(seen.Troubles) != 1 || !seen.Answered.Before(seen.Looked) {
			t.Errorf("%+v", seen)
		}
		w.fake.Workspace(0).ClearFaults()
		w.sleep(5 * time.Minute)
		w.expect("a server that is back", "no_answer w00001 mended")

		w.fake.Workspace(1).SetFault(faults.Fault{Kind: faults.Unauthorized})
		w.sleep(90 * time.Second)
		w.expect("wrong credentials", "refused w00002")
		if trouble := watching.Seen()[1].Troubles[0]; trouble.Kind != "unauthorized" || trouble.Advice == "" || trouble.Severity != watch.Problem {
			t.Errorf("%+v", trouble)
		}
	})
}

// TestTellsWhatTheCloudKnows: a sync shows that the Cloud has removed a workspace, and the next one that it knows it again.
func TestTellsWhatTheCloudKnows(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, []watch.Option{watch.WithSync(time.Hour)}, "5.4.0", "9.0.0")
		watching, end := w.run()
		defer end()
		w.sleep(3 * time.Minute)
		w.expect("at first")
		for _, seen := range watching.Seen() {
			if seen.Cloud != watch.Known || seen.Synced.IsZero() {
				t.Errorf("%+v", seen)
			}
		}
		for _, known := range w.fake.Cloud().Workspaces() {
			if err := w.fake.Cloud().Remove(known.ID); err != nil {
				t.Fatal(err)
			}
		}
		w.sleep(30 * time.Minute)
		w.expect("before the next sync")
		w.sleep(45 * time.Minute)
		w.expect("after it", "removed_from_cloud w00001", "removed_from_cloud w00002")
		w.register(1)
		w.sleep(3 * time.Minute)
		w.expect("registered anew", "removed_from_cloud w00002 mended")
		if seen := watching.Seen()[1]; seen.Cloud != watch.Known {
			t.Errorf("%+v", seen)
		}
	})
}

// TestTellsOfLicenses: a license that was in force and is not any more is told, and so is one that ends soon.
func TestTellsOfLicenses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, []watch.Option{watch.WithNotice(5 * time.Hour)}, "9.0.0")
		apply := func(until time.Time) {
			text, err := w.fake.Cloud().License(registrationtest.LicenseSpec{ValidUntil: until, Ends: true})
			if err != nil {
				t.Fatal(err)
			}
			all, err := fleet.New(w.list, fleet.WithRoundTripper(w.fake.RoundTripper()))
			if err != nil {
				t.Fatal(err)
			}
			applying := fleet.Operation{Name: "apply", Writes: true, Do: applyLicense(text)}
			if o := all.Do(t.Context(), w.list.Workspaces[0], applying); o.Err != nil {
				t.Fatal(o.Err)
			}
		}
		apply(time.Now().Add(8 * time.Hour))
		watching, end := w.run()
		defer end()
		w.sleep(2 * time.Minute)
		if seen := watching.Seen()[0]; seen.License == nil || seen.License.State != registration.LicenseInForce || seen.License.Expires.IsZero() {
			t.Errorf("%+v", seen.License)
		}
		w.expect("at first")
		w.sleep(4 * time.Hour)
		w.expect("4 hours before", "license_ends w00001")
		w.sleep(5 * time.Hour)
		w.expect("after", "license_ended w00001")
		apply(time.Now().AddDate(1, 0, 0))
		w.sleep(2 * time.Minute)
		w.expect("renewed", "license_ended w00001 mended")
	})
}

// TestRestart: with a memory nothing is told twice, and what mended meanwhile is told.
func TestRestart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, nil, "9.0.0", "9.0.0")
		path := filepath.Join(t.TempDir(), "watch.json")
		session := func(during func(*watch.Watch)) {
			memory, err := watch.OpenMemory(path)
			if err != nil {
				t.Fatal(err)
			}
			watching, end := w.run(watch.WithMemory(memory))
			during(watching)
			end()
			if err := memory.Close(); err != nil {
				t.Error(err)
			}
		}
		w.fake.Workspace(0).SetFault(faults.Fault{Kind: faults.Reset})
		w.fake.Workspace(1).Set("Deployment_FingerPrint_Verified", false)
		session(func(*watch.Watch) { w.sleep(5 * time.Minute) })
		w.expect("at first", "no_answer w00001", "deployment_unconfirmed w00002")
		session(func(watching *watch.Watch) {
			if seen := watching.Seen()[1]; !seen.Unconfirmed || len(seen.Troubles) != 1 {
				t.Errorf("before the first look: %+v", seen)
			}
			w.sleep(5 * time.Minute)
		})
		w.expect("after a restart")
		w.fake.Workspace(0).ClearFaults()
		session(func(*watch.Watch) { w.sleep(5 * time.Minute) })
		w.expect("after another", "no_answer w00001 mended")
	})
}

// TestUndelivered: what could not be told comes again with what has changed since, and what has mended meanwhile never does.
func TestUndelivered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, nil, "9.0.0", "9.0.0")
		_, end := w.run()
		defer end()
		w.sleep(2 * time.Minute)
		w.tells.setBroken(&watch.DeliveryError{Reason: "there were too many", RetryAt: time.Now().Add(30 * time.Minute)})
		w.fake.Workspace(0).Set("Deployment_FingerPrint_Verified", false)
		w.sleep(5 * time.Minute)
		w.tells.setBroken(nil)
		w.fake.Workspace(0).Set("Deployment_FingerPrint_Verified", true)
		w.fake.Workspace(1).Set("Deployment_FingerPrint_Verified", false)
		w.sleep(20 * time.Minute)
		w.expect("before its time")
		w.sleep(10 * time.Minute)
		w.expect("after it", "deployment_unconfirmed w00002")
	})
}

// TestOneThatHangs holds up no other.
func TestOneThatHangs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, []watch.Option{watch.WithConcurrency(2, 1)}, "9.0.0", "9.0.0", "9.0.0")
		w.fake.Workspace(0).SetFault(faults.Fault{Kind: faults.Hang})
		watching, end := w.run()
		defer end()
		w.sleep(5 * time.Minute)
		for _, seen := range watching.Seen()[1:] {
			if age := time.Since(seen.Answered); age > 70*time.Second {
				t.Errorf("%s was seen %s ago", seen.Workspace, age)
			}
		}
	})
}

// TestRefusals: what makes no sense is refused, and nothing is sent.
func TestRefusals(t *testing.T) {
	t.Parallel()
	list := fleet.List{Workspaces: []fleet.Workspace{{Name: "alpha", URL: "https://alpha.example.com", Via: fleet.ViaDirect}}}
	for name, options := range map[string][]watch.Option{
		"interval":    {watch.WithInterval(time.Second)},
		"sync":        {watch.WithSync(time.Minute)},
		"notice":      {watch.WithNotice(-1)},
		"concurrency": {watch.WithConcurrency(0, 1)},
		"clock":       {watch.WithClock(nil)},
		"memory":      {watch.WithMemory(nil)},
		"teller":      {watch.WithTeller(nil)},
		"nil":         {nil},
		"fleet":       {watch.WithFleet(fleet.WithTimeout(-1))},
	} {
		if _, err := watch.New(list, options...); !errors.Is(err, registration.ErrInvalidInput) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := watch.New(fleet.List{}); !errors.Is(err, registration.ErrInvalidInput) {
		t.Errorf("an empty list: %v", err)
	}
	w, err := watch.New(list)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Health(); err == nil {
		t.Error("it is healthy and does not run")
	}
	var none *watch.Watch
	if err := none.Run(t.Context()); failure.KindOf(err) != failure.InvalidInput {
		t.Errorf("a nil watch: %v", err)
	}
}

// TestBlipsAreNotTold: what fails once and passes is seen, and not told.
func TestBlipsAreNotTold(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, nil, "9.0.0")
		watching, end := w.run()
		defer end()
		w.sleep(2 * time.Minute)
		w.fake.Workspace(0).SetFault(faults.Fault{Kind: faults.Reset})
		for watching.Seen()[0].IsWell() {
			w.sleep(time.Second)
		}
		w.sleep(10 * time.Second) // more than events are collected for
		w.fake.Workspace(0).ClearFaults()
		w.sleep(3 * time.Minute)
		w.expect("a blip")
	})
}
