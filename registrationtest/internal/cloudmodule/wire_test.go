package cloudmodule_test

import (
	"errors"
	"maps"
	"slices"
	"testing"
)

// wireFields is what the framework asks an error for that was not made for callers.
type wireFields interface{ WireFields() map[string]any }

// wantWire compares the keys that callers of a method see of an error.
func wantWire(t *testing.T, err error, want ...string) {
	t.Helper()
	var shown wireFields
	var got []string
	if errors.As(err, &shown) {
		got = slices.Sorted(maps.Keys(shown.WireFields()))
	}
	if !slices.Equal(got, want) {
		t.Errorf("callers see %v of the error %v, want %v", got, err, want)
	}
}
