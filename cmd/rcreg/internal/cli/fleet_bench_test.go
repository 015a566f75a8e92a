package cli_test

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/registrationtest/sim"
)

// fleetBench is a simulated fleet with the surroundings of a command that works on it.
type fleetBench struct {
	*bench
	sim *sim.Server
	dir string // with the list, the secrets and the pool of tokens
}

func newFleetBench(t *testing.T, count int, versions ...string) *fleetBench {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "fleet")
	server, err := sim.Start(sim.Config{Count: count, Versions: versions, Listen: "127.0.0.1:0", CloudListen: "127.0.0.1:0", FleetDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	key, err := x509.MarshalPKIXPublicKey(server.Cloud().SupportKey())
	if err != nil {
		t.Fatal(err)
	}
	b := &fleetBench{bench: emptyBench(t, registrationtest.NewClock(testStart)), sim: server, dir: dir}
	b.env["RCREG_CLOUD_URL"], b.env["RCREG_RELEASES_URL"], b.env["RCREG_SUPPORT_KEY"] = server.Cloud().URL(), server.Cloud().URL(), base64.StdEncoding.EncodeToString(key)
	return b
}

// in is the path of a file beside the list.
func (b *fleetBench) in(name string) string { return filepath.Join(b.dir, name) }

// line runs a command on the fleet: LIST, POOL and DIR stand for the list, the pool of tokens and their folder.
func (b *fleetBench) line(line string) outcome {
	b.t.Helper()
	return b.run(b.words(line)...)
}

func (b *fleetBench) words(line string) []string {
	words := strings.Fields("fleet " + line)
	for i := range words {
		words[i] = strings.NewReplacer("LIST", b.in("fleet.yaml"), "POOL", b.in("tokens.txt"), "DIR", b.dir).Replace(words[i])
	}
	return words
}

// edit replaces something in a file beside the list.
func (b *fleetBench) edit(name, before, after string) {
	b.t.Helper()
	text := b.read(name)
	if !strings.Contains(text, before) {
		b.t.Fatalf("%s has no %q", name, before)
	}
	b.write(name, strings.ReplaceAll(text, before, after))
}

func (b *fleetBench) read(name string) string {
	b.t.Helper()
	text, err := os.ReadFile(b.in(name))
	if err != nil {
		b.t.Fatal(err)
	}
	return string(text)
}

func (b *fleetBench) write(name, text string) {
	b.t.Helper()
	if err := os.WriteFile(b.in(name), []byte(text), 0o600); err != nil {
		b.t.Fatal(err)
	}
}

func (b *fleetBench) exists(name string) bool {
	_, err := os.Stat(b.in(name))
	return err == nil
}

// registered counts the workspaces that the Cloud has registered.
func (b *fleetBench) registered() int { return len(b.sim.Cloud().Workspaces()) }

// withoutVolatile replaces what is another at every run.
func (b *fleetBench) withoutVolatile(text string) string {
	for _, volatile := range []struct{ pattern, like string }{
		{regexp.QuoteMeta(b.dir), "/home/ops"},
		{`http://127\.0\.0\.1:\d+`, "https://chat.example.com"},
		{`"unique_id":"[^"]*"`, `"unique_id":"A1b2C3d4E5f6G7h8J"`},
		{`"took_ns":\d+`, `"took_ns":1`},
		{`"began":"[^"]*"`, `"began":"2026-03-01T12:00:00Z"`},
		{`"support_until":"[^"]*"`, `"support_until":"2026-09-01T12:00:00Z"`},
		{`,2026-[0-9T:-]+Z,[0-9.]+,(true|false),`, `,2026-03-01T12:00:00Z,0.001,$1,`},
		{`\b202\d-\d\d-\d\d(T[0-9:.]+Z)?\b`, "2026-09-01$1"},
		{`workspaces in \S+`, "workspaces in 1s"},
	} {
		text = regexp.MustCompile(volatile.pattern).ReplaceAllString(text, volatile.like)
	}
	return regexp.MustCompile(`2026-09-01T[0-9:.]+Z`).ReplaceAllString(text, "2026-09-01T12:00:00Z")
}

// fleetAnswer is what a command on a fleet prints as JSON, as far as tests look at it.
type fleetAnswer struct {
	Counts   map[string]int
	Journal  string
	Left     *int `json:"tokens_left"`
	InDoubt  *int `json:"tokens_in_doubt"`
	Error    struct{ Kind, Message, Advice string }
	Outcomes []struct {
		Workspace, Class, Kind, State string
		Resumed                       bool
	}
}

func (o outcome) fleet(t *testing.T) (read fleetAnswer) {
	t.Helper()
	if err := json.Unmarshal([]byte(o.stdout), &read); err != nil || strings.Count(o.stdout, "\n") != 1 {
		t.Fatalf("stdout is not one object on one line: %v: %q", err, o.stdout)
	}
	return read
}

// resumed counts the outcomes that the journal knew.
func (a fleetAnswer) resumed() (n int) {
	for _, o := range a.Outcomes {
		if o.Resumed {
			n++
		}
	}
	return n
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
