// Package faults makes exchanges with a workspace or with Rocket.Chat Cloud fail, on demand and at random.
//
// A [Plan] holds the faults, and a record of all exchanges. It works in two places:
//
//   - on the way to any server, with [Plan.RoundTripper] and registrationtest.WithCloudFaults: for Go programs, deterministic and
//     without waiting;
//   - in front of a fake server, with registrationtest.WithFaults, or of any http.Handler, with a [Gate]: for programs in any language.
//
// Use one place for each side, since every place counts.
//
//	plan := faults.NewPlan(nil)
//	plan.At(2, faults.Fault{Kind: faults.Reset, After: true}) // the second exchange is carried out, and its reply is lost
//	client := &http.Client{Transport: plan.RoundTripper(http.DefaultTransport)}
//	// let the program under test work with client, and then look at the exchanges
//	for _, step := range plan.Steps() {
//		fmt.Println(step.N, step.Side, step.Call, step.Fault, step.CarriedOut)
//	}
//
// To meet every fault at every exchange of an operation, run the operation once, take [Plan.Steps], and then run it anew for each
// of them with each of [All] that fits: see the example of [Plan].
//
// [Damages] is the same for files.
package faults

import (
	"net/http"
	"time"
)

// Side is who answers an exchange.
type Side string

// The sides, and both.
const (
	AnySide   Side = ""
	Workspace Side = "workspace"
	Cloud     Side = "cloud"
)

// Fault makes exchanges fail. Its zero value but for Kind hits every exchange from now on.
type Fault struct {
	Side Side // AnySide for both
	Call Call // AnyCall for all
	Kind Kind
	// After lets the request be carried out before the fault, for the kinds that leave it open.
	After bool
	// Later lets it be carried out that much later on the clock, when the client has its answer or has left: for the same
	// kinds, of requests. It is like After, but for the time.
	Later time.Duration
	Nth   int    // the first such exchange that is hit, from 1, counted from when the fault was set; 0 is 1
	Times int    // how many exchanges are hit; 0 for all until the faults are cleared
	Body  string // replaces the body of the kind, when not empty
	// Do is called before an exchange that the fault hits, by whoever carries it out. It may be nil. Restart is nothing
	// but this.
	Do func()
}

// Step is one exchange that a plan has seen.
type Step struct {
	N      int // from 1, in the order in which the exchanges began
	Side   Side
	By     Side // Workspace when that is known to have asked the Cloud by itself
	Call   Call
	Method string // of the request; empty for a frame
	Path   string // of the request, escaped as it was sent
	// Frame says that the exchange is a method call over a WebSocket, and no request of its own.
	Frame bool
	// Fault is what hit the exchange, and After and Later are its fields of that name. The kind is empty when nothing did.
	Fault Kind
	After bool
	Later time.Duration
	// CarriedOut says whether the request was passed on, or will be, whatever became of the reply.
	CarriedOut bool

	hasQuery bool
}

// CarriedOut reports whether a request that the fault hits is passed on, whatever becomes of the reply.
func (f Fault) CarriedOut() bool {
	t := f.Kind.traits()
	return t.after && (f.After || f.Later > 0 || !t.before)
}

// isLater reports whether the request is carried out when the client has its answer.
func (f Fault) isLater() bool { return f.Later > 0 && f.Kind.traits().before && f.CarriedOut() }

// String names the kind, and says whether the request is carried out where the kind leaves it open.
func (f Fault) String() string {
	t := f.Kind.traits()
	switch {
	case f.isLater():
		return string(f.Kind) + ", carried out " + f.Later.String() + " later"
	case t.before && f.CarriedOut():
		return string(f.Kind) + " after the act"
	}
	return string(f.Kind)
}

// Fits reports whether the fault can hit an exchange of this sort: a frame of a WebSocket has no HTTP status, say. One that
// is due and does not fit is used up without an effect.
func (f Fault) Fits(s Step) bool {
	t := f.Kind.traits()
	switch {
	case f.Kind == None:
		return true
	case s.Frame:
		return !f.isLater() && t.frame && (f.CarriedOut() || t.noFrame)
	case f.Kind == SocketClosed:
		return false
	case f.Kind == Cached: // what changes something is in no cache, nor is a socket, nor what has a code in its query
		return s.Method == http.MethodGet && s.Call != CallSocket && !s.hasQuery
	case f.Kind == NotProcessed && s.By == Workspace:
		return false // servers speak HTTP/1.1 with the Cloud
	case s.Call == CallSocket: // it is opened or not, and what happens to its frames are exchanges of their own
		return !f.CarriedOut() || f.Kind == Restart
	}
	return true
}

// matches reports whether an exchange is among those that the fault is for.
func (f Fault) matches(s Step) bool {
	return (f.Side == AnySide || f.Side == s.Side) && (f.Call == AnyCall || f.Call == s.Call)
}
