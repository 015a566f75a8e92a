package cli_test

import (
	"regexp"
	"strings"
	"testing"
)

// codeName finds what only a program can use.
var codeName = regexp.MustCompile(`\bWith[A-Z]\w*|\bLicensesWith\b|\bForgetIdentity\b|\b(cloud|fleet|offline|registration|relay|workspace)\.[A-Z]\w*`)

// A relay without the grant of a registration refreshes no license: the advice is the same for one workspace and for a fleet, in each form.
func TestFleetAdviceOfRelays(t *testing.T) {
	t.Parallel()
	b := newFleetBench(t, 10)
	b.edit("fleet.yaml", "{name: w00007,", "{name: w00007, via: relay,")
	b.line("register --file LIST --tokens POOL --state DIR/relay")
	for _, output := range []string{"text", "json", "csv"} {
		got := b.line("sync --file LIST --state DIR/relay --report DIR/fleet.html --output " + output)
		if got.exit != 1 || !strings.Contains(got.stdout, "--keep-grants") || codeName.MatchString(got.stdout+got.stderr) {
			t.Errorf("exit %d: %s%s", got.exit, got.stdout, got.stderr)
		}
	}
	if page := b.read("fleet.html"); !strings.Contains(page, "--keep-grants") || codeName.MatchString(page) {
		t.Error("the report speaks of code, or gives no advice")
	}
}
