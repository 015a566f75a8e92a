// Package release sorts versions for people: whatever a server calls its version has a place.
//
//	slices.SortFunc(versions, release.Compare) // 6.4.0 before 6.13.0
package release

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Compare compares two versions by their numbers, and those with the same numbers by their texts. What is no number counts as nought.
func Compare(a, b string) int {
	return cmp.Or(slices.Compare(numbers(a), numbers(b)), strings.Compare(a, b))
}

func numbers(version string) []int {
	parts := strings.Split(version, ".")
	found := make([]int, len(parts))
	for i, part := range parts {
		found[i], _ = strconv.Atoi(part)
	}
	return found
}
