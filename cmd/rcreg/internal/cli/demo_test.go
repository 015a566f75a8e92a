package cli_test

import (
	"encoding/json"
	"maps"
	"os"
	"strings"
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
	if want := map[string]int{"direct": 9, "relay": 5, "offline": 4}; !maps.Equal(plays, want) || len(report.Workspaces[0].Steps) != 5 {
		t.Errorf("%+v", report)
	}
}

// The first page shows lines of the demo, in their order.
func TestDemoInReadme(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, shown, found := strings.Cut(string(readme), "```text\n")
	shown, _, closed := strings.Cut(shown, "```")
	if !found || !closed {
		t.Fatal("it shows nothing")
	}
	rest := "\n" + emptyBench(t, registrationtest.NewClock(testStart)).must(0, "demo").stdout
	for line := range strings.Lines(shown) {
		if line == "…\n" {
			continue
		}
		_, after, printed := strings.Cut(rest, "\n"+line)
		if !printed {
			t.Fatalf("the demo does not print %q there", line)
		}
		rest = "\n" + after
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
