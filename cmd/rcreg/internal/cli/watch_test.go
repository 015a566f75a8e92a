package cli_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/rcreg/registration/cmd/rcreg/internal/cli"
	"github.com/rcreg/registration/watch"
)

// watching is a running rcreg watch.
type watching struct {
	simulation
	stderr *interrupter
	read   struct {
		Address    string
		Workspaces int
	}
}

// startWatch starts rcreg watch with JSON on a free port, and reads its first line.
func startWatch(t *testing.T, b *bench, args ...string) *watching {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out, in := io.Pipe()
	w := &watching{stderr: &interrupter{text: "\x00", end: func() {}}}
	system := b.system
	system.Stdout, system.Stderr = in, w.stderr
	exit := make(chan int, 1)
	go func() {
		exit <- cli.Run(ctx, append([]string{"watch", "--output", "json", "--listen", "127.0.0.1:0"}, args...), system)
		_ = in.Close()
	}()
	w.simulation = simulation{bufio.NewReader(out), func() int {
		cancel()
		_, _ = io.Copy(io.Discard, out)
		return <-exit
	}}
	if err := json.Unmarshal([]byte(w.until(t, "\n")), &w.read); err != nil {
		t.Fatal(err)
	}
	return w
}

// event reads the next event.
func (w *watching) event(t *testing.T) (e watch.Event) {
	t.Helper()
	if err := json.Unmarshal([]byte(w.until(t, "\n")), &e); err != nil {
		t.Fatal(err)
	}
	return e
}

// hook is a webhook that keeps what it is told.
type hook struct {
	mu    sync.Mutex
	texts []string
}

func (h *hook) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	var sent struct{ Text string }
	_ = json.NewDecoder(r.Body).Decode(&sent)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.texts = append(h.texts, sent.Text)
}

func (h *hook) said() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return strings.Join(h.texts, "\n")
}

// TestWatch: what is not well is printed, told to the webhook and served, and not again after a restart.
func TestWatch(t *testing.T) {
	t.Parallel()
	b := newFleetBench(t, 3, "9.0.0")
	told := &hook{}
	server := httptest.NewServer(told)
	t.Cleanup(server.Close)
	b.write("webhook.txt", server.URL+"/hooks/s3cr3t\n")
	args := b.words("--file LIST --state-file DIR/watch.json --webhook-file DIR/webhook.txt")[1:]
	w := startWatch(t, b.bench, args...)
	if w.read.Workspaces != 3 || w.read.Address == "" {
		t.Errorf("%+v", w.read)
	}
	seen := map[string]bool{}
	for range 3 {
		e := w.event(t)
		seen[e.Workspace] = e.Name == watch.NotRegistered && !e.Mended && strings.Contains(e.Advice, "rcreg register")
	}
	if len(seen) != 3 || !seen["w00001"] || !seen["w00003"] {
		t.Errorf("told of %v", seen)
	}
	for path, want := range map[string]string{"/": "3 failed", "/status": `"not_registered":3`} {
		reply, err := http.Get(w.read.Address + path)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(reply.Body)
		_ = reply.Body.Close()
		if !strings.Contains(string(text), want) {
			t.Errorf("%s does not say %q: %.400s", path, want, text)
		}
	}
	if exit := w.end(); exit != 0 {
		t.Errorf("exit %d", exit)
	}
	for _, name := range []string{"w00001", "w00002", "w00003"} { // in one message or in several, as the racing clock has it
		if said := told.said(); len(regexp.MustCompile("[ (]"+name+"[,) ]").FindAllString(said, -1)) != 1 || !strings.Contains(said, "it is not registered. *Next:* run rcreg register --token-file FILE") {
			t.Errorf("the webhook was told %q", said)
		}
	}
	if strings.Contains(w.stderr.String(), "s3cr3t") {
		t.Error("the address of the webhook is shown")
	}

	if got := b.line("register --file LIST --tokens POOL --select version=9.0.0"); got.exit != 0 {
		t.Fatal(got.stderr)
	}
	w = startWatch(t, b.bench, args...)
	for range 3 {
		if e := w.event(t); !e.Mended {
			t.Errorf("after the restart: %+v", e)
		}
	}
	if exit := w.end(); exit != 0 {
		t.Errorf("exit %d", exit)
	}
}

// TestWatchOne: one workspace needs no list.
func TestWatchOne(t *testing.T) {
	t.Parallel()
	b := newFleetBench(t, 2, "9.0.0")
	w := startWatch(t, b.bench, b.words("--workspace " + b.sim.Fleet().URL(0) + " --user-id " + b.sim.Fleet().Admin(0).UserID + " --auth-token-file DIR/secrets/w00001.token")[1:]...)
	defer w.end()
	if e := w.event(t); e.Name != watch.NotRegistered || !strings.Contains(e.URL, e.Workspace) {
		t.Errorf("%+v", e)
	}
}

// TestWatchUsage: what cannot be meant is refused before anything is sent.
func TestWatchUsage(t *testing.T) {
	t.Parallel()
	b := newFleetBench(t, 2, "9.0.0")
	b.write("webhook.txt", "chat\n")
	b.write("notes", "mine\n")
	for line, exit := range map[string]int{
		"":                                             2,
		"--file LIST --workspace https://a.b":          2,
		"--select a=b --workspace https://a.b":         2,
		"--file LIST --interval 1s":                    2,
		"--file LIST --sync-every 1s":                  2,
		"--file LIST --webhook-file DIR/webhook.txt":   2,
		"--file LIST --webhook-file DIR/none":          2,
		"--file LIST --state-file DIR/none/watch.json": 2,
		"--file LIST --state-file DIR/notes":           2,
		"--file LIST --listen nowhere":                 2,
		"--file DIR/none":                              2,
	} {
		if got := b.run(append([]string{"watch"}, b.words(line)[1:]...)...); got.exit != exit || !strings.Contains(got.stderr, "Next:") {
			t.Errorf("watch %s: exit %d, want %d: %s%s", line, got.exit, exit, got.stdout, got.stderr)
		}
	}
	if text := b.read("notes"); text != "mine\n" {
		t.Errorf("the file is %q", text)
	}
}
