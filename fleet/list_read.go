package fleet

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// reader turns the tree of a list into workspaces, and notes all that is wrong.
type reader struct {
	dir        string
	unresolved bool // the secrets are elsewhere, and are not looked at
	problems   []Problem
	who        string // the workspace that is being read; empty outside of one

	names     map[string]int               // and the lines that they are on
	addresses map[string]int               // and the lines of their workspaces
	labels    map[string]map[string]string // those that were read, by their text, to share them
}

const (
	maxKeys = 64 // of one mapping

	noAliases = "anchors (&) and aliases (*) are not used here: put what is shared into defaults, and quote texts that begin with such a sign"
)

func newReader(dir string) *reader {
	return &reader{dir: dir, names: map[string]int{}, addresses: map[string]int{}, labels: map[string]map[string]string{}}
}

// parts reads what stands beside the workspaces of a document, and finds these: nil where there are none.
func (r *reader) parts(document *yaml.Node) (defaults entry, workspaces *yaml.Node) {
	r.each(document, "the list", func(key string, value *yaml.Node) bool {
		switch key {
		case "defaults":
			defaults = r.defaults(value)
		case "workspaces":
			workspaces = value
		default:
			return false
		}
		return true
	})
	return defaults, workspaces
}

// list reads the whole document.
func (r *reader) list(document *yaml.Node) List {
	defaults, workspaces := r.parts(document)
	switch {
	case workspaces == nil:
		r.note(document.Line, "workspaces is missing")
		return List{}
	case !r.plain(workspaces):
		return List{}
	case workspaces.Kind != yaml.SequenceNode || len(workspaces.Content) == 0:
		r.note(workspaces.Line, "workspaces holds no workspace; each begins with a dash and has a name and a url")
		return List{}
	case len(workspaces.Content) > maxWorkspaces:
		r.note(workspaces.Line, fmt.Sprintf("it has %d workspaces; at most %d fit into a list", len(workspaces.Content), maxWorkspaces))
		return List{}
	}
	list := List{Workspaces: make([]Workspace, 0, len(workspaces.Content))}
	for _, node := range workspaces.Content {
		list.Workspaces = append(list.Workspaces, r.workspace(node, defaults))
	}
	return list
}

// note takes down a problem.
func (r *reader) note(line int, text string) {
	r.problems = append(r.problems, Problem{Line: max(line, 1), Workspace: r.who, Text: text})
}

// plain refuses what makes a text mean something else than it says.
func (r *reader) plain(node *yaml.Node) bool {
	switch {
	case node.Kind == yaml.AliasNode || node.Anchor != "":
		r.note(node.Line, noAliases)
	case node.Style&yaml.TaggedStyle != 0:
		r.note(node.Line, "tags (!) are not used here; quote texts that begin with such a sign")
	default:
		return true
	}
	return false
}

// each calls take with the keys of a mapping and their values. take returns false for a key that it does not know.
func (r *reader) each(node *yaml.Node, what string, take func(key string, value *yaml.Node) bool) {
	switch {
	case !r.plain(node):
		return
	case node.Kind != yaml.MappingNode:
		r.note(node.Line, what+" is not made of keys and values")
		return
	case len(node.Content)/2 > maxKeys:
		r.note(node.Line, fmt.Sprintf("%s has more than %d keys", what, maxKeys))
		return
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		switch {
		case !r.plain(key):
		case key.Kind != yaml.ScalarNode:
			r.note(key.Line, "a key of "+what+" is no text")
		case isSecond(node.Content[:i], key):
			r.note(key.Line, fmt.Sprintf("%s of %s is there twice", nameOfKey(key.Value), what))
		case !take(key.Value, value):
			r.note(key.Line, fmt.Sprintf("%s does not belong into %s", nameOfKey(key.Value), what))
		}
	}
}

// isSecond reports whether a key is among those before it.
func isSecond(before []*yaml.Node, key *yaml.Node) bool {
	for i := 0; i < len(before); i += 2 {
		if before[i].Kind == yaml.ScalarNode && before[i].Value == key.Value {
			return true
		}
	}
	return false
}

// nameOfKey repeats a key only when it looks like one: a secret that was put in its place does not.
func nameOfKey(key string) string {
	if len(key) > 20 || !isMadeOf(key, "abcdefghijklmnopqrstuvwxyz_") {
		return "a key"
	}
	return "the key " + key
}

// text reads a text as it is written: 0123 and true are texts as well.
func (r *reader) text(key string, node *yaml.Node) string {
	switch {
	case !r.plain(node):
	case node.Kind != yaml.ScalarNode:
		r.note(node.Line, key+" is no text")
	case node.Value == "" || node.Tag == "!!null":
		r.note(node.Line, key+" is empty")
	default:
		return node.Value
	}
	return ""
}

// oneOf reads one of some words.
func (r *reader) oneOf(key string, node *yaml.Node, words ...string) string {
	word := r.text(key, node)
	if word != "" && !slices.Contains(words, word) {
		r.note(node.Line, fmt.Sprintf("%s is neither %s", key, strings.Join(words, " nor ")))
	}
	return word
}

// reference reads where a secret is. A text in its place may be the secret itself, so that it is not repeated.
func (r *reader) reference(key string, node *yaml.Node) (ref Reference) {
	if node.Kind == yaml.ScalarNode && node.Alias == nil {
		r.note(node.Line, key+" is written into the list, which is no place for secrets: write {env: VARIABLE} or {file: PATH}, and consider the secret known to all who can read the list")
		return Reference{}
	}
	before := len(r.problems)
	r.each(node, key, func(part string, value *yaml.Node) bool {
		switch part {
		case "env":
			ref.Env = r.text(key+": env", value)
			if ref.Env != "" && !isVariable(ref.Env) {
				r.note(value.Line, key+": env is not the name of a variable")
			}
		case "file":
			ref.File = r.text(key+": file", value)
		default:
			return false
		}
		return true
	})
	switch {
	case len(r.problems) > before:
		return Reference{}
	case (ref.Env == "") == (ref.File == ""):
		r.note(node.Line, key+" needs one of env and file")
		return Reference{}
	}
	return ref
}

// isVariable reports whether a text can be the name of a variable. Small letters are left out, and with them nearly every secret that was put in its place.
func isVariable(text string) bool {
	return len(text) <= 128 && isMadeOf(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_"+digits) && !isMadeOf(text[:1], digits)
}
