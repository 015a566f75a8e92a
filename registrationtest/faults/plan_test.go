package faults

import (
	"slices"
	"testing"

	"github.com/rcreg/registration/internal/clock"
)

func newPlan() *Plan { return NewPlan(clock.System()) }

// kinds lets exchanges of the calls happen, and returns what hits each.
func kinds(p *Plan, calls ...Call) []Kind {
	met := make([]Kind, len(calls))
	for i, call := range calls {
		met[i] = p.meet(Step{Side: Workspace, Call: call}, place{}).Kind
	}
	return met
}

func TestFaultIsForACallAndItsOccurrences(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		faults []Fault
		calls  []Call
		want   []Kind
	}{
		"nothing":           {nil, []Call{"a"}, []Kind{None}},
		"all":               {[]Fault{{Kind: Reset}}, []Call{"a", "b"}, []Kind{Reset, Reset}},
		"one call":          {[]Fault{{Kind: Reset, Call: "b"}}, []Call{"a", "b", "b"}, []Kind{None, Reset, Reset}},
		"other side":        {[]Fault{{Kind: Reset, Side: Cloud}}, []Call{"a"}, []Kind{None}},
		"its side":          {[]Fault{{Kind: Reset, Side: Workspace}}, []Call{"a"}, []Kind{Reset}},
		"twice":             {[]Fault{{Kind: Reset, Times: 2}}, []Call{"a", "b", "c"}, []Kind{Reset, Reset, None}},
		"from the second":   {[]Fault{{Kind: Reset, Nth: 2}}, []Call{"a", "b", "c"}, []Kind{None, Reset, Reset}},
		"the second b":      {[]Fault{{Kind: Reset, Call: "b", Nth: 2, Times: 1}}, []Call{"b", "a", "b", "b"}, []Kind{None, None, Reset, None}},
		"oldest first":      {[]Fault{{Kind: Page, Times: 1}, {Kind: Empty, Times: 2}}, []Call{"a", "a", "a", "a"}, []Kind{Page, Empty, Empty, None}},
		"none, then a page": {[]Fault{{Kind: None, Times: 2}, {Kind: Page, Times: 1}}, []Call{"a", "a", "a", "a"}, []Kind{None, None, Page, None}},
		"does not fit":      {[]Fault{{Kind: SocketClosed, Nth: 1, Times: 1}}, []Call{"a", "a"}, []Kind{None, None}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPlan()
			for _, f := range test.faults {
				p.Set(f)
			}
			if got := kinds(p, test.calls...); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestAtCountsFromWhenItIsSet(t *testing.T) {
	t.Parallel()
	p := newPlan()
	kinds(p, "before", "before")
	p.At(1, Fault{Kind: Page})
	p.At(3, Fault{Kind: Empty})
	if got := kinds(p, "a", "b", "c", "d"); !slices.Equal(got, []Kind{Page, None, Empty, None}) {
		t.Errorf("got %q", got)
	}
	fired := p.Fired()
	if len(fired) != 2 || fired[0].N != 3 || fired[0].Call != "a" || fired[0].Fault != Page || fired[0].CarriedOut || fired[1].N != 5 {
		t.Errorf("fired: %+v", fired)
	}
	if steps := p.Steps(); len(steps) != 6 || p.Count() != 6 || !steps[0].CarriedOut || steps[0].Fault != "" {
		t.Errorf("%d exchanges: %+v", p.Count(), steps)
	}
	p.Clear()
	if p.At(1, Fault{Kind: Reset}); p.Count() != 0 || len(p.Steps()) != 0 || !slices.Equal(kinds(p, "a"), []Kind{Reset}) {
		t.Error("it does not begin anew")
	}
}

func TestDropEndsTheFaultsOfASide(t *testing.T) {
	t.Parallel()
	p := newPlan()
	p.Set(Fault{Kind: Page, Side: Cloud})
	p.Set(Fault{Kind: Reset, Side: Workspace})
	p.Drop(Cloud)
	if got := kinds(p, "a"); got[0] != Reset {
		t.Errorf("got %q", got)
	}
	p.Drop(AnySide)
	if got := kinds(p, "a"); got[0] != None {
		t.Errorf("got %q", got)
	}
}

func TestAServerShowsNoFaultOfTheWay(t *testing.T) {
	t.Parallel()
	p := newPlan()
	p.Set(Fault{Kind: Refused})
	if got := p.meet(Step{}, place{server: true}); got.Kind != None {
		t.Errorf("got %s", got)
	}
	down := func() (Fault, bool) { return Fault{Kind: Reset}, true }
	if got := p.meet(Step{}, place{server: true, otherwise: down}); got.Kind != Reset {
		t.Errorf("got %s", got)
	}
}

func TestPlanForgetsWhatIsLongAgo(t *testing.T) {
	t.Parallel()
	p := newPlan()
	for range maxSteps + 1 {
		p.meet(Step{}, place{})
	}
	if steps := p.Steps(); len(steps) > maxSteps || steps[len(steps)-1].N != maxSteps+1 || p.Count() != maxSteps+1 {
		t.Errorf("%d exchanges are remembered of %d", len(steps), p.Count())
	}
}

func TestWatchSeesEveryExchange(t *testing.T) {
	t.Parallel()
	p := newPlan()
	p.At(2, Fault{Kind: Page})
	var seen []Step
	p.Watch(func(s Step) { seen = append(seen, s) })
	kinds(p, "a", "b")
	if !slices.Equal(seen, p.Steps()) || len(seen) != 2 || seen[1].Fault != Page {
		t.Errorf("seen %v, of %v", seen, p.Steps())
	}
	p.Watch(nil)
	if kinds(p, "c"); len(seen) != 2 {
		t.Errorf("seen after the end: %v", seen)
	}
}
