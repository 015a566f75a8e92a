package registrationtest

import (
	"os"
	"strings"
	"testing"

	"github.com/rcreg/registration/registrationtest/faults"

	"github.com/rcreg/registration/registrationtest/internal/calltest"
)

func TestServersHaveFaultsOfTheirOwn(t *testing.T) {
	t.Parallel()
	ws := NewWorkspace(t, "5.4.0")
	info, support := ws.URL()+"/api/info", ws.Cloud().URL()+"/v2/server/supportedVersions"
	expect := func(of string, want int) {
		t.Helper()
		if got := calltest.Call(t, "GET", of, "", nil); got.Status != want {
			t.Errorf("%s answers %d, want %d", of, got.Status, want)
		}
	}
	ws.SetFault(faults.Fault{Kind: faults.Unavailable})
	expect(info, 503)
	expect(support, 200)
	ws.Cloud().SetFault(faults.Fault{Kind: faults.BadGateway})
	expect(support, 502)
	ws.Cloud().ClearFaults()
	expect(support, 200)
	expect(info, 503)
	ws.ClearFaults()
	expect(info, 200)
	ws.SetFault(faults.Fault{Kind: faults.Unavailable})
	ws.Cloud().SetFault(faults.Fault{Kind: faults.Unavailable})
	ws.Cloud().Reset()
	expect(support, 200)
	if err := ws.Reset(); err != nil {
		t.Fatal(err)
	}
	expect(info, 200)
}

func TestFaultsEnd(t *testing.T) {
	t.Parallel()
	plan := faults.NewPlan(nil)
	ws := NewWorkspace(t, "5.4.0", WithFaults(plan))
	plan.Random(1, 7)
	plan.At(1, faults.Fault{Kind: faults.Unavailable})
	plan.Drop(faults.AnySide)
	plan.Random(0, 7)
	if got := calltest.Call(t, "GET", ws.URL()+"/api/info", "", nil); got.Status != 200 || plan.Count() != 1 || len(plan.Fired()) != 0 {
		t.Errorf("got %d, fired: %+v", got.Status, plan.Fired())
	}
}

func TestFaultsAreDocumented(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../docs/sim.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range faults.All() {
		if !isOnTheWay(fault.Kind) && !strings.Contains(string(text), "`"+string(fault.Kind)+"`") {
			t.Errorf("docs/sim.md does not tell of %s", fault.Kind)
		}
	}
}
