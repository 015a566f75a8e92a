package fleet

import (
	"bytes"

	"go.yaml.in/yaml/v4"
)

// A list of more than perPiece workspaces is read in pieces: the tree of a YAML text takes forty times the room of the text.
const perPiece = 1_000

// piece is a part of a list: some of its workspaces, as a sequence of its own.
type piece struct {
	text   []byte
	before int // lines of the list before it
	count  int // of its workspaces
}

// inPieces reads a list of which the workspaces are a block at the end, as most are written. It returns false for any other list, of which it may have read a
// part: that takes a new reader, and the list as a whole.
func (r *reader) inPieces(text []byte, most int) (List, bool) {
	head, all := cutList(text, most)
	if len(all) < 2 {
		return List{}, false
	}
	document, problem := documentOf(head)
	if problem != (Problem{}) {
		return List{}, false
	}
	defaults, workspaces := r.parts(document)
	if workspaces == nil || workspaces.Tag != "!!null" || document.Content[len(document.Content)-1] != workspaces || !r.plain(workspaces) {
		return List{}, false
	}
	var list List
	for _, p := range all {
		nodes := p.nodes()
		if len(nodes) != p.count {
			return List{}, false
		}
		for _, node := range nodes {
			list.Workspaces = append(list.Workspaces, r.workspace(node, defaults))
		}
	}
	return list, len(list.Workspaces) <= maxWorkspaces
}

// cutList cuts a text behind the line "workspaces:", and then before each most-th dash that is as far to the left as the first one. It returns no pieces where a
// line below is further to the left, or no such dash: the text may be anything then.
func cutList(text []byte, most int) (head []byte, all []piece) {
	if hasOtherLineEnds(text) {
		return nil, nil
	}
	at, lines, start, indent := 0, 0, 0, -1
	for line := range bytes.Lines(text) {
		content := bytes.TrimRight(line, " \r\n")
		left := len(content) - len(bytes.TrimLeft(content, " "))
		isEntry := bytes.HasPrefix(content[left:], []byte("- "))
		switch {
		case head == nil && string(content) == "workspaces:":
			head = text[:at+len(line)]
		case head == nil, len(content) == left, content[left] == '#':
		case indent < 0 && isEntry, left == indent && isEntry:
			indent = left
			if len(all) == 0 || all[len(all)-1].count == most {
				if len(all) > 0 {
					all[len(all)-1].text = text[start:at]
				}
				start, all = at, append(all, piece{before: lines})
			}
			all[len(all)-1].count++
		case left <= indent, indent < 0:
			return nil, nil
		}
		at += len(line)
		lines++
	}
	if len(all) > 0 {
		all[len(all)-1].text = text[start:]
	}
	return head, all
}

// hasOtherLineEnds reports whether YAML sees more lines in a text than its line feeds end.
func hasOtherLineEnds(text []byte) bool {
	return bytes.Count(text, []byte("\r")) != bytes.Count(text, []byte("\r\n")) || bytes.ContainsAny(text, "\u0085\u2028\u2029")
}

// nodes are the workspaces of a piece, with their lines in the whole list: nil where it is no sequence.
func (p piece) nodes() []*yaml.Node {
	document, problem := documentOf(p.text)
	if problem != (Problem{}) || document.Kind != yaml.SequenceNode {
		return nil
	}
	moveDown(document, p.before)
	return document.Content
}

func moveDown(node *yaml.Node, lines int) {
	node.Line += lines
	for _, child := range node.Content {
		moveDown(child, lines)
	}
}
