package registrationtest

import (
	"net/http"

	"github.com/rcreg/registration/registrationtest/internal/fault"
)

// Faults is what goes wrong between a program and the servers that it talks to, and a record of their exchanges. It is
// safe for concurrent use, and works in two places:
//
//   - on the way, with [Faults.RoundTripper] and [WithCloudFaults]: for Go programs, deterministic and without waiting;
//   - in front of fake servers, with [WithFaults]: for programs in any language.
//
// Use one place for each side, since every place counts.
//
// To meet every fault at every exchange of an operation, run the operation once, take [Faults.Steps], and then run it
// anew for each of them with the fault [Faults.At] that number.
type Faults struct{ plan *fault.Plan }

// FaultStep is one exchange that Faults have seen: a request with its reply, or one method call in a WebSocket.
type FaultStep = fault.Step

// NewFaults returns Faults that let everything through. It reads [WithClock]: the clock says when a rate limit ends.
func NewFaults(opts ...Option) *Faults {
	return &Faults{plan: fault.NewPlan(newOptions(opts).clock)}
}

// Set adds a fault. Of several for an exchange, the oldest that is not used up goes first.
func (f *Faults) Set(fault Fault) { f.plan.Set(fault) }

// At adds a fault for the n-th exchange from now, from 1, and for no other.
func (f *Faults) At(n int, fault Fault) { f.plan.At(n, fault) }

// Random makes exchanges fail by lot that no fault was set for: with the probability, from 0 to 1, in one of the ways of
// [AllFaults] that fits. Whether the n-th exchange fails, and how, depends on nothing but the seed, n and the sort of
// exchange. A probability of 0 ends it.
func (f *Faults) Random(probability float64, seed uint64) { f.plan.Random(probability, seed) }

// Drop ends all faults that were set. The exchanges stay, and random faults go on.
func (f *Faults) Drop() { f.plan.Drop(fault.AnySide) }

// Clear ends all faults that were set, forgets the exchanges and begins to count anew. Random faults go on, and so do
// requests that were put off, and what a cache in front has kept.
func (f *Faults) Clear() { f.plan.Clear() }

// Count returns how many exchanges there were.
func (f *Faults) Count() int { return f.plan.Count() }

// Steps returns the exchanges in the order in which they began: the last 10,000 at most.
func (f *Faults) Steps() []FaultStep { return f.plan.Steps() }

// Fired returns the exchanges that a fault has hit, likewise.
func (f *Faults) Fired() []FaultStep { return f.plan.Fired() }

// Watch has every exchange shown to see from now on, with the fault that hits it, before it is carried out; nil ends it. It is
// how a test looks at a server in the middle of an operation. see is called at the same time for exchanges at the same time.
func (f *Faults) Watch(see func(FaultStep)) { f.plan.Watch(see) }

// Settle carries out what is due by now of the requests that faults have put off: see Fault.Later. Each exchange does so before
// it begins, so it is needed only to look at a server from the side. It works on the way; a server in front of which the faults
// are goes on by itself.
func (f *Faults) Settle() { f.plan.Settle() }

// Followed returns how many requests followed a [FaultRedirect] to the other host, where a page waits for them: those that
// came through [Faults.RoundTripper]. What a workspace sends there is its own affair.
func (f *Faults) Followed() int { return f.plan.Followed() }

// RoundTripper returns a transport that sends over next what is carried out, with the faults on the way. Nothing waits
// for real: what would be too late is context.DeadlineExceeded at once, and the errors are those that net/http has for
// the kind. Its CloseIdleConnections is that of next.
func (f *Faults) RoundTripper(next http.RoundTripper) http.RoundTripper {
	return fault.NewTransport(f.plan, next, fault.AnySide)
}

// WithCloudFaults puts the faults on the way from a workspace to its Cloud, as [Faults.RoundTripper] does for a program.
// Together they see, in one order, what a program asks and what the workspace asks the Cloud meanwhile.
func WithCloudFaults(faults *Faults) Option { return func(o *options) { o.cloudFaults = faults.plan } }

// WithFaults puts the faults in front of a workspace or a Cloud, and in front of the Cloud that a workspace starts. The
// faults that are set on the server are then among them.
func WithFaults(faults *Faults) Option { return func(o *options) { o.faults = faults.plan } }

// SetFault makes calls to the Cloud fail. Of several for a call, the oldest that is not used up goes first.
func (c *Cloud) SetFault(f Fault) {
	f.Side = fault.Cloud
	c.faults.Set(f)
}

// ClearFaults ends the faults that were set on the Cloud.
func (c *Cloud) ClearFaults() { c.faults.Drop(fault.Cloud) }

// SetFault makes calls to the workspace fail. Of several for a call, the oldest that is not used up goes first.
func (w *Workspace) SetFault(f Fault) {
	f.Side = fault.Workspace
	w.faults.Set(f)
}

// ClearFaults ends the faults that were set on the workspace.
func (w *Workspace) ClearFaults() { w.faults.Drop(fault.Workspace) }
