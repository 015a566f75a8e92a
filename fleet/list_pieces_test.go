package fleet

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

const piecesHead = "defaults:\n  user_id: u\n  auth_token: {env: TOKEN}\nworkspaces:\n"

// TestListInPieces: a list that is read in pieces is read as it would be as a whole, and what does not look like pieces is none.
func TestListInPieces(t *testing.T) {
	t.Parallel()
	var many strings.Builder
	for i := range 7 {
		fmt.Fprintf(&many, "  - name: w%d # a comment\n\n    url: https://w%d.example.com\n# another\n    labels: {region: eu}\n", i, i)
	}
	for name, tc := range map[string]struct {
		text string
		ok   bool
	}{
		"many":                      {piecesHead + many.String(), true},
		"no indentation":            {piecesHead + strings.ReplaceAll(many.String(), "\n  ", "\n")[2:], true},
		"Windows":                   {strings.ReplaceAll(piecesHead+many.String(), "\n", "\r\n"), true},
		"a name twice":              {piecesHead + many.String() + "  - name: w0\n    url: https://other.example.com\n", true},
		"no key":                    {piecesHead + many.String() + "  - name: w7\n    nonsense: 1\n", true},
		"a text over an entry":      {piecesHead + many.String() + "  - name: \"w7\n  - w8\"\n    url: https://w7.example.com\n", false},
		"an alias across pieces":    {piecesHead + "  - &a\n    name: a\n    url: https://a.example.com\n" + many.String() + "  - *a\n", false},
		"a key behind":              {piecesHead + many.String() + "other: 1\n", false},
		"a second document":         {piecesHead + many.String() + "---\n" + piecesHead, false},
		"another line end":          {piecesHead + many.String() + "  - name: \"w\u2028\"\n", false},
		"a word beside the entries": {piecesHead + many.String() + "  word\n", false},
		"few":                       {piecesHead + "  - name: a\n    url: https://a.example.com\n", false},
		"flow":                      {`{"workspaces": [{"name": "a"}, {"name": "b"}, {"name": "c"}]}`, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if ok := samePieces(t, tc.text); ok != tc.ok {
				t.Errorf("read in pieces: %t, want %t", ok, tc.ok)
			}
		})
	}
}

func FuzzListInPieces(f *testing.F) {
	text, err := os.ReadFile(filepath.Join("testdata", "list.yaml"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(text))
	for _, entries := range []string{"- a\n- b\n- c\n", "  - name: a\n  - name: \"b\n  - c\"\n  - |\n   - d\n", "- &a {name: a}\n- b\n- *a\n"} {
		f.Add(piecesHead + entries)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if _, ok := checkText([]byte(text)); ok {
			samePieces(t, text)
		}
	})
}

// samePieces reports whether a text is read in pieces of two, and fails the test where that changes what is read.
func samePieces(t *testing.T, text string) bool {
	t.Helper()
	inPieces, whole := newReader(""), newReader("")
	inPieces.unresolved, whole.unresolved = true, true
	got, ok := inPieces.inPieces([]byte(text), 2)
	if !ok {
		return false
	}
	document, problem := documentOf([]byte(text))
	if document == nil {
		t.Fatalf("as a whole it is none: %s", problem)
	}
	want := whole.list(document)
	if !reflect.DeepEqual(got.Workspaces, want.Workspaces) || !reflect.DeepEqual(inPieces.problems, whole.problems) {
		t.Errorf("in pieces %+v, %v\nas a whole %+v, %v", got, inPieces.problems, want, whole.problems)
	}
	return true
}
