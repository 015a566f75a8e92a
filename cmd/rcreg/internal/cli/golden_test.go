package cli_test

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rcreg/registration/registrationtest"
)

var update = flag.Bool("update", false, "write the golden files of testdata instead of comparing with them")

// golden compares a text with the file of testdata that says how it should be.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s: run the test with -update and look at the difference\ngot:\n%s\nwant:\n%s", name, got, want)
	}
}

func TestHelp(t *testing.T) {
	t.Parallel()
	for _, command := range []string{
		"", "demo", "sim", "status", "register", "resume", "sync", "disconnect", "reconnect", "capabilities", "support", "version",
		"courier", "courier run", "courier settle", "doctor", "license", "license show", "license apply", "deployment confirm", "deployment confirm new-workspace",
		"deployment confirm updated-configuration", "license request", "license remove", "offline", "offline request", "offline status", "offline apply", "offline withdraw",
		"fleet", "fleet status", "fleet register", "fleet sync", "fleet run", "watch",
	} {
		t.Run(command, func(t *testing.T) {
			t.Parallel()
			b := emptyBench(t, registrationtest.NewClock(testStart))
			got := b.must(0, append(strings.Fields(command), "--help")...)
			golden(t, filepath.Join("help", "rcreg-"+strings.ReplaceAll(command, " ", "-")+".txt"), got.stdout)
			for line := range strings.Lines(got.stdout) {
				if width := len(strings.TrimSuffix(line, "\n")); width > 110 {
					t.Errorf("%d columns: %s", width, line)
				}
			}
		})
	}
}

func TestHelpWithoutACommand(t *testing.T) {
	t.Parallel()
	b := emptyBench(t, registrationtest.NewClock(testStart))
	if got, want := b.must(0).stdout, b.must(0, "--help").stdout; got != want {
		t.Errorf("rcreg alone shows something else than its help: %s", got)
	}
}

func TestCompletion(t *testing.T) {
	t.Parallel()
	b := emptyBench(t, registrationtest.NewClock(testStart))
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		if got := b.must(0, "completion", shell).stdout; !strings.Contains(got, "rcreg") {
			t.Errorf("%s: %q", shell, got)
		}
	}
	if got := b.must(0, "__complete", "status", "--output", "").stdout; !strings.Contains(got, "text\njson\n") {
		t.Errorf("--output is completed with %q", got)
	}
	if got := b.must(0, "__complete", "fleet", "status", "--output", "").stdout; !strings.Contains(got, "text\njson\ncsv\n") {
		t.Errorf("--output of a fleet is completed with %q", got)
	}
}

// What every command prints on a workspace, in both forms.
func TestOutput(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		version string
		prepare func(*bench)
		args    string
	}{
		{"status", "6.4.0", (*bench).register, "status"},
		{"status-read-only", "7.7.1", func(b *bench) { waits(b, 3) }, "status"},
		{"register", "3.0.0", freshToken, "register"},
		{"register-again", "9.0.0", (*bench).register, "register"},
		{"register-pending", "9.0.0", nil, "register --email ops@example.com"},
		{"sync", "6.13.0", (*bench).register, "sync"},
		{"disconnect", "5.4.0", (*bench).register, "disconnect"},
		{"disconnect-forget", "8.7.0", (*bench).register, "disconnect --forget-identity --yes"},
		{"reconnect", "5.4.0", withPassword(func(b *bench) { b.register(); b.must(0, "disconnect") }), "reconnect"},
		{"capabilities", "5.4.0", nil, "capabilities"},
		{"support", "9.0.0", fakeSupport, "support"},
		{"doctor", "9.0.0", withSupport((*bench).register), "doctor --with-cloud --with-sync"},
		{"doctor-all", "9.0.0", withSupport((*bench).register), "doctor --all"},
		{"doctor-problem", "8.7.0", withSupport(wrongToken), "doctor"},
		{"doctor-unregistered", "6.13.0", withSupport(func(*bench) {}), "doctor"},
		{"doctor-read-only", "7.7.1", withSupport(func(b *bench) { b.register(); waits(b, 3) }), "doctor"},
		{"license-show", "9.0.0", (*bench).register, "license show"},
		{"license-none", "9.0.0", nil, "license show"},
		{"license-apply", "9.0.0", licenseOnStdin, "license apply --file -"},
		{"deployment", "9.0.0", (*bench).register, "deployment confirm new-workspace --yes"},
		{"register-relay", "6.13.0", byRelay, "register --via relay"},
		{"register-relay-pending", "6.13.0", byRelay, "register --via relay --email ops@example.com"},
		{"sync-relay", "6.13.0", func(b *bench) { byRelay(b); b.must(0, "register", "--via", "relay", "--keep-grants") }, "sync --via relay"},
		{"offline-request", "6.13.0", nil, "offline request --exchange EXCHANGE"},
		{"offline-status", "6.13.0", asked, "offline status --exchange EXCHANGE"},
		{"offline-status-none", "6.13.0", nil, "offline status"},
		{"offline-apply", "6.13.0", answered, "offline apply --exchange EXCHANGE"},
		{"offline-apply-nothing", "6.13.0", nil, "offline apply --exchange EXCHANGE"},
		{"license-request", "9.0.0", (*bench).register, "license request --exchange EXCHANGE"},
		{"usage", "9.0.0", nil, "register"},
	} {
		for _, output := range []string{"text", "json"} {
			t.Run(c.name+" "+output, func(t *testing.T) {
				t.Parallel()
				b := newBench(t, c.version)
				if c.prepare != nil {
					c.prepare(b)
				}
				got := b.line(c.args + " --output " + output)
				golden(t, filepath.Join("output", c.name+"."+output), b.withoutVolatile(got.stdout+got.stderr))
			})
		}
	}
}

// waits makes a workspace one that will be read-only in some days, and was copied or moved.
func waits(b *bench, days float64) {
	b.fake.Set("Cloud_Workspace_AirGapped_Restrictions_Remaining_Days", days)
	b.fake.Set("Deployment_FingerPrint_Verified", false)
}

func byRelay(b *bench) { b.env["RCREG_CLOUD_URL"] = b.fake.Cloud().URL(); freshToken(b) }
func asked(b *bench)   { b.must(3, "offline", "request", "--exchange", b.exchange) }

func answered(b *bench) {
	asked(b)
	s := &site{bench: b}
	s.byConsole(b.requestID())
}

// requestID is the id of the only request in the exchange folder, done or not; where there is none, a pattern that fits nothing.
func (b *bench) requestID() string {
	for _, pattern := range []string{"requests/*.txt", "archive/*.request.txt"} {
		if found, err := filepath.Glob(filepath.Join(b.exchange, pattern)); err == nil && len(found) == 1 {
			id, _, _ := strings.Cut(filepath.Base(found[0]), ".")
			return id
		}
	}
	return `\A\z`
}

// withoutVolatile replaces what is another at every run, each by a text of the same length, so that columns stay in line.
func (b *bench) withoutVolatile(text string) string {
	address := "https://chat.example.com"
	for _, id := range []struct{ pattern, like string }{
		{regexp.QuoteMeta(b.system.StateDir), "/home/ops/.config/rcreg"},
		{regexp.QuoteMeta(b.exchange), "/media/stick/exchange"},
		{b.requestID(), "k5d2m7q3w4xy6zab"},
		{regexp.QuoteMeta(strings.TrimPrefix(b.fake.URL(), "http://")), strings.TrimPrefix(address, "https://")},
		{regexp.QuoteMeta(strings.ReplaceAll(strings.TrimPrefix(b.fake.URL(), "http://"), ":", "_")), strings.TrimPrefix(address, "https://")},
		{`http://chat\.example\.com`, address},
		{regexp.QuoteMeta(b.fake.Cloud().URL()), "https://cloud.example.com"},
		{`\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b`, "00000000-0000-4000-8000-000000000000"},
		{`\b[A-Z2-7]{4}-[A-Z2-7]{4}\b`, "ABCD-EFGH"},
		{`\b[A-Z2-7]{24}\b`, "ABCDEFGHIJKLMNOPQRSTUVWX"},
		{`\b[2-9A-HJ-NP-TW-Za-km-z]{17}\b`, "abcdefghijkmnopqr"},
	} {
		text = regexp.MustCompile(id.pattern).ReplaceAllString(text, id.like)
	}
	return text
}
