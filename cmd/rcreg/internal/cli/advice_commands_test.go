package cli_test

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/advice"
	"github.com/rcreg/registration/registrationtest"
)

// advised is a command that advice prints: the state for which it does, and how it ends there.
type advised struct {
	version string
	prepare func(*bench)
	exit    int
}

// advisedCommands are all commands that advice can print. FILE, FOLDER, ADDRESS and ID stand for what the person has.
func advisedCommands() map[string]advised {
	disconnected := withPassword(func(b *bench) { b.register(); b.must(0, "disconnect") })
	pending := func(b *bench) { b.must(3, "register", "--email", "ops@example.com"); b.confirm() }
	moved := func(b *bench) { b.register(); waits(b, 3) }
	yes := func(prepare func(*bench)) func(*bench) {
		return func(b *bench) {
			prepare(b)
			b.system.Ask = func(context.Context, string, bool) (string, error) { return "yes", nil }
		}
	}
	return map[string]advised{
		"status":                                   {"6.4.0", (*bench).register, 0},
		"capabilities":                             {"6.4.0", freshToken, 0},
		"sync":                                     {"6.4.0", (*bench).register, 0},
		"license show":                             {"9.0.0", (*bench).register, 0},
		"license apply --file FILE":                {"9.0.0", licenseFile, 0},
		"doctor --with-cloud":                      {"9.0.0", withSupport((*bench).register), 0},
		"doctor --with-sync":                       {"9.0.0", withSupport((*bench).register), 0},
		"resume":                                   {"6.4.0", pending, 0},
		"register":                                 {"6.4.0", freshToken, 0},
		"register --token-file FILE":               {"6.4.0", freshToken, 0},
		"register --email ADDRESS":                 {"6.4.0", freshToken, 3},
		"register --via relay --token-file FILE":   {"6.13.0", byRelay, 0},
		"register --complete-setup":                {"9.0.0", (*bench).register, 0},
		"reconnect":                                {"5.4.0", disconnected, 0},
		"reconnect --via relay":                    {"5.4.0", func(b *bench) { disconnected(b); byRelay(b) }, 0},
		"disconnect --forget-identity":             {"8.7.0", yes((*bench).register), 0},
		"offline status":                           {"6.13.0", asked, 0},
		"deployment confirm new-workspace":         {"9.0.0", yes(moved), 0},
		"deployment confirm updated-configuration": {"9.0.0", yes(moved), 0},
		"register --via offline --exchange FOLDER": {"6.13.0", freshToken, 3},
		"reconnect --via offline":                  {"5.4.0", disconnected, 0},
		"register --replace --token-file FILE":     {"6.4.0", removed, 0},
		"register --replace --via direct --token-file FILE": {"6.4.0", removed, 0},
		"courier run --exchange FOLDER --tokens-file FILE":  {"6.13.0", func(b *bench) { byRelay(b); asked(b) }, 0},
		"offline withdraw --exchange FOLDER --request ID":   {"6.13.0", asked, 0},
		"courier settle --request ID --unspent":             {}, // TestCourierSettle runs it
	}
}

func licenseFile(b *bench) {
	text, err := b.fake.Cloud().License(registrationtest.LicenseSpec{})
	if err == nil {
		err = os.WriteFile(filepath.Join(b.system.StateDir, "file"), []byte(text), 0o600)
	}
	if err != nil {
		b.t.Fatal(err)
	}
}

// advisedIn are the commands in an advice, by the longest names that are known; others, as they stand, are wrong.
func advisedIn(text string) (found, wrong []string) {
	known := slices.SortedFunc(maps.Keys(advisedCommands()), func(a, b string) int { return len(b) - len(a) })
	for _, rest := range strings.Split(text, "rcreg ")[1:] {
		if strings.HasPrefix(rest, "works with") || strings.HasPrefix(rest, "to the version") {
			continue // of the program, and no command
		}
		i := slices.IndexFunc(known, func(name string) bool { return strings.HasPrefix(rest, name) })
		if i < 0 || strings.HasPrefix(strings.TrimPrefix(rest, known[i]), " --") {
			wrong = append(wrong, rest)
			continue
		}
		found = append(found, known[i])
	}
	return found, wrong
}

// TestAdvisedCommandsCanBeRun runs every command that advice prints, for all acts, on a workspace for which it does, with the values that the person has: it is complete, and ends as it has to.
func TestAdvisedCommandsCanBeRun(t *testing.T) {
	t.Parallel()
	printed := map[string]bool{}
	for _, act := range advice.Acts() {
		for _, with := range []string{"", "relay", "offline", "ID"} {
			found, wrong := advisedIn(advice.InFlags([]failure.Remedy{{Act: act, With: with}}))
			for _, name := range found {
				printed[name] = true
			}
			if act == failure.Settle && with != "ID" || act == failure.Reconnect && with == "ID" || act == failure.RegisterOver && (with == "" || with == "ID") {
				continue // they always say with what
			}
			for _, text := range wrong {
				t.Errorf("%s advises a command that is not run here: rcreg %s", act, text)
			}
		}
	}
	for name, c := range advisedCommands() {
		if !printed[name] {
			t.Errorf("no advice prints rcreg %s", name)
		}
		if c.prepare == nil {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, c.version)
			c.prepare(b)
			if got := b.run(strings.Fields(b.filled(name))...); got.exit != c.exit {
				t.Errorf("exit %d, want %d: %s%s", got.exit, c.exit, got.stdout, got.stderr)
			}
		})
	}
}

// filled puts what the person has into a command.
func (b *bench) filled(name string) string {
	file := filepath.Join(b.system.StateDir, "file")
	text := b.fake.Cloud().IssueToken()
	if strings.Contains(name, "--tokens-file") {
		text = "* " + text
	}
	if !strings.HasPrefix(name, "license") {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			b.t.Fatal(err)
		}
	}
	return strings.NewReplacer("FILE", file, "FOLDER", b.exchange, "ADDRESS", "ops@example.com", "ID", b.requestID()).Replace(name)
}

// TestAdvisedFlags are ones that a command has.
func TestAdvisedFlags(t *testing.T) {
	t.Parallel()
	b := emptyBench(t, registrationtest.NewClock(testStart))
	var help strings.Builder
	for _, command := range []string{"register", "sync", "license apply", "offline apply", "courier run", "courier settle", "disconnect", "doctor", "fleet register", "offline withdraw", "watch"} {
		help.WriteString(b.must(0, append(strings.Fields(command), "--help")...).stdout)
	}
	for _, act := range advice.Acts() {
		for _, flag := range regexp.MustCompile(`--[a-z][a-z-]*`).FindAllString(advice.InFlags([]failure.Remedy{{Act: act, With: "offline"}}), -1) {
			if !regexp.MustCompile(regexp.QuoteMeta(flag) + `\b`).MatchString(help.String()) {
				t.Errorf("%s names %s, which no command has", act, flag)
			}
		}
	}
}
