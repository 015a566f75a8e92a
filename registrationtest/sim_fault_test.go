package registrationtest

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// ask makes calls to a workspace and to the Cloud of a simulation, one after the other, and returns what hit them.
func ask(t *testing.T, sim *Sim, rounds int) []string {
	t.Helper()
	transport := &http.Transport{DisableKeepAlives: true} // with one that is kept, a reset is repeated behind our back
	defer transport.CloseIdleConnections()
	for range rounds {
		for _, address := range []string{sim.Workspace().URL() + "/api/info", sim.Cloud().URL() + "/v2/server/supportedVersions"} {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			if response, err := transport.RoundTrip(request); err == nil {
				_ = response.Body.Close()
			}
		}
	}
	fired := sim.Faults().Fired()
	hit := make([]string, len(fired))
	for i, step := range fired {
		hit[i] = fmt.Sprintf("%+v", step)
	}
	return hit
}

// startFaulty starts a simulation whose time is free: nobody waits for what is late.
func startFaulty(t *testing.T, config SimConfig) *Sim {
	t.Helper()
	config.Clock = NewClock(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	sim, err := StartSim(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sim.Close)
	return sim
}

func TestSimIsRepeatable(t *testing.T) {
	t.Parallel()
	one := startFaulty(t, SimConfig{Version: "5.4", Faults: 0.5, Seed: 7})
	hit := ask(t, one, 10)
	if len(hit) < 4 || one.Faults().Count() != 20 {
		t.Fatalf("%d of %d calls failed", len(hit), one.Faults().Count())
	}
	if again := ask(t, startFaulty(t, SimConfig{Version: "5.4", Faults: 0.5, Seed: 7}), 10); !slices.Equal(hit, again) {
		t.Errorf("the same seed: %s, and then %s", hit, again)
	}
	if err := one.Reset(); err != nil {
		t.Fatal(err)
	}
	if again := ask(t, one, 10); !slices.Equal(hit, again) {
		t.Errorf("before a reset: %s, and then %s", hit, again)
	}
	if other := ask(t, startFaulty(t, SimConfig{Version: "5.4", Faults: 0.5, Seed: 8}), 10); slices.Equal(hit, other) {
		t.Errorf("another seed: %s", other)
	}
}

func TestSimDrawsASeed(t *testing.T) {
	t.Parallel()
	one, other := startSim(t, "6.5").Info(), startSim(t, "6.5").Info()
	if one.Seed == 0 || one.Seed == other.Seed || one.Faults != 0 {
		t.Errorf("seeds %d and %d, faults %v", one.Seed, other.Seed, one.Faults)
	}
	for _, probability := range []float64{-0.1, 1.1, math.NaN()} {
		if _, err := StartSim(SimConfig{Version: "6.5", Faults: probability}); !errors.Is(err, ErrProbability) {
			t.Errorf("%v: %v", probability, err)
		}
	}
}

func TestSimControlNeverFails(t *testing.T) {
	t.Parallel()
	sim := startFaulty(t, SimConfig{Version: "6.5", Faults: 1})
	for _, path := range []string{"state", "history", "faults", "state", "history", "faults"} {
		if reply := control(t, sim, "GET", path, ""); reply.status != 200 || reply.body == nil {
			t.Errorf("%s answers %d %s", path, reply.status, reply.text)
		}
	}
	if sim.Faults().Count() != 0 {
		t.Error("calls of the control API count")
	}
}

func TestSimSetsFaults(t *testing.T) {
	t.Parallel()
	sim := startSim(t, "5.4.0") // later ones ask the Cloud before they answer
	set := control(t, sim, "POST", "faults", `{"side":"workspace","call":"info","kind":"html502","after":true,"nth":2,"times":1}`)
	if set.status != 200 || set.body["exchanges"] != 0.0 {
		t.Fatalf("set answers %d %s", set.status, set.text)
	}
	for _, want := range []int{200, 502, 200} {
		if got := call(t, "GET", sim.Workspace().URL()+"/api/info", "", nil); got.status != want {
			t.Errorf("got %d %s, want %d", got.status, got.text, want)
		}
	}
	got := control(t, sim, "GET", "faults", "")
	const fired = `[{"n":2,"side":"workspace","call":"info","method":"GET","path":"/api/info","kind":"html502","after":true,"carried_out":true}]`
	if !strings.Contains(got.text, fired) || got.body["exchanges"] != 3.0 {
		t.Errorf("fired: %s", got.text)
	}
	control(t, sim, "POST", "faults", `{"kind":"500"}`)
	control(t, sim, "DELETE", "faults", "")
	if got := call(t, "GET", sim.Workspace().URL()+"/api/info", "", nil); got.status != 200 {
		t.Errorf("a fault that was deleted: %d %s", got.status, got.text)
	}
}

func TestSimRestarts(t *testing.T) {
	t.Parallel()
	sim := startSim(t, "8.6.0")
	control(t, sim, "POST", "faults", `{"kind":"restart","version":"9.0","call":"info","nth":2,"times":1}`)
	for _, want := range []string{"8.6", "9.0"} {
		if got := call(t, "GET", sim.Workspace().URL()+"/api/info", "", nil); got.body["version"] != want {
			t.Errorf("got %s, want %s", got.text, want)
		}
	}
}

func TestSimRefusesFaults(t *testing.T) {
	t.Parallel()
	sim := startSim(t, "9.0.0")
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
		if got := control(t, sim, "POST", "faults", body); got.status != 400 || !strings.Contains(got.text, says) {
			t.Errorf("%s: %d %s", body, got.status, got.text)
		}
	}
	if got := call(t, "GET", sim.Workspace().URL()+"/api/info", "", nil); got.status != 200 {
		t.Errorf("a fault that was refused is set: %d", got.status)
	}
}
