package registration

import (
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/go-version"
)

// strategy says which call asks what, for one generation of servers: a column of the table in docs/architecture.md.
// A question without a road cannot be asked of that generation.
type strategy struct {
	since string // the first version that speaks like this

	status           road
	connect          road
	startEmail       road
	pollEmail        road
	preIntent        road
	sync             road
	disconnect       road
	reconnect        road
	registrationData road
	manualRegister   road
	readLicense      road
	validateLicense  road
	applyLicense     road
	removeLicense    road
	fingerprint      road
	checkout         road

	// syncProves: nothing but a sync shows that new credentials work, because connecting does not use them (3.18 to 6.4).
	syncProves bool
	// manualNeedsOff: manual registration is refused while the setting Register_Server is on, which it is on a fresh workspace (3.0).
	manualNeedsOff bool
	// syncHidesRemoval: a sync may answer success in the very moment in which the workspace forgets its registration (seen at 8.6).
	syncHidesRemoval bool
}

// road is the calls that may answer a question, the one to try first in front. The next is tried only where a call is not there.
type road []call

// call is one REST endpoint under /api/v1/, or one Meteor method.
type call struct {
	verb string // GET or POST; empty for a method
	name string
}

func get(endpoint string) call  { return call{verb: "GET", name: endpoint} }
func post(endpoint string) call { return call{verb: "POST", name: endpoint} }
func method(name string) call   { return call{name: name} }

func (c call) isMethod() bool { return c.verb == "" }

func (c call) String() string {
	if c.isMethod() {
		return "method " + c.name
	}
	return c.verb + " " + c.name
}

// generation makes a strategy. What it makes does not know since when it holds.
type generation struct {
	since string
	make  func() strategy
}

func (g generation) strategy() strategy {
	s := g.make()
	s.since = g.since
	return s
}

// generations lists every generation, oldest first.
func generations() []generation {
	return []generation{
		{"3.0", strategy30},
		{"3.1", strategy31},
		{"3.10", strategy310},
		{"4.4", strategy44},
		{"4.6", strategy46},
		{"6.0", strategy60},
		{"6.5", strategy65},
		{"8.7", strategy87},
		{"8.9", strategy89},
		{"9.0", strategy90},
	}
}

// strategies lists the strategy of every generation, oldest first.
func strategies() []strategy {
	known := generations()
	all := make([]strategy, len(known))
	for i, g := range known {
		all[i] = g.strategy()
	}
	return all
}

// chosen is a strategy and how well it fits.
type chosen struct {
	strategy
	newer   bool // the server is newer than any version that we know
	patient bool // the server waits for the Cloud's answers without a time limit (up to 6.3)
}

// newestKnown is the first version that nobody has looked at yet.
const newestKnown = "10.0"

// choose finds the strategy of a version; ok is false below 3.0. A pre-release belongs to the version that it leads to.
func choose(v *version.Version) (found chosen, ok bool) {
	numbers := v.Segments()[:2] // of three at least
	for _, g := range slices.Backward(generations()) {
		if !before(numbers, g.since) {
			return chosen{strategy: g.strategy(), newer: !before(numbers, newestKnown), patient: before(numbers, "6.4")}, true
		}
	}
	return chosen{}, false
}

// before reports whether a version is older than major.minor. A fleet asks this very often, and reading ten versions takes longer than asking the workspace.
func before(numbers []int, text string) bool {
	first, second, _ := strings.Cut(text, ".")
	major, _ := strconv.Atoi(first)
	minor, _ := strconv.Atoi(second)
	return slices.Compare(numbers, []int{major, minor}) < 0
}
