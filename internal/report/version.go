package report

import (
	"strings"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/internal/release"
)

// manyReleases is how many bars of releases can be taken in at a glance. Where there are more, they are drawn by major version.
const manyReleases = 12

// releases tells how to group these outcomes by version.
func releases(outcomes []fleet.Outcome) func(fleet.Outcome) string {
	found := map[string]bool{}
	for _, o := range outcomes {
		found[minorOf(o)] = true
	}
	if len(found) > manyReleases {
		return majorOf
	}
	return minorOf
}

// minorOf is the release of a workspace, such as "6.4".
func minorOf(o fleet.Outcome) string {
	parts := strings.SplitN(o.Version, ".", 3)
	if parts[0] == "" {
		return notKnown
	}
	return strings.Join(parts[:min(len(parts), 2)], ".")
}

// majorOf is the major version of a workspace, such as "6.x".
func majorOf(o fleet.Outcome) string {
	major, _, _ := strings.Cut(o.Version, ".")
	if major == "" {
		return notKnown
	}
	return major + ".x"
}

// newestFirst sorts releases.
func newestFirst(a, b string) int { return release.Compare(b, a) }
