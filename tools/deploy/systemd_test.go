package deploy_test

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/coreos/go-systemd/v22/unit"
)

// The directives of systemd that the units use, by section: systemd passes over one that it does not know.
var directives = map[string][]string{
	"Unit":    {"After", "Description", "Documentation", "Wants"},
	"Timer":   {"OnCalendar", "Persistent", "RandomizedDelaySec"},
	"Install": {"WantedBy"},
	"Service": {
		"CapabilityBoundingSet", "DynamicUser", "ExecStart", "LoadCredential", "NoNewPrivileges", "PrivateDevices", "PrivateTmp", "ProtectHome", "ProtectSystem", "Restart", "RestartSec",
		"RestrictAddressFamilies", "RuntimeDirectory", "RuntimeDirectoryMode", "StateDirectory", "StateDirectoryMode", "SystemCallFilter", "TimeoutStartSec", "TimeoutStopSec", "Type", "UMask",
	},
}

// TestSystemd: each unit is read, has directives that there are, and what the list refers to is handed over.
func TestSystemd(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob(filepath.Join(folder, "systemd", "rcreg-*"))
	if err != nil || len(paths) < 2 {
		t.Fatalf("%q: %v", paths, err)
	}
	for _, path := range paths {
		name := filepath.Base(path)
		options, err := unit.DeserializeOptions(bytes.NewReader(read(t, "systemd/"+name)))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, option := range options {
			if !slices.Contains(directives[option.Section], option.Name) {
				t.Errorf("%s: [%s] %s is not known", name, option.Section, option.Name)
			}
			if source, file, has := strings.Cut(option.Value, ":/etc/rcreg/"); option.Name == "LoadCredential" && (!has || source != file) {
				t.Errorf("%s: %s has another name for the list than in /etc/rcreg", name, option.Value)
			}
		}
		if service := strings.TrimSuffix(name, ".timer") + ".service"; strings.HasSuffix(name, ".timer") && !slices.Contains(paths, filepath.Join(folder, "systemd", service)) {
			t.Errorf("%s starts %s, which is not there", name, service)
		}
	}
}
