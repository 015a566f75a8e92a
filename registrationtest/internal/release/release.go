// Package release compares versions of the Rocket.Chat server the way its history reads: "since 6.5", "up to 6.4".
//
//	r := release.MustParse("6.5.0-rc.14")
//	r.Since("6.5") // true: a pre-release belongs to the version that it leads to
package release

import (
	"fmt"

	"github.com/hashicorp/go-version"
)

// Release is one version of the Rocket.Chat server.
type Release struct {
	full *version.Version
	core *version.Version
}

// Parse reads a version such as "3.0.0" or "7.0.0-develop".
func Parse(text string) (Release, error) {
	v, err := version.NewSemver(text)
	if err != nil {
		return Release{}, fmt.Errorf("release %q: %w", text, err)
	}
	return Release{full: v, core: v.Core()}, nil
}

// MustParse is Parse for versions that are written in the source.
func MustParse(text string) Release {
	r, err := Parse(text)
	if err != nil {
		panic(err)
	}
	return r
}

// Since reports whether the release is the given one or a later one.
func (r Release) Since(text string) bool {
	return r.core.GreaterThanOrEqual(version.Must(version.NewSemver(text)))
}

// Before is the opposite of Since.
func (r Release) Before(text string) bool { return !r.Since(text) }

// String returns the version in full, as the server's administrators see it: "5.4.0" also for one that was given as "5.4".
func (r Release) String() string { return r.full.String() }

// MajorMinor returns the version as strangers see it from 4.3, such as "6.4".
func (r Release) MajorMinor() string {
	s := r.core.Segments()
	return fmt.Sprintf("%d.%d", s[0], s[1])
}
