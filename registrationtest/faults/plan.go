package faults

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/rcreg/registration/internal/clock"
)

// Clock tells the time and waits. It is safe for concurrent use.
type Clock interface {
	// Now returns the current time.
	Now() time.Time
	// Sleep waits for d, or until ctx is done, and then returns the cause of ctx. A d of zero or less returns at once.
	Sleep(ctx context.Context, d time.Duration) error
}

// maxSteps is how many exchanges a plan remembers: a simulation may run for weeks.
const maxSteps = 10_000

// Plan is what goes wrong between a program and the servers that it talks to, and a record of their exchanges. It is safe for
// concurrent use.
type Plan struct {
	clock Clock

	mu          sync.Mutex
	armed       []*armed
	probability float64 // of a fault where none is armed
	seed        uint64
	count       int
	steps       []Step
	followed    int
	watch       func(Step)       // may be nil
	replies     map[string]reply // that a cache in front keeps
	putOff      []putOff
}

// armed is a fault with what it has seen since it was set.
type armed struct {
	Fault
	seen, hit int
}

// due reports whether the fault is for this exchange, and counts it.
func (a *armed) due(s Step) bool {
	if !a.matches(s) {
		return false
	}
	a.seen++
	return a.seen >= a.Nth && !a.usedUp()
}

func (a *armed) usedUp() bool { return a.Times > 0 && a.hit >= a.Times }

// NewPlan returns a plan that lets everything through. The clock says when a rate limit ends, and passes for a slow reply; nil for
// that of the system.
func NewPlan(c Clock) *Plan {
	if c == nil {
		c = clock.System()
	}
	return &Plan{clock: c}
}

// Set adds a fault. Of several for an exchange, the oldest that is not used up goes first.
func (p *Plan) Set(fault Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.armed = append(p.armed, &armed{Fault: fault})
}

// At adds a fault for the n-th exchange from now, from 1, and for no other.
func (p *Plan) At(n int, fault Fault) {
	fault.Nth, fault.Times = n, 1
	p.Set(fault)
}

// Random makes exchanges fail that no fault was set for: with the probability, from 0 to 1, in a way of [All] that fits.
// Whether the n-th exchange fails, and how, depends on nothing but the seed, n and the sort of exchange. A probability of 0 ends it.
func (p *Plan) Random(probability float64, seed uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.probability, p.seed = probability, seed
}

// Drop ends the faults that were set for a side, or all of them. Random ones go on.
func (p *Plan) Drop(side Side) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.armed = slices.DeleteFunc(p.armed, func(a *armed) bool { return side == AnySide || a.Side == side })
}

// Clear ends all faults that were set, forgets the exchanges and begins to count anew. Random ones go on, and so do requests that were put off, and what
// caches keep.
func (p *Plan) Clear() {
	p.Drop(AnySide)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.count, p.steps, p.followed = 0, nil, 0
}

// Count returns how many exchanges there were.
func (p *Plan) Count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.count
}

// Steps returns the exchanges in the order in which they began: the last 10,000 at most.
func (p *Plan) Steps() []Step {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.steps)
}

// Fired returns the exchanges that a fault has hit, likewise.
func (p *Plan) Fired() []Step {
	return slices.DeleteFunc(p.Steps(), func(s Step) bool { return s.Fault == "" })
}

// Followed returns how many requests followed a [Redirect] to the other host, where a page waits for them: those that came
// through [Plan.RoundTripper]. What a workspace sends there is its own affair.
func (p *Plan) Followed() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.followed
}

// Watch has every exchange shown to see from now on, with the fault that hits it, before it is carried out; nil ends it. It is
// how a test looks at a server in the middle of an operation. see is called at the same time for exchanges at the same time.
func (p *Plan) Watch(see func(Step)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.watch = see
}

func (p *Plan) follow() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.followed++
}

// place is where a plan is used.
type place struct {
	server bool
	// otherwise is the fault of the place where the plan has none. May be nil.
	otherwise func() (Fault, bool)
}

func (at place) shows(f Fault) bool { return !at.server || !f.Kind.traits().onTheWay }

// meet counts an exchange and returns the fault that hits it; its kind is None where nothing does.
func (p *Plan) meet(s Step, at place) Fault {
	var fallback Fault
	fails := false
	if at.otherwise != nil {
		fallback, fails = at.otherwise() // before the lock, since it has one of its own
	}
	p.catchUp()
	p.mu.Lock()
	p.count++
	s.N = p.count
	fault, found := p.next(s, at)
	switch {
	case found:
	case fails:
		fault = fallback
	default:
		fault = p.draw(s, at)
	}
	s.CarriedOut = fault.CarriedOut()
	if fault.Kind != None {
		s.Fault, s.After, s.Later = fault.Kind, fault.After, fault.Later
	}
	p.keep(s)
	watch := p.watch
	p.mu.Unlock()
	if watch != nil {
		watch(s) // after the lock: it may ask for the exchanges
	}
	return fault
}

func (p *Plan) keep(s Step) {
	p.steps = append(p.steps, s)
	if len(p.steps) > maxSteps {
		p.steps = slices.Clone(p.steps[len(p.steps)/2:])
	}
}

// next finds the fault that was set for an exchange, and uses it up. Every fault counts the exchange.
func (p *Plan) next(s Step, at place) (fault Fault, found bool) {
	for _, a := range p.armed {
		if !a.due(s) || found {
			continue
		}
		a.hit++
		if p.canShow(a.Fault, s, at) {
			fault, found = a.Fault, true
		}
	}
	p.armed = slices.DeleteFunc(p.armed, (*armed).usedUp)
	return fault, found
}

// draw decides about an exchange by lot. The lot is drawn anew for each, from the seed and its number, so that what
// became of the exchanges before it makes no difference.
func (p *Plan) draw(s Step, at place) Fault {
	lot := rand.New(rand.NewPCG(p.seed, uint64(s.N))) //nolint:gosec // it has to be repeatable
	if lot.Float64() >= p.probability {
		return Fault{Kind: None}
	}
	fitting := slices.DeleteFunc(All(), func(f Fault) bool { return !f.Fits(s) || !at.shows(f) })
	if fault := fitting[lot.IntN(len(fitting))]; p.canShow(fault, s, at) {
		return fault
	}
	return Fault{Kind: None}
}
