package fleet

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/rcreg/registration/internal/linelog"
	"github.com/rcreg/registration/internal/secret"
)

// FuzzTokens: every line of a pool is a comment, a token that can be sent, or a problem that does not repeat it.
func FuzzTokens(f *testing.F) {
	for _, text := range []string{"", "# none\n", "token-one\ntoken-two\r\n\n# and\ntoken-three", "token-one\n#\ntoken-one\n", "token one\n", "\uFEFFtoken\n", "t\x00ken\n", "töken\n", " \t token \v\n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tokens, problems := parseTokens(text)
		lines := strings.Split(strings.TrimPrefix(text, "\uFEFF"), "\n")
		for i := range lines {
			lines[i] = strings.TrimSpace(lines[i])
		}
		seen := map[string]bool{}
		for _, token := range tokens {
			text := token.Reveal()
			if seen[text] || !slices.Contains(lines, text) || text[0] == '#' || strings.ContainsFunc(text, func(c rune) bool { return c <= ' ' || c > '~' }) {
				t.Errorf("took %q", text)
			}
			seen[text] = true
		}
		for _, problem := range problems {
			if problem.Line < 1 || problem.Line > len(lines) {
				t.Fatalf("of %d lines: %v", len(lines), problem)
			}
			if line := lines[problem.Line-1]; len(line) > 20 && strings.Contains(problem.Text, line) {
				t.Errorf("repeats %q: %v", line, problem)
			}
		}
		comments := slices.DeleteFunc(slices.Clone(lines), func(line string) bool { return line != "" && line[0] != '#' })
		if len(tokens)+len(problems)+len(comments) != len(lines) {
			t.Errorf("%d tokens, %d problems and %d comments are not %d lines", len(tokens), len(problems), len(comments), len(lines))
		}
	})
}

// FuzzTokenMemory: after any lines that are accepted, no token is bound to two workspaces, and none is both free and bound.
func FuzzTokenMemory(f *testing.F) {
	line := func(event, workspace, token string) string {
		text, err := tokenRecord{Event: event, Workspace: workspace, Token: digestOf(secret.New(token))}.line()
		if err != nil {
			f.Fatal(err)
		}
		return string(text) + "\n"
	}
	f.Add("")
	f.Add("{}\n")
	f.Add(line(eventClaimed, "a", "1"))
	f.Add(line(eventClaimed, "a", "1") + line(string(Spent), "a", "1") + line(eventClaimed, "a", "2"))
	f.Add(line(eventClaimed, "a", "1") + line(string(Returned), "a", "1") + line(eventClaimed, "b", "1") + line(string(Refused), "b", "1"))
	f.Add(line(eventClaimed, "a", "1") + line(eventClaimed, "b", "1"))
	f.Fuzz(func(t *testing.T, text string) {
		memory := newTokenMemory()
		for line := range strings.Lines(text) {
			if err := memory.replay(linelog.Line{Text: []byte(strings.TrimSuffix(line, "\n"))}); err != nil {
				return
			}
		}
		holders := map[digest]string{}
		for workspace, claimed := range memory.bound {
			if other, ok := holders[claimed.digest]; ok || memory.taken[claimed.digest] != workspace {
				t.Errorf("%q and %q have one token, which is with %q", workspace, other, memory.taken[claimed.digest])
			}
			holders[claimed.digest] = workspace
		}
		for d, workspace := range memory.taken {
			if workspace != "" && memory.bound[workspace].digest != d {
				t.Errorf("%q has another token than it was given", workspace)
			}
		}
	})
}

func TestDigestText(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`""`, `"00"`, `"` + strings.Repeat("0", 66) + `"`, `"` + strings.Repeat("z", 64) + `"`, "7"} {
		var d digest
		if err := json.Unmarshal([]byte(text), &d); err == nil {
			t.Errorf("%s was read as %x", text, d)
		}
	}
	want := digestOf(secret.New("token"))
	text, err := json.Marshal(want)
	var got digest
	if err = errors.Join(err, json.Unmarshal(text, &got)); err != nil || got != want {
		t.Errorf("%s: %v", text, err)
	}
}
