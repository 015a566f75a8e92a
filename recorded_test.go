package registration_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/go-version"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/internal/transcript"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/workspace"
)

// TestRecorded lets the client meet what real servers answered: for each scenario a server that gives the recorded replies, and what a user should be told.
func TestRecorded(t *testing.T) {
	t.Parallel()
	for _, v := range []string{"3.0.0", "3.1.0", "3.18.0", "4.3.0", "4.8.0", "5.4.0", "6.0.0", "6.4.0", "6.5.0", "6.13.0", "8.6.1"} {
		t.Run(v, func(t *testing.T) {
			t.Parallel()
			tape := readTape(t, v)
			played := 0
			for _, s := range stories() {
				wanted, ok := tape.wanted(s)
				if !ok {
					continue
				}
				played++
				t.Run(s.name, func(t *testing.T) {
					t.Parallel()
					tape.play(t, s, wanted)
				})
			}
			if played < 15 {
				t.Errorf("only %d stories were played: the recordings are not read as they should", played)
			}
		})
	}
}

// testStart is when the clocks of the tests start.
var testStart = clienttest.Began()

// tape is the recordings of one version, by scenario and step.
type tape struct {
	version *version.Version
	lines   map[string]transcript.Line
}

func readTape(t *testing.T, v string) tape {
	t.Helper()
	tp := tape{version: version.Must(version.NewVersion(v)), lines: map[string]transcript.Line{}}
	for _, file := range []string{v, "settings-licences-" + v} {
		if v == "8.6.1" && file != v {
			continue // not recorded
		}
		lines, err := transcript.Read(filepath.Join("registrationtest", "testdata", "transcripts", file+".jsonl.gz"))
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range lines {
			tp.lines[line.Scenario+"/"+line.Step] = line
		}
	}
	return tp
}

func (tp tape) since(v string) bool {
	return tp.version.GreaterThanOrEqual(version.Must(version.NewVersion(v)))
}

// wanted finds what a story should end in at this version; false when the scenario was not recorded.
func (tp tape) wanted(s story) (outcome, bool) {
	var found outcome
	for _, o := range s.want {
		if tp.since(o.since) {
			found = o
		}
	}
	for _, step := range s.acts {
		if _, ok := tp.lines[tp.called(step)]; !ok {
			return outcome{}, false
		}
	}
	return found, !found.absent
}

// called finds the line of a step as this version's client asks it: "sync (…)" over REST from 6.5, a status over REST from 4.6.
func (tp tape) called(step string) string {
	restSince := "6.5"
	if strings.Contains(step, "/status") {
		restSince = "4.6"
	}
	if tp.since(restSince) {
		return strings.Replace(step, "(*)", "(REST)", 1)
	}
	return strings.Replace(step, "(*)", "(method)", 1)
}

// copyOf copies a line with all that it points to: the server writes into what it replies, and stories share lines.
func copyOf(t *testing.T, line transcript.Line) (c transcript.Line) {
	t.Helper()
	text, err := json.Marshal(line)
	if err == nil {
		err = json.Unmarshal(text, &c)
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (tp tape) play(t *testing.T, s story, wanted outcome) {
	t.Helper()
	steps := s.script(wanted)
	script := make([]transcript.Line, 0, len(steps))
	for _, step := range steps {
		line, ok := tp.lines[tp.called(step)]
		if !ok {
			t.Fatalf("no line %q", tp.called(step))
		}
		script = append(script, copyOf(t, line))
	}
	server := newRecordedServer(t, copyOf(t, tp.lines["info/info as admin"]), script)
	clock := registrationtest.NewClock(testStart)
	ws, err := workspace.New(server.URL, workspace.Token("adminid", "admin-token"), workspace.WithClock(clock),
		workspace.WithTwoFactor(func(context.Context, workspace.Challenge) (string, error) { return "000000", nil }))
	if err != nil {
		t.Fatal(err)
	}
	client := clienttest.ClientOf(t, ws)
	result, err := s.run(t.Context(), client, clock)
	if wanted.kind == nil && err != nil || wanted.kind != nil && !errors.Is(err, wanted.kind) {
		t.Errorf("error %v, want %v", err, wanted.kind)
	}
	if errors.Is(err, registration.ErrOutcomeUnknown) != errors.Is(wanted.kind, registration.ErrOutcomeUnknown) {
		t.Errorf("error %v, want %v: unknown is for what nobody can know", err, wanted.kind)
	}
	if result.Changed != wanted.changed {
		t.Errorf("changed is %v, want %v (%+v)", result.Changed, wanted.changed, result)
	}
	if left := server.left(); left != 0 {
		t.Errorf("%d lines of the script were not asked for; calls: %v", left, result.Calls)
	}
	for _, secret := range []string{"good-token", "bad-token", "admin-token", "secret-1", "dev-ok"} {
		if text := fmt.Sprintf("%v %+v", err, result); strings.Contains(text, secret) {
			t.Errorf("a secret shows: %s", text)
		}
	}
}
