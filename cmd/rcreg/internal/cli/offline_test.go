package cli_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Every way to ask, to answer and to apply leads to a registered workspace, over every dialect.
func TestAcrossTheGap(t *testing.T) {
	t.Parallel()
	const register = "register --via offline --exchange EXCHANGE --output json"
	for _, c := range []struct {
		version, ask, apply string
		answer              func(*site, string)
		seal                string
	}{
		{"3.0.0", offlineRequest, offlineApply, (*site).byCourier, "sealed"},
		{"4.3.0", register, register, (*site).byConsole, "unsealed"},
		{"5.4.0", offlineRequest, offlineApply, (*site).byConsole, "unsealed"},
		{"6.13.0", register, register, (*site).byCourier, "sealed"},
		{"8.7.0", offlineRequest, "resume --via offline --exchange EXCHANGE --output json", (*site).byCourier, "sealed"},
		{"9.0.0", register, offlineApply, (*site).byCourier, "sealed"},
	} {
		t.Run(c.version, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, c.version)
			id := s.request(c.ask)
			if again := s.request(c.ask); again != id {
				t.Errorf("asked again, it is request %s and not %s", again, id)
			}
			if early := s.request(c.apply); early != id {
				t.Errorf("applied too early: %s", early)
			}
			if got := s.expect(0, offlineStatus).Requests; len(got) != 1 || got[0].Answer != "none" || got[0].Kind != "registration" || got[0].Request != id {
				t.Errorf("before the answer: %+v", got)
			}
			c.answer(s, id)
			if got := s.expect(0, offlineStatus).Requests; len(got) != 1 || got[0].Answer != c.seal {
				t.Errorf("with the answer: %+v", got)
			}
			got := s.expect(0, c.apply)
			if got.After.State != "registered" || !got.Changed {
				t.Errorf("applied: %+v", got)
			}
			if warned := strings.Contains(strings.Join(got.Notes, " "), "not sealed"); warned != (c.seal == "unsealed") {
				t.Errorf("notes: %q", got.Notes)
			}
			s.isDone()
		})
	}
}

func TestOfflineStatusOfMany(t *testing.T) {
	t.Parallel()
	s, other := newSite(t, "6.13.0"), newSite(t, "9.0.0")
	other.system.StateDir, other.exchange = s.system.StateDir, s.exchange
	id, otherID := s.request(offlineRequest), other.request(offlineRequest)
	if got := s.expect(0, offlineStatus).Requests; len(got) != 2 {
		t.Errorf("of all: %+v", got)
	}
	if got := s.expect(0, offlineStatus+" --workspace "+other.fake.URL()+"/").Requests; len(got) != 1 || got[0].Request != otherID {
		t.Errorf("by address: %+v", got)
	}
	uniqueID := s.fake.Setting("uniqueID").(string)
	if got := s.expect(0, "offline status --output json --workspace "+uniqueID).Requests; len(got) != 1 || got[0].Request != id || got[0].Answer != "not looked for" {
		t.Errorf("by unique id, without a folder: %+v", got)
	}
	if text := s.line("offline status").stdout; !strings.Contains(text, id) || !strings.Contains(text, otherID) {
		t.Errorf("in text: %s", text)
	}
	// It needs no workspace and no credentials.
	s.env = map[string]string{}
	if got := s.expect(0, offlineStatus).Requests; len(got) != 2 {
		t.Errorf("with nothing in the environment: %+v", got)
	}
}

// TestMisnamedAnswers are named, with the name that is wanted: they are not passed over in silence.
func TestMisnamedAnswers(t *testing.T) {
	t.Parallel()
	s := newSite(t, "8.6.1")
	id := s.request(offlineRequest)
	answers := filepath.Join(s.exchange, "answers")
	for _, name := range []string{id + ".txt.txt", id + " (1).txt", id, "code.txt"} {
		if err := os.WriteFile(filepath.Join(answers, name), []byte("code"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{id, id + " (1).txt", id + ".txt.txt", "code.txt"}
	slices.Sort(want)
	got := s.line(offlineStatus)
	var shown struct{ Strays []string }
	if err := json.Unmarshal([]byte(got.stdout), &shown); err != nil || !slices.Equal(shown.Strays, want) {
		t.Errorf("%v: %s", err, got.stdout)
	}
	text := s.line("offline status --exchange EXCHANGE").stdout
	for _, name := range want {
		if !strings.Contains(text, "answers/"+name+" is not taken for an answer: name it answers/REQUEST.txt") {
			t.Errorf("%s is not named: %s", name, text)
		}
	}
}

func TestWithdraw(t *testing.T) {
	t.Parallel()
	s := newSite(t, "6.13.0")
	id := s.request(offlineRequest)
	const withdraw = "offline withdraw --exchange EXCHANGE --output json --request "
	if got := s.expect(2, withdraw+"aaaaaaaaaaaaaaaa"); got.Error.Kind != "unknown_request" || !strings.Contains(got.Error.Advice, "rcreg offline status") {
		t.Errorf("%+v", got)
	}
	s.expect(0, withdraw+id)
	if left, err := os.ReadDir(filepath.Join(s.exchange, "requests")); err != nil || len(left) != 0 {
		t.Errorf("left: %v, %v", left, err)
	}
	s.expect(2, withdraw+id)
	s.expect(2, offlineApply)
	if next := s.request(offlineRequest); next == id {
		t.Error("the request was not taken back")
	}
}

// The answer is applied while somebody watches, and only a person on a terminal is told about it.
func TestWaitForTheAnswer(t *testing.T) {
	t.Parallel()
	const wait = "register --via offline --exchange EXCHANGE --wait --output json"
	for name, terminal := range map[string]bool{"unseen": false, "on a terminal": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, "6.13.0")
			s.system.StderrTerminal = terminal
			s.system.Clock = &hookClock{s.system.Clock, func() { s.byCourier("") }}
			got := s.line(wait)
			if got.exit != 0 || got.json(t).After.State != "registered" || strings.Contains(got.stderr, "rcreg offline apply") != terminal {
				t.Errorf("exit %d: %s%s", got.exit, got.stdout, got.stderr)
			}
			s.isDone()
		})
	}
	t.Run("interrupted", func(t *testing.T) {
		t.Parallel()
		s := newSite(t, "6.13.0")
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		s.system.Clock = &hookClock{s.system.Clock, cancel}
		got := s.runWith(ctx, strings.Fields(strings.ReplaceAll(wait, "EXCHANGE", s.exchange))...)
		if read := got.json(t); got.exit != 3 || read.Request == nil || read.Error.Kind != "pending" {
			t.Errorf("exit %d: %s", got.exit, got.stdout)
		}
	})
}
