package registration_test

import (
	"os/exec"
	"strings"
	"testing"
)

// TestWhoImportsTheRoot brings no exchange folders, no encryption, and nothing of a command line along.
func TestWhoImportsTheRoot(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	const ours = "github.com/rcreg/registration/"
	deps := strings.Fields(string(out))
	for _, dep := range deps {
		for _, unwanted := range []string{ours + "offline", ours + "relay", ours + "fleet", ours + "registrationtest", "filippo.io/", "github.com/spf13/", "gopkg.in/yaml", "go.yaml.in/", "github.com/goccy/go-yaml"} {
			if strings.HasPrefix(dep, unwanted) {
				t.Errorf("the root imports %s", dep)
			}
		}
	}
	if len(deps) < 50 {
		t.Errorf("only %d packages were looked at", len(deps))
	}
}
