package fleet_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rcreg/registration/fleet"
)

// marker stands for a secret in the seeds. It cannot be a name, which an error may repeat.
const marker = "hunter2 correct horse"

// FuzzParse: no text makes Parse panic, every problem has a line of the text, and no secret that was written into a list comes back in an error.
func FuzzParse(f *testing.F) {
	for _, name := range []string{"list.yaml", "list.json"} {
		text, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Add(strings.Replace(alpha, "{file: good}", "'"+marker+"'", 1))
	f.Add(strings.Replace(alpha, "{file: good}", "*"+marker, 1))
	f.Add(strings.Replace(alpha, "{file: good}", "{env: '"+marker+"'}", 1))
	f.Add(strings.Replace(alpha, "password: {file: good}", "'"+marker+"': x", 1))
	f.Add(strings.Replace(alpha, "{file: good}", "{env: PATH}", 1))
	f.Add(strings.Replace(alpha, "https://", "https://user:"+marker+"@", 1))
	f.Add(strings.Replace(alpha, "name: alpha", "name: "+marker, 1))
	f.Fuzz(func(t *testing.T, text string) {
		list, err := fleet.Parse([]byte(text), "")
		var invalid *fleet.ListError
		switch {
		case err == nil:
			checkAccepted(t, list)
			return
		case !errors.As(err, &invalid) || len(invalid.Problems) == 0 || len(list.Workspaces) > 0:
			t.Fatalf("refused with %v, %v", list, err)
		}
		lines := 1 + strings.Count(text, "\n") + strings.Count(text, "\r") + strings.Count(text, "\u0085") + strings.Count(text, "\u2028") + strings.Count(text, "\u2029")
		for _, problem := range invalid.Problems {
			if problem.Line < 1 || problem.Line > lines+1 || strings.ContainsAny(problem.Text, "\r\n\x1b") || !utf8.ValidString(problem.Text) {
				t.Errorf("of %d lines: %q", lines, problem)
			}
			// The path of a file is repeated, on purpose.
			if strings.Contains(problem.Text, marker) && !strings.Contains(text, "file") {
				t.Errorf("a secret is repeated: %s", problem)
			}
		}
	})
}

// checkAccepted: what is accepted can be opened, and has what the runner relies on.
func checkAccepted(t *testing.T, list fleet.List) {
	t.Helper()
	names, addresses := map[string]bool{}, map[string]bool{}
	for _, w := range list.Workspaces {
		if names[w.Name] || addresses[w.URL] || w.Name == "" || strings.ContainsAny(w.Name, "/\\ \n") || w.Line < 1 || (w.Via != fleet.ViaDirect && w.Via != fleet.ViaRelay) {
			t.Errorf("accepted %+v", w)
		}
		names[w.Name], addresses[w.URL] = true, true
		if w.UserID+w.User == "" || (w.UserID == "") == (w.User == "") || w.AuthToken.IsZero() == w.Password.IsZero() {
			t.Errorf("accepted with %+v", w)
		}
		if client, err := w.Open(); err != nil || client.Address() != w.URL {
			t.Errorf("accepted, and does not open: %v", err)
		}
	}
}
