// Package advice says the ways out of a failure in words, once for programs that use the library and once for the command lines: the first name options, the
// others flags.
package advice

import (
	"strings"

	"github.com/rcreg/registration/failure"
)

// InGo says what a program does next.
func InGo(remedies []failure.Remedy) string { return say(remedies, phrase.forGo) }

// InFlags says the next step at a command line.
func InFlags(remedies []failure.Remedy) string { return say(remedies, phrase.forFlags) }

// WhileWatched says the next step at a command line to a reader who needs not run anything again: the workspace is looked at again by itself.
func WhileWatched(remedies []failure.Remedy) string { return say(remedies, phrase.whileWatched) }

// With adds what is certain in spite of the failure, such as "nothing was sent".
func With(advice, certain string) string {
	if advice == "" || certain == "" {
		return advice + certain
	}
	return advice + "; " + certain
}

func say(remedies []failure.Remedy, in func(phrase) string) string {
	var said strings.Builder
	for _, r := range remedies {
		text := r.With
		if r.Act != failure.InWords {
			text = fill(in(phraseOf(r.Act)), r.With)
		}
		switch conditional := strings.HasPrefix(text, "if ") || strings.HasPrefix(text, "should "); {
		case text == "":
			continue
		case said.Len() > 0 && conditional:
			said.WriteString("; ")
		case said.Len() > 0:
			said.WriteString("; or ")
		}
		said.WriteString(text)
	}
	return said.String()
}

// fill puts what an act needs into its words. What stands in brackets falls away where it is not known.
func fill(text, with string) string {
	before, rest, found := strings.Cut(text, "[")
	if inside, after, closed := strings.Cut(rest, "]"); found && closed {
		if with == "" {
			inside = ""
		}
		text = before + inside + after
	}
	return strings.NewReplacer("{with}", with, "{via}", Via(with), "{token}", tokenFor(with)).Replace(text)
}

// Via returns the flags with which a command takes a transport.
func Via(transport string) string {
	flags := "--via " + transport
	if transport == "offline" {
		flags += " --exchange FOLDER"
	}
	return flags
}

// tokenFor is the flag with which a registration over a transport takes its token. Across a gap it is the courier who has one.
func tokenFor(transport string) string {
	if transport == "offline" {
		return ""
	}
	return " --token-file FILE"
}

// Acts are those that have words.
func Acts() []failure.Act {
	var all []failure.Act
	for _, group := range phrases() {
		for _, p := range group {
			all = append(all, p.act)
		}
	}
	return all
}

// phrase says one act: to a program, and at a command line where that is said otherwise.
type phrase struct {
	act           failure.Act
	inGo, inFlags string
}

// phraseOf finds the words for an act; none for one that only a newer version knows.
func phraseOf(act failure.Act) phrase {
	for _, group := range phrases() {
		for _, p := range group {
			if p.act == act {
				return p
			}
		}
	}
	return phrase{}
}

func (p phrase) forGo() string {
	return strings.ReplaceAll(p.inGo, "{again}", "run the operation again")
}

func (p phrase) forFlags() string {
	text := p.inFlags
	if text == "" {
		text = p.inGo
	}
	return strings.ReplaceAll(text, "{again}", "run the same command again")
}

func (p phrase) whileWatched() string {
	text := p.inFlags
	if text == "" {
		text = p.inGo
	}
	return strings.NewReplacer(", then {again}", "", "; then {again}", "", ". Then {again}", "", "{again} on a terminal, or ", "", "{again}", "run rcreg doctor").Replace(text)
}
