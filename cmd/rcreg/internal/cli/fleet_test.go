package cli_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rcreg/registration/cmd/rcreg/internal/cli"
	"github.com/rcreg/registration/fleet"
)

// What the commands on a fleet print, in each form.
func TestFleetOutput(t *testing.T) {
	t.Parallel()
	strangers := func(b *fleetBench) {
		b.write("secrets/w00002.token", "not-the-token\n")
		b.write("secrets/w00004.token", "not-the-token\n")
	}
	for _, c := range []struct {
		name    string
		prepare func(*fleetBench)
		line    string
		exit    int
	}{
		{"status", nil, "status --file LIST", 0},
		{"register", nil, "register --file LIST --tokens POOL --report DIR/fleet.html", 0},
		{"register-failing", strangers, "register --file LIST --tokens POOL", 1},
		{"sync", func(b *fleetBench) { b.line("register --file LIST --tokens POOL") }, "sync --file LIST", 0},
		{"run", func(b *fleetBench) { b.line("register --file LIST --tokens POOL --select version=9.0.0") }, "run --file LIST --tokens POOL", 0},
	} {
		for _, output := range []string{"text", "json", "csv"} {
			t.Run(c.name+" "+output, func(t *testing.T) {
				t.Parallel()
				b := newFleetBench(t, 10)
				if c.prepare != nil {
					c.prepare(b)
				}
				got := b.line(c.line + " --concurrency 1 --output " + output)
				if got.exit != c.exit {
					t.Errorf("exit %d, want %d", got.exit, c.exit)
				}
				if output == "json" && got.stderr != "" {
					t.Errorf("stderr beside JSON: %s", got.stderr)
				}
				golden(t, filepath.Join("output", "fleet-"+c.name+"."+output), b.withoutVolatile(got.stdout))
			})
		}
	}
}

// interrupter ends a run when it has read a text.
type interrupter struct {
	bytes.Buffer
	text string
	end  context.CancelFunc
}

func (w *interrupter) Write(p []byte) (int, error) {
	if strings.Contains(string(p), w.text) {
		w.end()
	}
	return w.Buffer.Write(p)
}

// A run that is interrupted ends in good order, and the same command finishes it: every workspace is registered with one token.
func TestFleetInterruptedAndResumed(t *testing.T) {
	t.Parallel()
	const count = 27
	b := newFleetBench(t, count)
	words := b.words("register --file LIST --tokens POOL --concurrency 2 --report DIR/half.html")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	system := b.system
	stderr, stdout := &interrupter{text: "(51 %)", end: cancel}, &bytes.Buffer{}
	system.Stderr, system.Stdout = stderr, stdout
	if exit := cli.Run(ctx, words, system); exit != 1 {
		t.Errorf("exit %d", exit)
	}
	journal := b.in("fleet.yaml.register.journal")
	for _, want := range []string{"Error: interrupted: ", "the same command again: it goes on with " + journal} {
		if !strings.Contains(stderr.String(), want) {
			t.Errorf("it does not say %q: %s", want, stderr.String())
		}
	}
	half := b.registered()
	if page, err := os.ReadFile(b.in("half.html")); err != nil || half == 0 || half == count || !strings.Contains(string(page), "were not finished") {
		t.Errorf("%d registered, the report: %v", half, err)
	}

	// Of the two that were in flight the journal may not know what came of them.
	got := b.line("register --file LIST --tokens POOL --output json")
	read := got.fleet(t)
	if got.exit != 0 || b.registered() != count || read.Counts["done"]+read.Counts["unchanged"] != count || read.resumed() < half-2 || *read.Left != 0 {
		t.Errorf("exit %d, %d registered, %d resumed of %d, %d tokens left: %v", got.exit, b.registered(), read.resumed(), half, *read.Left, read.Counts)
	}
	if b.exists("fleet.yaml.register.journal") || read.Journal != "" {
		t.Error("the journal is still there, although there is nothing to go on with")
	}
}

// A journal that was named is kept: what is done is not asked again, what failed is, and --fresh begins anew.
func TestFleetJournal(t *testing.T) {
	t.Parallel()
	b := newFleetBench(t, 10)
	good := b.read("secrets/w00002.token")
	b.write("secrets/w00002.token", "not-the-token\n")
	const line = "register --file LIST --tokens POOL --journal DIR/j --output json"
	if got := b.line(line); got.exit != 1 || got.fleet(t).Counts["failed"] != 1 || got.fleet(t).Journal != b.in("j") {
		t.Errorf("exit %d: %s", got.exit, got.stdout)
	}
	b.write("secrets/w00002.token", good)
	if got := b.line(line); got.exit != 0 || got.fleet(t).resumed() != 9 {
		t.Errorf("exit %d, %d resumed", got.exit, got.fleet(t).resumed())
	}
	if got := b.line(line); got.exit != 0 || got.fleet(t).resumed() != 10 {
		t.Errorf("exit %d, %d resumed", got.exit, got.fleet(t).resumed())
	}
	if got := b.line(line + " --fresh"); got.exit != 0 || got.fleet(t).resumed() != 0 || got.fleet(t).Counts["unchanged"] != 10 || !b.exists("j.old") {
		t.Errorf("exit %d, %d resumed: %v", got.exit, got.fleet(t).resumed(), got.fleet(t).Counts)
	}
}

// One workspace under two spellings of its address takes one token: the second is refused by name, and noted by a command that only shows.
func TestFleetOneWorkspaceTwice(t *testing.T) {
	t.Parallel()
	b := newFleetBench(t, 2, "9.0.0")
	b.edit("fleet.yaml", b.sim.Fleet().URL(1), strings.Replace(b.sim.Fleet().URL(0), "127.0.0.1", "localhost", 1))
	b.write("secrets/w00002.token", b.read("secrets/w00001.token"))
	if got := b.line("status --file LIST --concurrency 1"); got.exit != 0 || !strings.Contains(got.stdout, "\nNote w00002: it is the same workspace as w00001: ") {
		t.Errorf("exit %d: %s", got.exit, got.stdout)
	}
	got := b.line("register --file LIST --tokens POOL --report DIR/fleet.html")
	if got.exit != 1 || b.registered() != 1 || !strings.Contains(got.stdout, "failed same workspace: w0000") || !strings.Contains(got.stdout, "Tokens left  2\n") ||
		!strings.Contains(got.stdout, "rcreg deployment confirm new-workspace") {
		t.Errorf("exit %d, %d registered: %s", got.exit, b.registered(), got.stdout)
	}
}

// A token in doubt is not left, and is not gone.
func TestFleetTokensInDoubt(t *testing.T) {
	t.Parallel()
	b := newFleetBench(t, 10)
	pool, err := fleet.OpenTokens(b.in("tokens.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Claim("w00009"); err != nil { // and then it was killed
		t.Fatal(err)
	}
	if err := pool.Close(); err != nil {
		t.Fatal(err)
	}
	const line = "register --file LIST --tokens POOL --select version=3.0.0"
	if got := b.line(line); got.exit != 0 || !strings.Contains(got.stdout, "Tokens left  8, in doubt 1\n") {
		t.Errorf("exit %d: %s", got.exit, got.stdout)
	}
	got := b.line(line + " --output json")
	if read := got.fleet(t); got.exit != 0 || *read.Left != 8 || *read.InDoubt != 1 {
		t.Errorf("exit %d: %s", got.exit, got.stdout)
	}
	got = b.line("register --file LIST --tokens POOL --output json")
	if read := got.fleet(t); got.exit != 0 || *read.Left != 0 || *read.InDoubt != 0 {
		t.Errorf("exit %d: %s", got.exit, got.stdout)
	}
}

// A relay registers what does not reach the Cloud, for some of a fleet.
func TestFleetWithRelays(t *testing.T) {
	t.Parallel()
	b := newFleetBench(t, 10)
	b.edit("fleet.yaml", "{name: w00007,", "{name: w00007, via: relay,")
	got := b.line("register --file LIST --tokens POOL --state DIR/relay --keep-grants --output json")
	if got.exit != 0 || b.registered() != 10 || !b.exists("relay/registered") {
		t.Errorf("exit %d, %d registered: %s", got.exit, b.registered(), got.stdout)
	}
	if got := b.line("sync --file LIST --state DIR/relay --output json"); got.exit != 0 {
		t.Errorf("exit %d: %s", got.exit, got.stdout)
	}
}

func TestFleetProgress(t *testing.T) {
	t.Parallel()
	b := newFleetBench(t, 18)
	b.write("secrets/w00002.token", "not-the-token\n")
	plain := b.line("status --file LIST --concurrency 1")
	if !strings.Contains(plain.stderr, "of 18 (50 %)") || !strings.Contains(plain.stderr, "failed w00002: ") || strings.Contains(plain.stderr, "\x1b") {
		t.Errorf("lines: %q", plain.stderr)
	}
	b.system.StderrTerminal = true
	bar := b.line("status --file LIST --concurrency 1")
	if !strings.Contains(bar.stderr, "█") || !strings.Contains(bar.stderr, "18 of 18 (100 %), 1 not well") && !strings.Contains(bar.stderr, " a second, 0s left, 1 not well") || !strings.HasSuffix(bar.stderr, "\r\x1b[K") {
		t.Errorf("bar: %q", bar.stderr)
	}
}

// No secret comes out, not even with --verbose, nor into the files that a run writes.
func TestFleetSecrets(t *testing.T) {
	t.Parallel()
	b := newFleetBench(t, 10)
	b.write("secrets/w00002.token", "not-the-token\n")
	tokens, err := os.ReadFile(b.in("tokens.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, output := range []string{"text", "json", "csv"} {
		got := b.line("run --file LIST --tokens POOL --journal DIR/j --report DIR/r.html --verbose --output " + output)
		all.WriteString(got.stdout + got.stderr)
	}
	for _, name := range []string{"j", "r.html", "tokens.txt.used"} {
		text, err := os.ReadFile(b.in(name))
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	_, pool, _ := strings.Cut(string(tokens), "\n") // behind its remark
	secrets := strings.Fields(pool)
	for i := range 10 {
		secrets = append(secrets, b.sim.Fleet().Admin(i).AuthToken)
	}
	for _, secret := range append(secrets, "not-the-token") {
		if strings.Contains(all.String(), secret) {
			t.Errorf("a secret of %d characters comes out", len(secret))
		}
	}
}

// What begins like a formula is none in a spreadsheet.
func TestFleetCSVCells(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", "w00001": "w00001", "=HYPERLINK(\"x\")": "'=HYPERLINK(\"x\")", "+1": "'+1", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "\u0020=1": "' =1", "＝1": "'＝1", "\t=1": `\t=1`, "a=1": "a=1", "\x1b[2J": `\x1b[2J`, "a\r\n=1": `a\r\n=1`,
	} {
		if got := cli.Cell(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
	b := newFleetBench(t, 10)
	got := b.line("status --file LIST --output csv").stdout
	if !regexp.MustCompile(`\A(?:[^\n]*\r\n){11}\z`).MatchString(got) {
		t.Errorf("%q", got)
	}
}
