package faults

import (
	"testing"
	"time"
)

func TestAll(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, f := range All() {
		if names[f.String()] {
			t.Errorf("%s is there twice", f)
		}
		names[f.String()] = true
		if !f.Kind.Known() || f.CarriedOut() != (f.After || f.Later > 0) {
			t.Errorf("%s: known %v, carried out %v, after %v", f, f.Kind.Known(), f.CarriedOut(), f.After)
		}
		if f.Kind == SocketClosed {
			continue
		}
		if !f.Fits(Step{Call: "cloud.syncWorkspace", Method: map[bool]string{true: "GET"}[f.Kind == Cached]}) {
			t.Errorf("%s does not fit a plain request", f)
		}
	}
	for _, want := range []string{
		"refused", "certificate", "reset", "reset after the act", "timeout", "timeout after the act", "cut", "drip", "stall",
		"429", "429bare", "html500 after the act", "html502", "html503", "html", "empty", "malformed", "types", "redirect",
		"socket", "socket after the act", "101", "1xx after the act", "goaway after the act", "cached", "html400", "html403 after the act",
		"html404", "html408", "html413", "html499", "html504", "text403", "empty403", "json403 after the act", "json404",
		"object", "list after the act", "garbled", "alike401", "alike403 after the act",
		"html504, carried out 20s later", "timeout, carried out 5s later",
	} {
		if !names[want] {
			t.Errorf("%q is missing", want)
		}
	}
}

func TestFits(t *testing.T) {
	t.Parallel()
	request, opens, frame := Step{Call: CallInfo}, Step{Call: CallSocket}, Step{Call: "login", Frame: true}
	tests := []struct {
		fault                 Fault
		request, opens, frame bool
	}{
		{Fault{Kind: None}, true, true, true},
		{Fault{Kind: Refused}, true, true, false},
		{Fault{Kind: Reset}, true, true, true},
		{Fault{Kind: Reset, After: true}, true, false, true},
		{Fault{Kind: Timeout, After: true}, true, false, true},
		{Fault{Kind: Cut}, true, false, true},
		{Fault{Kind: Drip}, true, false, false},
		{Fault{Kind: BadGateway}, true, true, false},
		{Fault{Kind: BadGateway, After: true}, true, false, false},
		{Fault{Kind: Malformed}, true, true, false},
		{Fault{Kind: Malformed, After: true}, true, false, true},
		{Fault{Kind: WrongTypes, After: true}, true, false, true},
		{Fault{Kind: SocketClosed}, false, false, true},
		{Fault{Kind: SocketClosed, After: true}, false, false, true},
		{Fault{Kind: Restart}, true, true, false},
		{Fault{Kind: Timeout, Later: time.Second}, true, false, false},
		{Fault{Kind: Switching}, true, true, false},
		{Fault{Kind: Page403, After: true}, true, false, false},
		{Fault{Kind: Cached}, false, false, false},
	}
	for _, test := range tests {
		if got := [3]bool{test.fault.Fits(request), test.fault.Fits(opens), test.fault.Fits(frame)}; got != [3]bool{test.request, test.opens, test.frame} {
			t.Errorf("%s fits %v", test.fault, got)
		}
	}
}

// What a cache in front gives again is what was read before, and only a program has an HTTP/2 connection.
func TestFitsOneSort(t *testing.T) {
	t.Parallel()
	read := Step{Call: CallInfo, Method: "GET"}
	polls, posts, ofWorkspace := read, read, read
	polls.hasQuery, posts.Method, ofWorkspace.By = true, "POST", Workspace
	for step, want := range map[*Step][2]bool{&read: {true, true}, &polls: {false, true}, &posts: {false, true}, &ofWorkspace: {true, false}} {
		if got := [2]bool{Fault{Kind: Cached}.Fits(*step), Fault{Kind: NotProcessed}.Fits(*step)}; got != want {
			t.Errorf("%+v: %v", step, got)
		}
	}
}

func TestCarriedOut(t *testing.T) {
	t.Parallel()
	for fault, want := range map[*Fault]bool{
		{Kind: None}: true, {Kind: Restart}: true, {Kind: Slow}: true, {Kind: Cut}: true, {Kind: Drip}: true,
		{Kind: Reset}: false, {Kind: Reset, After: true}: true, {Kind: TooMany}: false, {Kind: TooMany, After: true}: false,
		{Kind: Reset, Later: 1}: true, {Kind: TooMany, Later: 1}: false,
		{Kind: Refused, After: true}: false, {Kind: Body, After: true}: false, {Kind: "made-up", After: true}: false,
	} {
		if got := fault.CarriedOut(); got != want {
			t.Errorf("%s (after: %v) is carried out: %v", fault, fault.After, got)
		}
	}
	if Kind("made-up").Known() || !Restart.Known() || !InvalidClient.Known() {
		t.Error("which kinds there are")
	}
}
