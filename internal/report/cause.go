package report

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/internal/outcome"
	"github.com/rcreg/registration/internal/plain"
)

// cause is what several workspaces have in common that are not well.
type cause struct {
	Class      fleet.Class
	Label      string // the class as a word
	Kind       string
	Count      int
	Workspaces string // some of them, by name
	Next       string // the step that most of them need first
}

// Number is the count for people.
func (c cause) Number() string { return thousands(c.Count) }

// causesOf groups what is not well by its cause, the largest group first.
func causesOf(outcomes []fleet.Outcome) []cause {
	type key struct {
		class fleet.Class
		kind  string
	}
	names, advice := map[key][]string{}, map[key]map[string]int{}
	for _, o := range outcomes {
		if outcome.IsWell(o.Class) {
			continue
		}
		k := key{o.Class, o.Kind}
		names[k] = append(names[k], plain.Text(o.Workspace))
		if advice[k] == nil {
			advice[k] = map[string]int{}
		}
		advice[k][plain.Text(o.Advice)]++
	}
	causes := make([]cause, 0, len(names))
	for k, list := range names {
		next := slices.MaxFunc(slices.Sorted(maps.Keys(advice[k])), func(a, b string) int { return cmp.Compare(advice[k][a], advice[k][b]) })
		causes = append(causes, cause{
			Class: k.class, Label: labelOf(k.class), Kind: strings.ReplaceAll(plain.Text(k.kind), "_", " "), Count: len(list), Workspaces: outcome.Some(list), Next: next,
		})
	}
	slices.SortFunc(causes, func(a, b cause) int {
		return cmp.Or(b.Count-a.Count, cmp.Compare(rank(a.Class), rank(b.Class)), strings.Compare(a.Kind, b.Kind))
	})
	return causes
}
