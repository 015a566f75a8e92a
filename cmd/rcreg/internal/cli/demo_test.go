package cli_test

import (
	"encoding/json"
	"maps"
	"testing"

	"github.com/rcreg/registration/registrationtest"
)

func TestDemo(t *testing.T) {
	t.Parallel()
	b := emptyBench(t, registrationtest.NewClock(testStart))
	golden(t, "demo.text", b.must(0, "demo").stdout)
	var report struct {
		Workspaces []struct {
			Transport, Version string
			Steps              []struct{ Operation string }
		}
	}
	if err := json.Unmarshal([]byte(b.must(0, "demo", "--output", "json").stdout), &report); err != nil {
		t.Fatal(err)
	}
	plays := map[string]int{}
	for _, play := range report.Workspaces {
		plays[play.Transport]++
	}
	if want := map[string]int{"direct": 7, "relay": 4, "offline": 4}; !maps.Equal(plays, want) || len(report.Workspaces[0].Steps) != 5 {
		t.Errorf("%+v", report)
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	b := emptyBench(t, registrationtest.NewClock(testStart))
	var version struct{ Version, Go string }
	if err := json.Unmarshal([]byte(b.must(0, "version", "--output", "json").stdout), &version); err != nil {
		t.Fatal(err)
	}
	if want := "rcreg " + version.Version + " (" + version.Go + ")\n"; version.Go == "" || b.must(0, "version").stdout != want {
		t.Errorf("version %+v, want %q", version, want)
	}
}
