package fleet_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/registrationtest"
)

// stubborn holds back the answers of one workspace to some calls until it is told to let go, whatever becomes of the context unless it obeys.
type stubborn struct {
	http.RoundTripper
	host, call   string
	obeys        bool
	letGo        chan struct{}
	sent, within atomic.Int64
}

func (s *stubborn) RoundTrip(request *http.Request) (*http.Response, error) {
	if !strings.HasPrefix(request.URL.String(), s.host) {
		return s.RoundTripper.RoundTrip(request)
	}
	s.sent.Add(1)
	if !strings.Contains(request.URL.Path, s.call) {
		return s.RoundTripper.RoundTrip(request)
	}
	s.within.Add(1)
	defer s.within.Add(-1)
	reply, err := s.RoundTripper.RoundTrip(request.WithContext(context.WithoutCancel(request.Context())))
	ended := request.Context().Done()
	if !s.obeys {
		ended = nil
	}
	select {
	case <-s.letGo:
		return reply, err
	case <-ended:
		return nil, errors.Join(request.Context().Err(), err)
	}
}

// TestTransportDoesNotObey has one workspace in a fleet of six whose transport does not obey its context. All six are told of, whatever ends the run; the one is in
// doubt, and its token with it. When the transport returns at last, nothing more is sent, and nothing is settled behind the back of the next run.
func TestTransportDoesNotObey(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		op       fleet.Operation
		call     string
		obeys    bool
		cancel   time.Duration // 0: nobody stops the run
		abandon  time.Duration // 0: only once
		leave    bool
		within   time.Duration
		class    fleet.Class
		kind     string
		says     string
		inFlight bool
	}{
		"its time is over":           {fleet.Register(), "connectWorkspace", false, 0, 0, false, 80 * time.Second, fleet.Unknown, "outcome_unknown", "its time was over", true},
		"stopped":                    {fleet.Register(), "connectWorkspace", false, 5 * time.Second, 0, false, 42 * time.Second, fleet.Unknown, "outcome_unknown", "was stopped", true},
		"stopped twice":              {fleet.Register(), "connectWorkspace", false, 5 * time.Second, 6 * time.Second, false, 7 * time.Second, fleet.Unknown, "outcome_unknown", "was stopped", true},
		"stopped at once":            {fleet.Register(), "connectWorkspace", false, 0, 6 * time.Second, false, 7 * time.Second, fleet.Unknown, "outcome_unknown", "was stopped", true},
		"before anything was done":   {fleet.Register(), "registrationStatus", false, 5 * time.Second, 6 * time.Second, false, 7 * time.Second, fleet.Unknown, "outcome_unknown", "was stopped", true},
		"the loop is left":           {fleet.Register(), "connectWorkspace", false, 0, 0, true, 80 * time.Second, "", "", "", true},
		"reading, its time is over":  {fleet.Status(), "registrationStatus", false, 0, 0, false, 80 * time.Second, fleet.Failed, "timeout", "its time was over", false},
		"reading, stopped":           {fleet.Status(), "registrationStatus", false, 5 * time.Second, 0, false, 22 * time.Second, fleet.Cancelled, "interrupted", "was stopped", false},
		"reading, stopped twice":     {fleet.Status(), "registrationStatus", false, 5 * time.Second, 6 * time.Second, false, 7 * time.Second, fleet.Cancelled, "interrupted", "was stopped", false},
		"the logout, stopped twice":  {fleet.Register(), "logout", false, 5 * time.Second, 6 * time.Second, false, 7 * time.Second, fleet.Done, "", "", false},
		"the logout, nobody stopped": {fleet.Register(), "logout", false, 0, 0, false, 80 * time.Second, fleet.Done, "", "", false},
		"it obeys, stopped twice":    {fleet.Register(), "connectWorkspace", true, 5 * time.Second, 6 * time.Second, false, 6 * time.Second, fleet.Unknown, "outcome_unknown", "", false},
		"a logout that obeys":        {fleet.Register(), "logout", true, 5 * time.Second, 6 * time.Second, false, 6 * time.Second, fleet.Done, "", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				fake := registrationtest.NewFleet(t, 6, registrationtest.InProcess(), registrationtest.WithVersions("9.0.0"))
				list := listOf(t, fake)
				hostile := &list.Workspaces[0]
				hostile.UserID, hostile.AuthToken, hostile.User, hostile.Password = "", fleet.Reference{}, "admin", secretFile(t, fake.Admin(0).Password)
				base := &stubborn{RoundTripper: fake.RoundTripper(), host: hostile.URL, call: test.call, obeys: test.obeys, letGo: make(chan struct{})}
				pool, _ := poolOf(t, fake.Cloud(), 6)
				journal := openJournal(t, t.TempDir()+"/journal", test.op.Name)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				abandon := make(chan struct{})
				if test.cancel > 0 {
					time.AfterFunc(test.cancel, cancel)
				}
				if test.abandon > 0 {
					time.AfterFunc(test.abandon, func() { close(abandon) })
				}
				f := open(t, list, withoutLag(), fleet.WithTokens(pool), fleet.WithJournal(journal), fleet.WithRoundTripper(base), fleet.WithTimeout(time.Minute), fleet.WithAbandon(abandon))
				began, got := time.Now(), map[string]fleet.Outcome{}
				for outcome := range f.Run(ctx, test.op) {
					got[outcome.Workspace] = outcome
					if test.leave && len(got) == 5 {
						break
					}
				}
				if took := time.Since(began); took > test.within || f.Err() != nil || (base.within.Load() == 0) != test.obeys {
					t.Errorf("it took %s, %v, %d calls are left behind", took, f.Err(), base.within.Load())
				}
				one := got[hostile.Name]
				if len(got) != 6 && !test.leave || one.Class != test.class || one.Kind != test.kind || !strings.Contains(one.Message, test.says) || (one.Message == "") != (one.Advice == "") ||
					strings.Contains(one.Message, "\n") {
					t.Errorf("of %d: %+v", len(got), one)
				}
				for _, other := range got {
					if other.Workspace != hostile.Name && other.Class != fleet.Done && other.Class != fleet.Unchanged {
						t.Errorf("%+v", other)
					}
				}
				inDoubt := test.call == "connectWorkspace"
				if journal.InFlight(hostile.Name) != test.inFlight || pool.InDoubt(hostile.Name) != inDoubt {
					t.Errorf("in flight %v, in doubt %v", journal.InFlight(hostile.Name), pool.InDoubt(hostile.Name))
				}
				sent := base.sent.Load()
				close(base.letGo)
				synctest.Wait()
				if base.sent.Load() != sent || pool.InDoubt(hostile.Name) != inDoubt {
					t.Errorf("%d calls behind the end, in doubt %v", base.sent.Load()-sent, pool.InDoubt(hostile.Name))
				}
				if !test.op.Writes {
					return
				}
				for _, outcome := range outcomes(t, open(t, list, fleet.WithTokens(pool), fleet.WithJournal(journal), fleet.WithRoundTripper(fake.RoundTripper())), test.op) {
					if outcome.State != "registered" || outcome.Class != fleet.Done && outcome.Class != fleet.Unchanged {
						t.Errorf("the next run: %+v", outcome)
					}
				}
				if n := len(fake.Cloud().SpentTokens()); n != 6 || pool.InDoubt(hostile.Name) || pool.Left() != 0 {
					t.Errorf("%d tokens are spent, %d left", n, pool.Left())
				}
			})
		})
	}
}

// TestDoComesBack ends with its context, also over a transport that does not.
func TestDoComesBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		fake := registrationtest.NewFleet(t, 1, registrationtest.InProcess(), registrationtest.WithVersions("9.0.0"))
		w := listOf(t, fake).Workspaces[0]
		base := &stubborn{RoundTripper: fake.RoundTripper(), host: w.URL, call: "syncWorkspace", letGo: make(chan struct{})}
		pool, _ := poolOf(t, fake.Cloud(), 1)
		f := open(t, fleet.List{}, fleet.WithTokens(pool), fleet.WithRoundTripper(base))
		if o := f.Do(t.Context(), w, fleet.Register()); o.Class != fleet.Done {
			t.Fatalf("%+v", o)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		o := f.Do(ctx, w, fleet.Sync())
		if o.Class != fleet.Unknown || !errors.Is(o.Err, registration.ErrOutcomeUnknown) || !o.MayPass() || o.Took > 20*time.Second {
			t.Errorf("%+v", o)
		}
		close(base.letGo)
	})
}
