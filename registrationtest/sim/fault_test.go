package sim

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/registrationtest/internal/calltest"
)

// ask makes calls to a workspace and to the Cloud of a simulation, one after the other, and returns what hit them.
func ask(t *testing.T, server *Server, rounds int) []string {
	t.Helper()
	transport := &http.Transport{DisableKeepAlives: true} // with one that is kept, a reset is repeated behind our back
	defer transport.CloseIdleConnections()
	for range rounds {
		for _, address := range []string{server.Workspace().URL() + "/api/info", server.Cloud().URL() + "/v2/server/supportedVersions"} {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			if response, err := transport.RoundTrip(request); err == nil {
				_ = response.Body.Close()
			}
		}
	}
	fired := server.Faults().Fired()
	hit := make([]string, len(fired))
	for i, step := range fired {
		hit[i] = fmt.Sprintf("%+v", step)
	}
	return hit
}

// startFaulty starts a simulation whose time is free: nobody waits for what is late.
func startFaulty(t *testing.T, config Config) *Server {
	t.Helper()
	config.Clock = registrationtest.NewClock(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	server, err := Start(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	return server
}

func TestServerIsRepeatable(t *testing.T) {
	t.Parallel()
	one := startFaulty(t, Config{Version: "5.4", Faults: 0.5, Seed: 7})
	hit := ask(t, one, 10)
	if len(hit) < 4 || one.Faults().Count() != 20 {
		t.Fatalf("%d of %d calls failed", len(hit), one.Faults().Count())
	}
	if again := ask(t, startFaulty(t, Config{Version: "5.4", Faults: 0.5, Seed: 7}), 10); !slices.Equal(hit, again) {
		t.Errorf("the same seed: %s, and then %s", hit, again)
	}
	if err := one.Reset(); err != nil {
		t.Fatal(err)
	}
	if again := ask(t, one, 10); !slices.Equal(hit, again) {
		t.Errorf("before a reset: %s, and then %s", hit, again)
	}
	if other := ask(t, startFaulty(t, Config{Version: "5.4", Faults: 0.5, Seed: 8}), 10); slices.Equal(hit, other) {
		t.Errorf("another seed: %s", other)
	}
}

func TestServerDrawsASeed(t *testing.T) {
	t.Parallel()
	one, other := startSim(t, "6.5").Info(), startSim(t, "6.5").Info()
	if one.Seed == 0 || one.Seed == other.Seed || one.Faults != 0 {
		t.Errorf("seeds %d and %d, faults %v", one.Seed, other.Seed, one.Faults)
	}
	for _, probability := range []float64{-0.1, 1.1, math.NaN()} {
		if _, err := Start(Config{Version: "6.5", Faults: probability}); !errors.Is(err, ErrProbability) {
			t.Errorf("%v: %v", probability, err)
		}
	}
}

func TestServerControlNeverFails(t *testing.T) {
	t.Parallel()
	server := startFaulty(t, Config{Version: "6.5", Faults: 1})
	for _, path := range []string{"state", "history", "faults", "state", "history", "faults"} {
		if reply := control(t, server, "GET", path, ""); reply.Status != 200 || reply.Body == nil {
			t.Errorf("%s answers %d %s", path, reply.Status, reply.Text)
		}
	}
	if server.Faults().Count() != 0 {
		t.Error("calls of the control API count")
	}
}

func TestServerSetsFaults(t *testing.T) {
	t.Parallel()
	server := startSim(t, "5.4.0") // later ones ask the Cloud before they answer
	set := control(t, server, "POST", "faults", `{"side":"workspace","call":"info","kind":"html502","after":true,"nth":2,"times":1}`)
	if set.Status != 200 || set.Body["exchanges"] != 0.0 {
		t.Fatalf("set answers %d %s", set.Status, set.Text)
	}
	for _, want := range []int{200, 502, 200} {
		if got := calltest.Call(t, "GET", server.Workspace().URL()+"/api/info", "", nil); got.Status != want {
			t.Errorf("got %d %s, want %d", got.Status, got.Text, want)
		}
	}
	got := control(t, server, "GET", "faults", "")
	const fired = `[{"n":2,"side":"workspace","call":"info","method":"GET","path":"/api/info","kind":"html502","after":true,"carried_out":true}]`
	if !strings.Contains(got.Text, fired) || got.Body["exchanges"] != 3.0 {
		t.Errorf("fired: %s", got.Text)
	}
	control(t, server, "POST", "faults", `{"kind":"500"}`)
	control(t, server, "DELETE", "faults", "")
	if got := calltest.Call(t, "GET", server.Workspace().URL()+"/api/info", "", nil); got.Status != 200 {
		t.Errorf("a fault that was deleted: %d %s", got.Status, got.Text)
	}
}

func TestServerRestarts(t *testing.T) {
	t.Parallel()
	server := startSim(t, "8.6.0")
	control(t, server, "POST", "faults", `{"kind":"restart","version":"9.0","call":"info","nth":2,"times":1}`)
	for _, want := range []string{"8.6", "9.0"} {
		if got := calltest.Call(t, "GET", server.Workspace().URL()+"/api/info", "", nil); got.Body["version"] != want {
			t.Errorf("got %s, want %s", got.Text, want)
		}
	}
}

func TestServerRefusesFaults(t *testing.T) {
	t.Parallel()
	server := startSim(t, "9.0.0")
	for body, says := range map[string]string{
		`{"kind":"made-up"}`:                  "no kind",
		`{}`:                                  "no kind",
		`{"kind":"refused"}`:                  "cannot show",
		`{"kind":"certificate"}`:              "cannot show",
		`{"kind":"reset","side":"somewhere"}`: "side",
		`{"kind":"reset","nth":-1}`:           "from 1",
		`{"kind":"reset","times":-1}`:         "from 1",
		`{"kind":"restart","version":"2.4"}`:  "no such version",
		`{"kind":7}`:                          "JSON",
		`kind=reset`:                          "JSON",
	} {
		if got := control(t, server, "POST", "faults", body); got.Status != 400 || !strings.Contains(got.Text, says) {
			t.Errorf("%s: %d %s", body, got.Status, got.Text)
		}
	}
	if got := calltest.Call(t, "GET", server.Workspace().URL()+"/api/info", "", nil); got.Status != 200 {
		t.Errorf("a fault that was refused is set: %d", got.Status)
	}
}
