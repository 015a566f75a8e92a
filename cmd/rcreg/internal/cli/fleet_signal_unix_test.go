//go:build unix

package cli_test

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/rcreg/registration/internal/exitcode"
)

// TestFleetStoppedTwice ends a fleet of six, one of which never answers, or with 101 alone, by two times Ctrl-C: the table, the journal and the report tell of all six.
func TestFleetStoppedTwice(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		silence, line string
		process       bool   // of its own, which is sent signals
		opening       string // is sent before the silence
		exit          int
		says          []string
	}{
		"status":                {"/api/v1/", "status", true, "", exitcode.Failed, []string{"all      6           5          1", "interrupted: 1 of 6"}},
		"status and 101":        {"/api/", "status", true, switching, exitcode.Failed, []string{"all       6           5          1", "interrupted: 1 of 6"}},
		"register and 101":      {"/api/v1/cloud.connectWorkspace", "register --tokens POOL --settings-lag 1ms", true, switching, exitcode.OutcomeUnknown, []string{"all      6           5     1", "unknown outcome unknown: w00006", "Tokens left  0, in doubt 1"}},
		"before the act":        {"/api/v1/", "register --tokens POOL --settings-lag 1ms", true, "", exitcode.Failed, []string{"all      6           5     1", "interrupted: 1 of 6", "Tokens left  1", "Journal"}},
		"register":              {"/api/v1/cloud.connectWorkspace", "register --tokens POOL --settings-lag 1ms", true, "", exitcode.OutcomeUnknown, []string{"all      6           5     1", "unknown outcome unknown: w00006", "Tokens left  0, in doubt 1"}},
		"status as JSON":        {"/api/v1/", "status --output json", false, "", exitcode.Failed, []string{`"cancelled":1`, `"unchanged":5`}},
		"register as JSON":      {"/api/v1/cloud.connectWorkspace", "register --tokens POOL --output json", false, "", exitcode.OutcomeUnknown, []string{`"unknown":1`, `"done":5`, `"tokens_in_doubt":1`}},
		"register as CSV":       {"/api/v1/cloud.connectWorkspace", "register --tokens POOL --output csv", false, "", exitcode.OutcomeUnknown, []string{"w00006,", ",unknown,", "w00001,"}},
		"register over a relay": {"/api/v1/cloud.manualRegister", "register --tokens POOL --state DIR/state", false, "", exitcode.OutcomeUnknown, []string{"unknown outcome unknown: w00006", "in doubt 1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newFleetBench(t, 6, "9.0.0")
			last := newSilent(t, b.sim.Fleet().URL(5), c.silence)
			last.opening = c.opening
			b.edit("fleet.yaml", b.sim.Fleet().URL(5), last.URL)
			if strings.Contains(c.line, "--state") {
				b.edit("fleet.yaml", "{name: w00006,", "{name: w00006, via: relay,")
			}
			// One after the other, so that all others have ended when the last is asked.
			line := c.line + " --file LIST --concurrency 1 --report DIR/fleet.html"
			stop := b.stoppedTwiceInProcess
			if c.process {
				stop = b.stoppedTwice
			}
			got := stop(line, last.asked)
			if got.exit != c.exit {
				t.Errorf("exit %d, want %d", got.exit, c.exit)
			}
			for _, text := range c.says {
				if !strings.Contains(got.stdout+got.stderr, text) {
					t.Errorf("it does not say %q:\n%s%s", text, got.stdout, got.stderr)
				}
			}
			if page := b.read("fleet.html"); !strings.Contains(page, "w00006") || !strings.Contains(page, "w00001") {
				t.Error("the report does not tell of all")
			}
		})
	}
}

// stoppedTwice runs a command as a process of its own, which is sent an interrupt when it has come to a point, and another one when it says that it stops.
func (b *fleetBench) stoppedTwice(line string, come <-chan struct{}) outcome {
	b.t.Helper()
	child := b.child(b.words(line)...)
	var stdout, stderr bytes.Buffer
	child.Stdout = &stdout
	pipe, err := child.StderrPipe()
	if err == nil {
		err = child.Start()
	}
	if err != nil {
		b.t.Fatal(err)
	}
	interrupt := func() {
		if err := child.Process.Signal(os.Interrupt); err != nil {
			b.t.Error(err)
		}
	}
	<-come
	interrupt()
	for lines := bufio.NewScanner(pipe); lines.Scan(); stderr.WriteString(lines.Text() + "\n") {
		if strings.HasPrefix(lines.Text(), "Stopping: ") {
			interrupt()
		}
	}
	_ = child.Wait() // the exit code tells
	return outcome{child.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// stoppedTwiceInProcess is the same in this process, where nothing need be said.
func (b *fleetBench) stoppedTwiceInProcess(line string, come <-chan struct{}) outcome {
	b.t.Helper()
	ctx, cancel := context.WithCancel(b.t.Context())
	defer cancel()
	again := make(chan struct{})
	b.system.StoppedAgain = func() <-chan struct{} { return again }
	go func() {
		<-come
		cancel()
		close(again)
	}()
	return b.runWith(ctx, b.words(line)...)
}

// switching begins another protocol, for a client that did not ask for one.
const switching = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n"

// silent stands in front of a server, and never answers what has a path.
type silent struct {
	*httptest.Server
	asked   chan struct{}
	opening string // is sent before the silence
}

func newSilent(t *testing.T, behind, path string) *silent {
	t.Helper()
	to, err := url.Parse(behind)
	if err != nil {
		t.Fatal(err)
	}
	s, over := &silent{asked: make(chan struct{}, 1)}, make(chan struct{})
	proxy := httputil.NewSingleHostReverseProxy(to)
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, path) {
			proxy.ServeHTTP(w, r)
			return
		}
		select {
		case s.asked <- struct{}{}:
		default:
		}
		if s.opening != "" {
			connection, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			defer func() { _ = connection.Close() }()
			_, _ = io.WriteString(connection, s.opening)
		}
		<-over
	}))
	t.Cleanup(func() { close(over); s.Close() })
	return s
}
