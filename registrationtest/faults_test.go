package registrationtest

import (
	"os"
	"strings"
	"testing"
)

func TestServersHaveFaultsOfTheirOwn(t *testing.T) {
	t.Parallel()
	ws := NewWorkspace(t, "5.4.0")
	info, support := ws.URL()+"/api/info", ws.Cloud().URL()+"/v2/server/supportedVersions"
	expect := func(of string, want int) {
		t.Helper()
		if got := call(t, "GET", of, "", nil); got.status != want {
			t.Errorf("%s answers %d, want %d", of, got.status, want)
		}
	}
	ws.SetFault(Fault{Kind: FaultUnavailable})
	expect(info, 503)
	expect(support, 200)
	ws.Cloud().SetFault(Fault{Kind: FaultBadGateway})
	expect(support, 502)
	ws.Cloud().ClearFaults()
	expect(support, 200)
	expect(info, 503)
	ws.ClearFaults()
	expect(info, 200)
	ws.SetFault(Fault{Kind: FaultUnavailable})
	ws.Cloud().SetFault(Fault{Kind: FaultUnavailable})
	ws.Cloud().Reset()
	expect(support, 200)
	if err := ws.Reset(); err != nil {
		t.Fatal(err)
	}
	expect(info, 200)
}

func TestFaultsEnd(t *testing.T) {
	t.Parallel()
	faults := NewFaults()
	ws := NewWorkspace(t, "5.4.0", WithFaults(faults))
	faults.Random(1, 7)
	faults.At(1, Fault{Kind: FaultUnavailable})
	faults.Drop()
	faults.Random(0, 7)
	if got := call(t, "GET", ws.URL()+"/api/info", "", nil); got.status != 200 || faults.Count() != 1 || len(faults.Fired()) != 0 {
		t.Errorf("got %d, fired: %+v", got.status, faults.Fired())
	}
}

func TestFaultsAreDocumented(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../docs/sim.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range AllFaults() {
		if !isOnTheWay(fault.Kind) && !strings.Contains(string(text), "`"+string(fault.Kind)+"`") {
			t.Errorf("docs/sim.md does not tell of %s", fault.Kind)
		}
	}
}
