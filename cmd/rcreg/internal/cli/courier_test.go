package cli_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rcreg/registration/offline"
	"github.com/rcreg/registration/registrationtest"
)

// gap is an exchange folder with one request, and the courier's side of it.
type gap struct {
	*bench
	cloud          *registrationtest.Cloud
	request, token string
	requester      *offline.Requester
}

func newGap(t *testing.T) *gap {
	t.Helper()
	clock := registrationtest.NewClock(testStart)
	g := &gap{bench: emptyBench(t, clock), cloud: registrationtest.NewCloud(t, registrationtest.WithClock(clock))}
	g.token = g.cloud.IssueToken()
	g.env["RCREG_CLOUD_URL"] = g.cloud.URL()
	folder, err := offline.OpenFolder(g.exchange)
	if err != nil {
		t.Fatal(err)
	}
	state, err := offline.OpenState(filepath.Join(t.TempDir(), "state"))
	if err != nil {
		t.Fatal(err)
	}
	g.requester = &offline.Requester{Folder: folder, State: state, Clock: clock}
	data := base64.StdEncoding.EncodeToString([]byte(`{"uniqueId":"7bcda132","address":"https://chat.example.com","siteName":"Chat","version":"6.13.0"}`))
	request, err := g.requester.Ask(offline.Registration, data)
	if err != nil {
		t.Fatal(err)
	}
	g.request = request.ID()
	return g
}

// courier runs the courier with the text of a tokens file.
func (g *gap) courier(tokens string, more ...string) outcome {
	g.t.Helper()
	return g.run(append([]string{"courier", "run", "--exchange", g.exchange, "--tokens-file", g.file(tokens)}, more...)...)
}

type courierReport struct {
	Requests []struct{ Request, Workspace, Outcome, Error string }
}

// outcomes reads the report of a courier.
func (g *gap) outcomes(got outcome) (report courierReport) {
	g.t.Helper()
	if err := json.Unmarshal([]byte(got.stdout), &report); err != nil {
		g.t.Fatalf("%v: %s%s", err, got.stdout, got.stderr)
	}
	return report
}

func TestCourier(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	for _, want := range []string{"answered", "answered before"} {
		got := g.courier("7bcda132 "+g.token, "--output", "json", "--verbose")
		if report := g.outcomes(got); got.exit != 0 || len(report.Requests) != 1 || report.Requests[0].Outcome != want {
			t.Errorf("exit %d, want %q: %s%s", got.exit, want, got.stdout, got.stderr)
		}
		if strings.Contains(got.stdout+got.stderr, g.token) {
			t.Error("the token was shown")
		}
	}
	if spent := g.cloud.SpentTokens(); len(spent) != 1 {
		t.Errorf("%d tokens are spent", len(spent))
	}
	if _, err := g.requester.Answer(g.request); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(filepath.Join(g.system.StateDir, "courier")); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the state folder: %v, %v", info, err)
	}
}

func TestCourierFails(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, tokens, outcome string }{
		{"no token", "", "failed"},
		{"refused", "* bad-registration-token", "refused"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			g := newGap(t)
			got := g.courier(c.tokens, "--output", "json")
			if report := g.outcomes(got); got.exit != 1 || report.Requests[0].Outcome != c.outcome || report.Requests[0].Error == "" {
				t.Errorf("exit %d: %s", got.exit, got.stdout)
			}
			text := g.courier(c.tokens)
			if text.exit != 1 || !strings.Contains(text.stdout, c.outcome) && !strings.Contains(text.stdout, "refused") {
				t.Errorf("exit %d: %s", text.exit, text.stdout)
			}
		})
	}
}

// A courier that is interrupted says what it did before.
func TestCourierInterrupted(t *testing.T) {
	t.Parallel()
	for _, output := range []string{"text", "json"} {
		t.Run(output, func(t *testing.T) {
			t.Parallel()
			g := newGap(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			cloud := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body) // only then the end of the connection shows
				cancel()
				<-r.Context().Done()
			}))
			defer cloud.Close()
			got := g.runWith(ctx, "courier", "run", "--exchange", g.exchange, "--tokens-file", g.file("* "+g.token), "--cloud-url", cloud.URL, "--output", output)
			if got.exit != 1 || !strings.Contains(got.stdout, g.request) {
				t.Errorf("exit %d: %s%s", got.exit, got.stdout, got.stderr)
			}
			if output == "text" {
				return
			}
			if read := got.json(t); read.Error.Kind != "interrupted" || len(read.Requests) != 1 || read.Requests[0].Outcome == "" {
				t.Errorf("%s", got.stdout)
			}
		})
	}
}

// A state folder that cannot be trusted, or is in use, stops the courier before it asks anything.
func TestCourierState(t *testing.T) {
	t.Parallel()
	for kind, c := range map[string]struct {
		prepare func(t *testing.T, state string)
		exit    int
	}{
		"readable_by_others": {func(t *testing.T, state string) {
			if err := os.Chmod(state, 0o755); err != nil {
				t.Fatal(err)
			}
		}, 2},
		"locked": {func(t *testing.T, state string) {
			ledger, err := offline.OpenLedger(state)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = ledger.Close() })
		}, 1},
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			g := newGap(t)
			state := t.TempDir()
			if err := os.Chmod(state, 0o700); err != nil {
				t.Fatal(err)
			}
			c.prepare(t, state)
			got := g.courier("* "+g.token, "--state", state, "--output", "json")
			if read := got.json(t); got.exit != c.exit || read.Error.Kind != kind || !strings.Contains(read.Error.Advice, "--state") {
				t.Errorf("exit %d: %s", got.exit, got.stdout)
			}
			if asked := g.cloud.History(); len(asked) != 0 {
				t.Errorf("the Cloud was asked %d times", len(asked))
			}
		})
	}
}

func TestCourierUsage(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	for name, args := range map[string][]string{
		"no folder":     {"courier", "run"},
		"no stick":      {"courier", "run", "--exchange", filepath.Join(g.exchange, "nowhere", "exchange")},
		"no tokens":     {"courier", "run", "--exchange", g.exchange, "--tokens-file", "/nowhere/tokens"},
		"broken tokens": {"courier", "run", "--exchange", g.exchange, "--tokens-file", g.file("one-word")},
		"no Cloud":      {"courier", "run", "--exchange", g.exchange, "--cloud-url", "nonsense"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := g.run(args...); got.exit != 2 || strings.Contains(got.stderr, "one-word") {
				t.Errorf("exit %d: %s%s", got.exit, got.stdout, got.stderr)
			}
		})
	}
}
