package offline_test

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/clienttest"
)

// noises are what editors, browsers and shells add to a code that a person saves.
func noises() []noise {
	return []noise{
		{"nothing", func(code string) string { return code }},
		{"a trailing newline", func(code string) string { return code + "\n" }},
		{"a byte order mark", func(code string) string { return "\ufeff" + code + "\r\n" }},
		{"lines of 76", func(code string) string { return lines(code, 76, "\r\n") }},
		{"indented short lines", func(code string) string { return lines(code, 20, "\n\t  ") }},
		{"blank lines around", func(code string) string { return "\n\n \t" + code + " \n\n" }},
		{"UTF-16 of Windows", func(code string) string { return utf16LE(code + "\r\n") }},
		{"no padding", func(code string) string { return strings.TrimRight(code, "=") }},
		{"non-breaking spaces", func(code string) string { return "\u00a0" + lines(code, 40, "\u00a0\n") }},
		{"zero-width characters", func(code string) string { return lines(code, 40, "\u200b") }},
	}
}

type noise struct {
	name string
	in   func(code string) string
}

func lines(text string, length int, end string) string {
	var out strings.Builder
	for len(text) > length {
		out.WriteString(text[:length] + end)
		text = text[length:]
	}
	return out.String() + text + end
}

func utf16LE(text string) string {
	out := bytes.NewBufferString("\xff\xfe")
	for _, unit := range utf16.Encode([]rune(text)) {
		out.Write([]byte{byte(unit), byte(unit >> 8)})
	}
	return out.String()
}

// TestOfflineByHand pastes the request into the Cloud console, and saves the code that it shows, with noise.
func TestOfflineByHand(t *testing.T) {
	t.Parallel()
	all := noises()
	for i, v := range clienttest.Versions() { // more than there are noises
		noise := all[i%len(all)]
		t.Run(v+"/"+noise.name, func(t *testing.T) {
			t.Parallel()
			g := newGapped(t, v)
			client := g.run(t)
			ticket := g.ask(t, client)
			code := g.code(t, ticket)
			g.save(t, ticket, ".txt", noise.in(code))
			result, err := client.Resume(t.Context(), ticket)
			clienttest.Expect(t, "resume", result, err, nil, true)
			if !strings.Contains(strings.Join(result.Notes, "\n"), "not sealed") {
				t.Errorf("nothing says that the code was in clear: %q", result.Notes)
			}
			g.expectArchived(t, ticket)
			g.expectNoSecret(t, result, err)
			if strings.Contains(g.load(t, "archive", ticket.Request+".answer.json"), code[:40]) {
				t.Error("the code is archived in clear")
			}
			if n := g.handedOver(); n != 1 {
				t.Errorf("%d grants were handed over", n)
			}
			g.expectGap(t)
		})
	}
}

// TestOfflinePastesWhatTheWorkspaceGave compares the text for the console with what the workspace says, byte for byte.
func TestOfflinePastesWhatTheWorkspaceGave(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.0", "", func(t *testing.T, v string) {
		g := newGapped(t, v)
		client := g.run(t)
		want, err := client.Session().RegistrationData(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		ticket := g.ask(t, client)
		if got := g.load(t, "requests", ticket.Request+".txt"); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if _, err := base64.StdEncoding.DecodeString(want); err != nil || ticket.UniqueID != g.Setting("uniqueID") {
			t.Errorf("%v, %#v", err, ticket)
		}
	})
}

// TestTwoAnswers: what a person saved helps where a courier's file does not, and a courier's file goes first.
func TestTwoAnswers(t *testing.T) {
	t.Parallel()
	g := newGapped(t, "6.13.0")
	client := g.run(t)
	ticket := g.ask(t, client)
	g.courier(t)
	sealed := g.load(t, "answers", ticket.Request+".json")
	g.save(t, ticket, ".json", sealed[:100])
	g.save(t, ticket, ".txt", g.code(t, ticket))
	result, err := client.Register(t.Context(), registration.Request{})
	clienttest.Expect(t, "register", result, err, nil, true)
	known := g.Cloud().Workspaces()
	if result.After.WorkspaceID != known[len(known)-1].ID || !strings.Contains(strings.Join(result.Notes, " "), "not sealed") {
		t.Errorf("registered as %s of %+v, notes %q", result.After.WorkspaceID, known, result.Notes)
	}
}
