package cli_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/rcreg/registration/cmd/rcreg/internal/cli"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/registrationtest/sim"
)

// simulation is a running rcreg sim.
type simulation struct {
	lines *bufio.Reader
	end   func() int // interrupts it and returns the exit code
}

// simulate starts rcreg sim on free ports.
func simulate(t *testing.T, args ...string) simulation {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out, in := io.Pipe()
	system := emptyBench(t, registrationtest.NewClock(testStart)).system
	system.Stdout, system.Stderr = in, io.Discard
	exit := make(chan int, 1)
	go func() {
		exit <- cli.Run(ctx, append([]string{"sim", "--listen", "127.0.0.1:0", "--cloud-listen", "127.0.0.1:0"}, args...), system)
		_ = in.Close()
	}()
	end := func() int {
		cancel()
		_, _ = io.Copy(io.Discard, out)
		return <-exit
	}
	return simulation{bufio.NewReader(out), end}
}

// until reads lines until a text is said, and returns all that was said by then.
func (s simulation) until(t *testing.T, text string) string {
	t.Helper()
	said := ""
	for !strings.Contains(said, text) {
		line, err := s.lines.ReadString('\n')
		if err != nil {
			t.Fatalf("%v after %q", err, said)
		}
		said += line
	}
	return said
}

func TestSim(t *testing.T) {
	t.Parallel()
	running := simulate(t, "--version", "5.4", "--output", "json")
	line := running.until(t, "\n")
	var info struct {
		WorkspaceURL string `json:"workspace_url"`
		CloudURL     string `json:"cloud_url"`
		Version      string `json:"version"`
		UserID       string `json:"user_id"`
		AuthToken    string `json:"auth_token"`
		Password     string `json:"password"`
		Ordinary     struct {
			UserID    string `json:"user_id"`
			AuthToken string `json:"auth_token"`
		} `json:"ordinary_user"`
		Tokens     []string `json:"registration_tokens"`
		SupportKey string   `json:"support_key"`
	}
	if err := json.Unmarshal([]byte(line), &info); err != nil {
		t.Fatal(err)
	}
	if info.Version != "5.4.0" || len(info.Tokens) != 3 {
		t.Errorf("%s", line)
	}
	b := emptyBench(t, registrationtest.NewClock(testStart))
	b.env = map[string]string{
		"RCREG_WORKSPACE": info.WorkspaceURL, "RCREG_USER_ID": info.UserID, "RCREG_AUTH_TOKEN": info.AuthToken,
		"RCREG_REGISTRATION_TOKEN": info.Tokens[0], "RCREG_PASSWORD": info.Password,
		"RCREG_RELEASES_URL": info.CloudURL, "RCREG_SUPPORT_KEY": info.SupportKey,
	}
	b.must(0, "register")
	b.must(0, "disconnect")
	b.must(0, "reconnect")
	if state := b.must(1, "support", "--output", "json").json(t).State; state != "unsupported" {
		t.Errorf("support of 5.4: %q", state)
	}
	b.env["RCREG_USER_ID"], b.env["RCREG_AUTH_TOKEN"] = info.Ordinary.UserID, info.Ordinary.AuthToken
	if kind := b.must(1, "status", "--output", "json").json(t).Error.Kind; kind != "forbidden" {
		t.Errorf("status as an ordinary user: %q", kind)
	}
	if exit := running.end(); exit != 0 {
		t.Errorf("interrupted, it exits with %d", exit)
	}
	if reply, err := http.Get(info.WorkspaceURL); err == nil {
		_ = reply.Body.Close()
		t.Error("it still serves after its end")
	}
}

func TestSimInText(t *testing.T) {
	t.Parallel()
	running := simulate(t, "--version", "9.0")
	said := running.until(t, "Ctrl-C")
	for _, want := range []string{"export RCREG_WORKSPACE=http://127.0.0.1:", "export RCREG_SUPPORT_KEY=", "/_sim/", "rcreg status"} {
		if !strings.Contains(said, want) {
			t.Errorf("it does not say %q: %s", want, said)
		}
	}
	if exit := running.end(); exit != 0 {
		t.Errorf("interrupted, it exits with %d", exit)
	}
}

func TestSimMisbehavesRepeatably(t *testing.T) {
	t.Parallel()
	met := func() string { // with this seed nothing is late, so that nobody waits
		running := simulate(t, "--version", "5.4", "--faults", "0.5", "--seed", "25", "--output", "json")
		defer running.end()
		var info sim.Info
		if err := json.NewDecoder(running.lines).Decode(&info); err != nil {
			t.Fatal(err)
		}
		if info.Faults != 0.5 || info.Seed != 25 {
			t.Errorf("it says that the faults are %v with seed %d", info.Faults, info.Seed)
		}
		for range 8 {
			askOnce(t, info.CloudURL+"/v2/server/supportedVersions")
		}
		var faults struct {
			Exchanges int              `json:"exchanges"`
			Fired     []map[string]any `json:"fired"`
		}
		if err := json.Unmarshal(askOnce(t, info.CloudURL+"/_sim/faults"), &faults); err != nil {
			t.Fatal(err)
		}
		if faults.Exchanges != 8 || len(faults.Fired) == 0 || len(faults.Fired) == 8 {
			t.Errorf("%d of %d exchanges failed", len(faults.Fired), faults.Exchanges)
		}
		return fmt.Sprint(faults.Fired)
	}
	if one, again := met(), met(); one != again {
		t.Errorf("the same seed: %s, and then %s", one, again)
	}
}

// askOnce asks over a connection of its own, so that nothing is repeated unseen, and returns what came of it.
func askOnce(t *testing.T, address string) []byte {
	t.Helper()
	transport := &http.Transport{DisableKeepAlives: true}
	defer transport.CloseIdleConnections()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	reply, err := transport.RoundTrip(request)
	if err != nil {
		return nil
	}
	defer reply.Body.Close()
	body, _ := io.ReadAll(reply.Body)
	return body
}

func TestSimPrintsItsSeed(t *testing.T) {
	t.Parallel()
	running := simulate(t, "--faults", "0.25", "--seed", "7")
	defer running.end()
	running.until(t, "--faults 0.25 --seed 7")
	b := emptyBench(t, registrationtest.NewClock(testStart))
	if got := b.run("sim", "--faults", "2"); got.exit != 2 || !strings.Contains(got.stderr, "from 0 to 1") {
		t.Errorf("a probability of 2: exit %d: %s", got.exit, got.stderr)
	}
}

func TestSimOnATakenPort(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	b := emptyBench(t, registrationtest.NewClock(testStart))
	for _, flag := range []string{"--listen", "--cloud-listen"} {
		args := []string{"sim", "--listen", "127.0.0.1:0", "--cloud-listen", "127.0.0.1:0", flag, listener.Addr().String()}
		if got := b.run(args...); got.exit != 1 || !strings.Contains(got.stderr, listener.Addr().String()) || !strings.Contains(got.stderr, "another port with --listen") {
			t.Errorf("%s: exit %d: %s", flag, got.exit, got.stderr)
		}
	}
}
