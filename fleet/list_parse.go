package fleet

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// Parse validates a text, YAML or JSON, as Load does. Files that it refers to are relative to the folder of a path. Errors: [*ListError].
func Parse(text []byte, dir string) (List, error) { return newReader(dir).parse(text) }

func (r *reader) parse(text []byte) (List, error) {
	if problem, ok := checkText(text); !ok {
		return List{}, &ListError{Problems: []Problem{problem}}
	}
	long := *newReader(r.dir)
	long.unresolved = r.unresolved
	list, ok := long.inPieces(text, perPiece)
	if ok {
		*r = long
	} else {
		document, problem := documentOf(text)
		if document == nil {
			return List{}, &ListError{Problems: []Problem{problem}}
		}
		list = r.list(document)
	}
	if len(r.problems) > 0 {
		slices.SortStableFunc(r.problems, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
		return List{}, &ListError{Problems: r.problems}
	}
	return list, nil
}

// checkText says what is wrong with a text that is no text of a list, whatever is in it.
func checkText(text []byte) (Problem, bool) {
	if len(text) > maxList {
		return Problem{Line: 1, Text: fmt.Sprintf("it has more than %d bytes", maxList)}, false
	}
	if at := unprintable(text); at >= 0 {
		return Problem{Line: lineAt(text, at), Text: "it is no text in UTF-8, or holds control characters"}, false
	}
	return Problem{}, true
}

// documentOf returns the only document of a text, or what is wrong with it.
func documentOf(text []byte) (*yaml.Node, Problem) {
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var first, second yaml.Node
	err := decoder.Decode(&first)
	switch {
	case errors.Is(err, io.EOF):
		return nil, Problem{Line: 1, Text: "it is empty; write workspaces: and the workspaces below it"}
	case err != nil:
		return nil, syntaxProblem(err)
	}
	if err := decoder.Decode(&second); err == nil {
		return nil, Problem{Line: max(second.Line, 1), Text: "a second document begins here; a list is one document"}
	} else if !errors.Is(err, io.EOF) {
		return nil, syntaxProblem(err)
	}
	return first.Content[0], Problem{}
}

// syntaxProblem says where a text is no YAML, and why. The name of an unknown anchor is not repeated: it may be a password that begins with an asterisk.
func syntaxProblem(err error) Problem {
	var syntax *yaml.LoadError
	if !errors.As(err, &syntax) {
		return Problem{Line: 1, Text: "it is neither YAML nor JSON"}
	}
	why := syntax.Message
	if strings.Contains(why, "anchor") {
		why = noAliases
	}
	return Problem{Line: max(syntax.Mark.Line, 1), Text: "it is neither YAML nor JSON from here on: " + why}
}

// unprintable finds the first byte that belongs into no text, or returns -1.
func unprintable(text []byte) int {
	for at := 0; at < len(text); {
		c, size := utf8.DecodeRune(text[at:])
		if c == utf8.RuneError && size <= 1 || c < ' ' && c != '\t' && c != '\n' && c != '\r' || c == 0x7f {
			return at
		}
		at += size
	}
	return -1
}

func lineAt(text []byte, at int) int { return 1 + bytes.Count(text[:at], []byte("\n")) }
