package faults

import (
	"slices"
	"testing"
)

// lots lets n exchanges happen, and returns what hits each.
func lots(seed uint64, probability float64, n int) []string {
	p := newPlan()
	p.Random(probability, seed)
	drawn := make([]string, n)
	for i := range drawn {
		drawn[i] = p.meet(Step{Side: Cloud, Call: CallToken}, place{server: true}).String()
	}
	return drawn
}

func TestRandomIsRepeatable(t *testing.T) {
	t.Parallel()
	one := lots(7, 0.3, 200)
	if !slices.Equal(one, lots(7, 0.3, 200)) {
		t.Error("the same seed gives other faults")
	}
	if slices.Equal(one, lots(8, 0.3, 200)) {
		t.Error("another seed gives the same faults")
	}
}

func TestRandomDependsOnTheNumberAlone(t *testing.T) {
	t.Parallel()
	want := lots(7, 0.3, 50)
	p := newPlan()
	p.Random(0.3, 7)
	p.Set(Fault{Kind: ServerError, Times: 20})
	for n := range 50 {
		got := p.meet(Step{Side: Cloud, Call: CallToken}, place{server: true}).String()
		if n >= 20 && got != want[n] {
			t.Errorf("exchange %d: %s, want %s", n+1, got, want[n])
		}
	}
}

func TestRandomProbability(t *testing.T) {
	t.Parallel()
	const n = 10_000
	for probability, bounds := range map[float64][2]int{0: {0, 0}, 0.1: {850, 1150}, 1: {n, n}} {
		fired := 0
		seen := map[string]bool{}
		for _, drawn := range lots(1, probability, n) {
			if drawn != string(None) {
				fired++
				seen[drawn] = true
			}
		}
		if fired < bounds[0] || fired > bounds[1] {
			t.Errorf("with %v %d of %d fail", probability, fired, n)
		}
		if seen[string(Refused)] || seen[string(SocketClosed)] || probability > 0 && len(seen) < 20 {
			t.Errorf("with %v there are %d ways: %v", probability, len(seen), seen)
		}
	}
}
