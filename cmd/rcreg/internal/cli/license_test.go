package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rcreg/registration/registrationtest"
)

// withSupport makes the fake Cloud the one whose list of versions counts.
func withSupport(prepare func(*bench)) func(*bench) {
	return func(b *bench) {
		fakeSupport(b)
		prepare(b)
	}
}

// licenseOnStdin gives a license of the fake Cloud, broken into lines as mail programs do.
func licenseOnStdin(b *bench) {
	text, err := b.fake.Cloud().License(registrationtest.LicenseSpec{})
	if err != nil {
		b.t.Fatal(err)
	}
	b.system.Stdin = strings.NewReader("\ufeff" + text[:20] + "\r\n" + text[20:] + "\n")
}

func noLicenseOnStdin(b *bench) { b.system.Stdin = strings.NewReader("no-license") }

// TestLicenseOfAFile reads a license text without a workspace.
func TestLicenseOfAFile(t *testing.T) {
	t.Parallel()
	cloud := registrationtest.NewCloud(t)
	b := emptyBench(t, registrationtest.NewClock(testStart))
	text, err := cloud.License(registrationtest.LicenseSpec{Offline: true, Address: "chat.example.com", Ends: true, ValidUntil: testStart.AddDate(0, 0, -1)})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "license.txt")
	for name, content := range map[string]string{"broken": "RCV3_abc", "whole": text[:40] + "\r\n " + text[40:] + "\n"} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if name == "broken" {
			if got := b.must(2, "license", "show", "--file", path); strings.Contains(got.stderr, "abc") {
				t.Errorf("it shows what it cannot read: %s", got.stderr)
			}
			continue
		}
		got := b.must(0, "license", "show", "--file", path).stdout
		for _, part := range []string{"chat.example.com", "Offline", "Not valid", "it ended on"} {
			if !strings.Contains(got, part) {
				t.Errorf("it does not say %q: %s", part, got)
			}
		}
	}
}

// TestRemoveLicense asks before, and shows what the workspace shows afterwards.
func TestRemoveLicense(t *testing.T) {
	t.Parallel()
	b := newBench(t, "9.0.0")
	if got := b.must(2, "license", "remove"); !strings.Contains(got.stderr, "--yes") {
		t.Errorf("without consent: %s", got.stderr)
	}
	if got := b.must(0, "license", "remove", "--yes"); !strings.Contains(got.stdout, "nothing was changed") {
		t.Errorf("without a license: %s", got.stdout)
	}
	b.register()
	if got := b.must(1, "license", "remove", "--yes"); !strings.Contains(got.stderr, "cancel the license in the Cloud console") {
		t.Errorf("with one that the Cloud hands out again: %s", got.stderr)
	}
	old := newBench(t, "6.4.0")
	old.register()
	old.must(4, "license", "remove", "--yes")
}
