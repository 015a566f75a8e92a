package demo

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/rcreg/registration/workspace"
)

// Write writes the report as a table of at most 80 columns.
func (r Report) Write(out io.Writer) error {
	var text strings.Builder
	row(&text, "VERSION", "STEP", "RESULT", "REQUESTS", "OVER")
	last := ""
	for _, play := range r.Workspaces {
		if headline := play.headline(); headline != last {
			last = headline
			text.WriteString("\n" + headline + "\n")
		}
		version := play.Version
		for _, step := range play.Steps {
			step.write(&text, version)
			version = ""
		}
	}
	fmt.Fprintf(&text, "\nThe fake Cloud has registered %d workspaces and served %d syncs.\n", r.Registrations, r.Syncs)
	text.WriteString("×2: asked again with the second factor that settings want from 3.18 to 5.x.\n")
	_, err := io.WriteString(out, text.String())
	return err
}

// headline introduces a transport.
func (p Play) headline() string {
	switch {
	case p.Offline:
		return "OFFLINE LICENSE: it forbids the workspace to ask the Cloud; then over a relay"
	case p.Transport == viaRelay:
		return "RELAY: only this machine reaches the Cloud, and hands over what it gives"
	case p.Transport == gap:
		return "AIR GAP: two folders and a copy between them; a courier on the other side"
	}
	return "DIRECT: the workspace reaches the Cloud itself"
}

func row(text *strings.Builder, version, operation, result, requests, over string) {
	fmt.Fprintf(text, "%-8s%-11s%-14s%8s  %s\n", version, operation, result, requests, over)
}

func (s Step) write(text *strings.Builder, version string) {
	if !s.Supported {
		row(text, version, s.Operation, "not supported", "-", s.remedy())
		return
	}
	label, result, requests := s.Operation, s.result(), strconv.Itoa(len(s.Calls))
	for _, line := range s.telling() {
		row(text, version, label, result, requests, line)
		version, label, result, requests = "", "", "", ""
	}
}

func (s Step) result() string {
	switch {
	case len(s.Carried) > 0:
		return "pending"
	case s.License != "":
		return "license set"
	case s.Operation == "sync":
		return "synced"
	}
	return string(s.State)
}

// telling returns the calls that acted, without the looks around them; of a step that only looked, that look; and of a pending one, its way.
func (s Step) telling() []string {
	if len(s.Carried) > 0 {
		return []string{"copied: request there, answer back"}
	}
	var acts, looks []string
	for _, call := range s.Calls {
		text := call.Protocol + " " + call.Name
		if looked(call) {
			looks = append(looks, text)
			continue
		}
		acts = append(acts, text)
	}
	if len(acts) == 0 {
		return looks
	}
	return counted(acts)
}

// looked reports whether a call only read something.
func looked(call workspace.Call) bool {
	return strings.HasPrefix(call.Name, "GET ") || call.Name == "cloud:checkRegisterStatus" || call.Name == "cloud:getWorkspaceRegisterData"
}

// counted joins a call with its repetition, which a second factor needs.
func counted(calls []string) []string {
	var joined []string
	for i := 0; i < len(calls); {
		next := i + 1
		for next < len(calls) && calls[next] == calls[i] {
			next++
		}
		text := calls[i]
		if next-i > 1 {
			text += fmt.Sprintf(" ×%d", next-i)
		}
		joined, i = append(joined, text), next
	}
	return joined
}

// remedy is the advice in short.
func (s Step) remedy() string {
	switch s.Operation {
	case "disconnect":
		return "remove it in the Cloud, then sync"
	case "register":
		return "its license forbids it: use a relay"
	case "reconnect":
		return "sync it, or register it anew"
	}
	return "licenses can be set from 3.10"
}
