package reliability_test

import "github.com/hashicorp/go-version"

// before reports whether a version is older than another.
func before(v, other string) bool {
	return version.Must(version.NewVersion(v)).LessThan(version.Must(version.NewVersion(other)))
}
