package registrationtest_test

import (
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/workspace"
)

// clientOf is a client of the i-th workspace, over a RoundTripper.
func clientOf(t *testing.T, fleet *registrationtest.Fleet, i int, base http.RoundTripper) *registration.Client {
	t.Helper()
	admin := fleet.Admin(i)
	ws, err := workspace.New(fleet.URL(i), workspace.Token(admin.UserID, admin.AuthToken), workspace.WithRoundTripper(base))
	if err != nil {
		t.Fatal(err)
	}
	client, err := registration.New(t.Context(), ws)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// live registers a workspace and syncs it.
func live(t *testing.T, client *registration.Client, token string) {
	t.Helper()
	if result, err := client.Register(t.Context(), registration.Request{Token: token}); err != nil || !result.Changed {
		t.Errorf("%s: registered %t: %v", client.Capabilities().Version, result.Changed, err)
	}
	if _, err := client.Sync(t.Context()); err != nil {
		t.Errorf("%s: sync: %v", client.Capabilities().Version, err)
	}
}

func TestFleetLivesInVirtualTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		fleet := registrationtest.NewFleet(t, 18, registrationtest.InProcess())
		began := time.Now()
		for i := range fleet.Len() {
			live(t, clientOf(t, fleet, i, fleet.RoundTripper()), fleet.Cloud().IssueToken())
		}
		if spent, known := len(fleet.Cloud().SpentTokens()), len(fleet.Cloud().Workspaces()); spent != 18 || known != 18 {
			t.Errorf("%d tokens spent and %d workspaces registered, want 18 of both", spent, known)
		}
		if fleet.TooMany() != 0 {
			t.Errorf("%d calls refused", fleet.TooMany())
		}
		// A registration and a sync each wait for a settings cache, up to ten seconds.
		if took, most := time.Since(began), time.Duration(2*fleet.Len())*10*time.Second; took > most {
			t.Errorf("took %s of virtual time", took)
		}
	})
}

func TestFleetSharesTwoAddresses(t *testing.T) {
	t.Parallel()
	fleet := registrationtest.NewFleet(t, 200)
	if made := fleet.Made(); made != 0 {
		t.Errorf("%d workspaces made before anybody asked", made)
	}
	base := &http.Transport{}
	t.Cleanup(base.CloseIdleConnections)
	for i := 191; i < 200; i++ { // one of each version
		if _, err := clientOf(t, fleet, i, base).Status(t.Context()); err != nil {
			t.Errorf("%s: %v", fleet.URL(i), err)
		}
		if made := fleet.Workspace(i); made.Version() != fleet.Version(i) || made.URL() != fleet.URL(i) {
			t.Errorf("%s is %s at %s, want %s at %s", fleet.Name(i), made.Version(), made.URL(), fleet.Version(i), fleet.URL(i))
		}
	}
	if made := fleet.Made(); made != 9 {
		t.Errorf("%d workspaces made for 9", made)
	}
	live(t, clientOf(t, fleet, 8, base), fleet.Cloud().IssueToken())
	if known := fleet.Cloud().Workspaces(); len(known) != 1 || known[0].Address != fleet.URL(8) {
		t.Errorf("the Cloud knows %+v, want the one at %s", known, fleet.URL(8))
	}
}

// Those that wait for their first request cost next to nothing.
func TestFleetOf100000(t *testing.T) {
	t.Parallel()
	fleet := registrationtest.NewFleet(t, 100_000, registrationtest.InProcess())
	if i, known := fleet.Find("w100000"); !known || i != 99_999 || fleet.URL(i) != "https://w100000.example.test" {
		t.Errorf("w100000 is %d, %t", i, known)
	}
	for _, name := range []string{"w00000", "w100001", "w1", "w+0001", "w00001x", "00001", ""} {
		if i, known := fleet.Find(name); known {
			t.Errorf("%q is %d", name, i)
		}
	}
	if status := ask(t, fleet, 99_999, "GET", "settings/uniqueID", ""); status != http.StatusOK || fleet.Made() != 1 {
		t.Errorf("the last one answers with status %d, and %d are made", status, fleet.Made())
	}
}

// Many ask the same workspaces at once, and then the fleet is closed under their hands.
func TestFleetIsAskedByManyAtOnce(t *testing.T) {
	t.Parallel()
	fleet := registrationtest.NewFleet(t, 100, registrationtest.InProcess(), registrationtest.WithVersions("3.0", "8.7"))
	var all sync.WaitGroup
	for caller := range 32 {
		all.Go(func() {
			for i := range 50 {
				request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, fleet.URL((caller/2+i)%100)+"/api/info", http.NoBody)
				if err != nil {
					t.Error(err)
					return
				}
				response, err := fleet.RoundTripper().RoundTrip(request)
				if err != nil {
					return // it is closed
				}
				_ = response.Body.Close()
				if response.StatusCode != http.StatusOK {
					t.Errorf("status %d", response.StatusCode)
				}
				if caller == 0 && i == 40 {
					fleet.Close()
				}
			}
		})
	}
	all.Wait()
	if made := fleet.Made(); made < 41 || made > 66 {
		t.Errorf("%d workspaces made", made)
	}
}

func TestFleetTellsWorkspacesApart(t *testing.T) {
	t.Parallel()
	fleet := registrationtest.NewFleet(t, 18, registrationtest.InProcess())
	seen := map[any]bool{}
	for i, ws := range fleet.Workspaces() {
		admin := fleet.Admin(i)
		if ws.Admin() != admin || admin.UserID != fleet.Admin(0).UserID {
			t.Errorf("%s has the administrator %s, want %s", fleet.Name(i), ws.Admin().UserID, admin.UserID)
		}
		seen[admin.AuthToken], seen[admin.Password], seen[ws.Setting("uniqueID")] = true, true, true
	}
	if len(seen) != 3*18 {
		t.Errorf("%d different tokens, passwords and unique ids, want %d", len(seen), 3*18)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, fleet.URL(0)+"/api/v1/settings/uniqueID", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.Header = http.Header{"X-User-Id": {fleet.Admin(9).UserID}, "X-Auth-Token": {fleet.Admin(9).AuthToken}}
	response, err := fleet.RoundTripper().RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusUnauthorized {
		t.Errorf("the token of another workspace has status %d", response.StatusCode)
	}
}

func TestFleetRefusesWhatItCannotBe(t *testing.T) {
	t.Parallel()
	if _, err := registrationtest.StartFleet(2, registrationtest.WithVersions("6.5", "2.4")); !errors.Is(err, registrationtest.ErrVersion) {
		t.Errorf("a fleet with 2.4: %v", err)
	}
	taken := registrationtest.NewCloud(t)
	address := registrationtest.WithListenAddress(strings.TrimPrefix(taken.URL(), "http://"))
	if fleet, err := registrationtest.StartFleet(2, address); err == nil {
		fleet.Close()
		t.Error("a fleet started on an address that is taken")
	}
	for _, n := range []int{-1, 0, 1_000_000} {
		if _, err := registrationtest.StartFleet(n); !errors.Is(err, registrationtest.ErrCount) {
			t.Errorf("a fleet of %d: %v", n, err)
		}
	}
}
