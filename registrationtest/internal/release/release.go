// Package release compares versions of the Rocket.Chat server the way its history reads: "since 6.5", "up to 6.4".
//
//	r := release.MustParse("6.5.0-rc.14")
//	r.Since("6.5") // true: a pre-release belongs to the version that it leads to
package release

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/hashicorp/go-version"
)

// ErrUnknown is the error for a version that no fake speaks: those before 3.0, and texts that are none.
var ErrUnknown = errors.New("no such version of a workspace")

// Release is one version of the Rocket.Chat server.
type Release struct {
	full   string
	core   number
	traits uint64 // see Trait
}

// number is a version without what follows a hyphen.
type number struct{ major, minor, patch int }

func (n number) before(other number) bool {
	if n.major != other.major {
		return n.major < other.major
	}
	if n.minor != other.minor {
		return n.minor < other.minor
	}
	return n.patch < other.patch
}

// Parse reads a version such as "3.0.0" or "7.0.0-develop". It fails with ErrUnknown.
func Parse(text string) (Release, error) {
	v, err := version.NewSemver(text)
	if err != nil {
		return Release{}, fmt.Errorf("%w: release %q: %w", ErrUnknown, text, err)
	}
	s := v.Segments()
	r := Release{full: v.String(), core: number{s[0], s[1], s[2]}}
	r.traits = traitsOf(r.core)
	if r.core.major < 3 {
		return Release{}, fmt.Errorf("%w: %s is before 3.0", ErrUnknown, text)
	}
	return r, nil
}

// MustParse is Parse for versions that are written in the source.
func MustParse(text string) Release {
	r, err := Parse(text)
	if err != nil {
		panic(err)
	}
	return r
}

// Since reports whether the release is the given one or a later one. It is asked at every request, for versions that are written
// in the source: a version library would take most of the time of an answer.
func (r Release) Since(text string) bool { return !r.core.before(mustNumber(text)) }

// mustNumber reads a version such as "6.5".
func mustNumber(text string) number {
	var parts [3]int
	for i, rest := 0, text; rest != ""; i++ {
		var digits string
		digits, rest, _ = strings.Cut(rest, ".")
		n, err := strconv.Atoi(digits)
		if err != nil || i == len(parts) {
			panic("release: no version: " + text)
		}
		parts[i] = n
	}
	return number{parts[0], parts[1], parts[2]}
}

// Before is the opposite of Since.
func (r Release) Before(text string) bool { return !r.Since(text) }

// String returns the version in full, as the server's administrators see it: "5.4.0" also for one that was given as "5.4".
func (r Release) String() string { return r.full }

// MajorMinor returns the version as strangers see it from 4.3, such as "6.4".
func (r Release) MajorMinor() string {
	return strconv.Itoa(r.core.major) + "." + strconv.Itoa(r.core.minor)
}
