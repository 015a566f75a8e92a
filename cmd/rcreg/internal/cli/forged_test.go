package cli_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/rcreg/registration/cmd/rcreg/internal/cli"
	"github.com/rcreg/registration/registrationtest"
)

// forged is what a hostile server adds to its values: lines that look like ours, and signs that steer a terminal or hide.
const forged = "\nState  FORGED\r\nState  FORGED\vState  FORGED\fforged by\u0085FORGED\u2028FORGED\u2029FORGED\t\x1b[2J\x1b[31m\u009b2J\u202e\u2066\u200f\u200b\u3164\x7f" //nolint:dupword // that is the forgery

// forger stands before a server and adds to each text in its replies, but to those under the keys that are spared.
func forger(t *testing.T, origin string, spared ...string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		request := r.Clone(r.Context())
		request.RequestURI = ""
		request.URL.Scheme, request.URL.Host = "http", strings.TrimPrefix(origin, "http://")
		reply, err := http.DefaultTransport.RoundTrip(request)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		defer reply.Body.Close()
		body, _ := io.ReadAll(reply.Body)
		var value any
		if json.Unmarshal(body, &value) == nil {
			body, _ = json.Marshal(withForged(value, spared))
		}
		w.Header().Set("Content-Type", reply.Header.Get("Content-Type"))
		w.WriteHeader(reply.StatusCode)
		_, _ = w.Write(body)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func withForged(value any, spared []string) any {
	switch value := value.(type) {
	case string:
		return value + forged
	case []any:
		for i := range value {
			value[i] = withForged(value[i], spared)
		}
	case map[string]any:
		for key, of := range value {
			if !slices.Contains(spared, key) {
				value[key] = withForged(of, spared)
			}
		}
	}
	return value
}

// unforged reports what is wrong with a text that was printed: its lines are ours, and nothing in it steers a terminal.
func unforged(t *testing.T, what, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n") // of CSV
		bad := func(r rune) bool {
			return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) || r == '\u3164'
		}
		if strings.ContainsFunc(line, bad) || !utf8.ValidString(line) {
			t.Errorf("%s prints signs that steer: %q", what, line)
		}
		if regexp.MustCompile(`^(State +)?FORGED`).MatchString(line) {
			t.Errorf("%s prints a line that is not its own: %q", what, line)
		}
	}
}

// Whatever a workspace and the Cloud say of themselves, every line of the output is ours.
func TestForgedOutput(t *testing.T) {
	t.Parallel()
	// What has to be right for a command to come to its end; and all else is forged.
	kept := []string{"version", "status", "method", "msg", "signed", "workspaceId", "data", "authToken", "userId", "cloudBlob", "license", "code"}
	commands := []string{
		"status", "capabilities", "doctor", "doctor --with-cloud --with-sync", "support", "sync", "license show", "register", "register --email ops@example.com", "resume",
		"disconnect", "reconnect", "register --via relay", "offline request --exchange EXCHANGE", "offline status --exchange EXCHANGE",
		"courier run --exchange EXCHANGE --tokens-file TOKENS --state STATE", "offline apply --exchange EXCHANGE", "license request --exchange EXCHANGE", "license apply --file TOKENS",
		"deployment confirm new-workspace --yes",
	}
	for name, tc := range map[string]struct {
		version string
		spared  []string
		least   int // so many forged values are printed, or the test does not see what it is for
	}{
		"of 3.1":        {"3.1.0", kept, 5},
		"of 6.4":        {"6.4.0", kept, 20},
		"of 9.0":        {"9.0.0", kept, 20},
		"of no version": {"9.0.0", nil, 5},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, tc.version)
			b.env["RCREG_WORKSPACE"] = forger(t, b.fake.URL(), tc.spared...)
			b.env["RCREG_CLOUD_URL"] = forger(t, b.fake.Cloud().URL(), tc.spared...)
			b.env["RCREG_RELEASES_URL"] = b.env["RCREG_CLOUD_URL"]
			tokens := filepath.Join(t.TempDir(), "tokens")
			if err := os.WriteFile(tokens, []byte("* "+b.fake.Cloud().IssueToken()+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			seen := 0
			for _, command := range commands {
				b.env["RCREG_REGISTRATION_TOKEN"] = b.fake.Cloud().IssueToken()
				args := strings.Fields(strings.NewReplacer("EXCHANGE", b.exchange, "TOKENS", tokens, "STATE", filepath.Join(filepath.Dir(tokens), "courier")).Replace(command))
				for _, format := range []string{"text", "json"} {
					got := b.run(append(args, "--output", format, "--verbose")...)
					unforged(t, command+" -o "+format, got.stdout)
					unforged(t, command+" -o "+format+", on stderr", got.stderr)
					seen += strings.Count(got.stdout+got.stderr, "FORGED")
				}
				if strings.HasPrefix(command, "offline request") {
					b.forgeRequests()
				}
			}
			if seen < tc.least {
				t.Errorf("the commands have printed only %d values that were forged", seen)
			}
		})
	}
}

// forgeRequests puts files into the exchange folder whose names and texts are hostile.
func (b *bench) forgeRequests() {
	b.t.Helper()
	for _, folder := range []string{"requests", "answers"} {
		dir := filepath.Join(b.exchange, folder)
		if err := os.MkdirAll(dir, 0o700); err != nil {
			b.t.Fatal(err)
		}
		for _, name := range []string{"x\nState  FORGED.json", "y\u202e\u2028FORGED\u009b.txt", "z\x9b\nFORGED.json"} {
			text, _ := json.Marshal(map[string]string{"format": "x" + forged, "request": "x" + forged, "kind": "x" + forged})
			if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, syscall.EILSEQ) {
				b.t.Fatal(err)
			}
		}
	}
}

// Nor are the lines of a fleet forged, by its workspaces or by its list.
func TestForgedFleet(t *testing.T) {
	t.Parallel()
	for name, spared := range map[string][]string{"errors": nil, "values": {"version", "status"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newFleetBench(t, 3)
			url := forger(t, b.sim.Fleet().URL(0), spared...)
			b.edit("fleet.yaml", b.sim.Fleet().URL(0), url)
			report := b.in("report.html")
			for _, line := range []string{
				"status --file LIST --report " + report, "register --file LIST --tokens POOL", "sync --file LIST", "status --file LIST --output json", "status --file LIST --output csv",
				"sync --file LIST --output csv", `status --file LIST --select "a` + forged + `=b"`,
			} {
				got := b.line(line)
				unforged(t, line, got.stdout)
				unforged(t, line+", on stderr", got.stderr)
			}
			page, err := os.ReadFile(report)
			if err != nil {
				t.Fatal(err)
			}
			if i := bytes.IndexFunc(page, func(r rune) bool { return unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) || r >= 0x7f && r < 0xa0 }); i >= 0 {
				t.Errorf("the report has %q", page[max(0, i-40):i+10])
			}
		})
	}
}

// A view prints nothing past the functions that keep a value on its line.
func TestViewsPrintThroughScreen(t *testing.T) {
	t.Parallel()
	// What has no values of others in it: texts of our own, and the codes that move the cursor.
	fine := regexp.MustCompile(`Fprintln\(\w+(\.\w+)*(, (s\.\w+\(|wipe\+)?"[^"]*"\)?)?\)|Fprint\([^,]*, "[^"]*"\)|c\.out, "\\r\\x1b\[KNext look`)
	for _, folder := range []string{".", "../../../../temporal/internal/cli"} {
		files, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil || len(files) < 20 {
			t.Fatalf("%d files in %s (%v)", len(files), folder, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(string(text)) {
				if strings.HasSuffix(file, "_test.go") || !regexp.MustCompile(`fmt\.Fprint|io\.WriteString\(.*[sS]td(out|err)`).MatchString(line) || fine.MatchString(line) {
					continue
				}
				t.Errorf("%s prints past screen.Printf and screen.Columns, which keep a value on its line: %s", filepath.Base(file), strings.TrimSpace(line))
			}
		}
	}
}

// full is a stream on which there is no room.
type full struct{ err error }

func (f full) Write([]byte) (int, error) { return 0, f.err }

// An answer that cannot be written is told on stderr, and no command ends well without one.
func TestStdoutFull(t *testing.T) {
	t.Parallel()
	b := newBench(t, "9.0.0")
	b.register()
	for _, line := range []string{
		"", "--help", "help", "status --help", "help status", "completion bash", "completion zsh", "completion fish", "completion powershell", "version", "version -o json", "status",
		"status -o json", "capabilities", "capabilities -o json", "license show", "license show -o json", "sync", "sync -o json", "doctor", "doctor -o json", "fleet", "offline",
		"status --bogus -o json", "statsu -o json", "demo", "demo -o json",
	} {
		for _, lost := range []error{syscall.ENOSPC, syscall.EPIPE} {
			var stderr bytes.Buffer
			system := b.system
			system.Stdout, system.Stderr = full{lost}, &stderr
			exit := cli.Run(t.Context(), strings.Fields(line), system)
			told := strings.Contains(stderr.String(), "the output could not be written: "+lost.Error())
			if exit == 0 || told == errors.Is(lost, syscall.EPIPE) || strings.Contains(stderr.String(), "see rcreg status --help") != strings.Contains(line, "s --bogus") && !strings.Contains(line, "statsu") {
				t.Errorf("rcreg %s, %v: exit %d, %q", line, lost, exit, stderr.String())
			}
		}
	}
}

// What went wrong besides is told as well: here that the outcome is not known.
func TestStdoutFullTellsTheFailure(t *testing.T) {
	t.Parallel()
	b := emptyBench(t, registrationtest.NewClock(testStart))
	var stderr bytes.Buffer
	b.system.Stdout, b.system.Stderr = full{syscall.ENOSPC}, &stderr
	if exit := cli.Run(t.Context(), []string{"status", "-o", "json"}, b.system); exit != 2 || !strings.Contains(stderr.String(), "no workspace was named") {
		t.Errorf("exit %d, %q", exit, stderr.String())
	}
}
