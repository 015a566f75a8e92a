package settings_test

import (
	"maps"
	"testing"
	"time"

	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/registrationtest/internal/settings"
)

var start = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func newStore(lag time.Duration) (*settings.Store, *registrationtest.Clock) {
	c := registrationtest.NewClock(start)
	return settings.New(c, lag, map[string]any{"Text": "old", "Flag": false, "Number": 0.0}), c
}

func TestCacheFollowsTheDatabase(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name       string
		lag, after time.Duration
		want       string
	}{
		{"no lag", 0, 0, "new"},
		{"lag, at once", 20 * time.Millisecond, 0, "old"},
		{"lag, just before it is over", 20 * time.Millisecond, 19 * time.Millisecond, "old"},
		{"lag, over", 20 * time.Millisecond, 20 * time.Millisecond, "new"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			store, c := newStore(test.lag)
			store.Set("Text", "new")
			c.Advance(test.after)
			if got := store.String("Text"); got != test.want {
				t.Errorf("the cache has %q, want %q", got, test.want)
			}
			if got := store.Stored("Text"); got != "new" {
				t.Errorf("the database has %q, want the new value at once", got)
			}
		})
	}
}

func TestChangesArriveInOrder(t *testing.T) {
	t.Parallel()
	store, c := newStore(time.Second)
	store.Set("Text", "first")
	c.Advance(time.Second / 2)
	store.Set("Text", "second")
	c.Advance(time.Second / 2)
	if got := store.String("Text"); got != "first" {
		t.Errorf("after the first lag the cache has %q, want the first value", got)
	}
	c.Advance(time.Second / 2)
	if got := store.String("Text"); got != "second" {
		t.Errorf("after the second lag the cache has %q, want the second value", got)
	}
}

func TestSetTellsWhetherSomethingChanged(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, id string
		value    any
		want     bool
	}{
		{"another value", "Text", "new", true},
		{"null", "Text", nil, true},
		{"another type", "Flag", map[string]any{"a": 1.0}, true},
		{"the same value", "Text", "old", false},
		{"a setting that the release does not have", "Unknown", "new", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			store, _ := newStore(0)
			before := store.Snapshot()
			if got := store.Set(test.id, test.value); got != test.want {
				t.Errorf("Set says %v, want %v", got, test.want)
			}
			if changed := len(store.Changes()) == 1; changed != test.want {
				t.Errorf("%d changes are listed", len(store.Changes()))
			}
			if _, added := store.Snapshot()["Unknown"]; added || len(before) != len(store.Snapshot()) {
				t.Error("Set made up a setting")
			}
		})
	}
}

func TestTypedReads(t *testing.T) {
	t.Parallel()
	store, _ := newStore(0)
	store.Set("Flag", true)
	store.Set("Number", 5.0)
	if store.Get("Flag") != true || store.String("Flag") != "" || store.Get("Number") != 5.0 {
		t.Error("a read does not give what was stored, or takes one type for another")
	}
	if !store.Has("Text") || store.Has("Unknown") || store.Get("Unknown") != nil {
		t.Error("the store is wrong about what there is")
	}
}

func TestChangesAndSnapshotAreCopies(t *testing.T) {
	t.Parallel()
	store, c := newStore(time.Hour)
	c.Advance(time.Minute)
	store.Set("Text", "new")
	changes := store.Changes()
	want := settings.Change{At: start.Add(time.Minute), ID: "Text", Value: "new"}
	if len(changes) != 1 || changes[0] != want {
		t.Fatalf("changes are %v, want %v", changes, want)
	}
	changes[0].Value = "spoilt"
	maps.DeleteFunc(store.Snapshot(), func(string, any) bool { return true })
	if store.Changes()[0] != want || store.Stored("Text") != "new" {
		t.Error("what was handed out is the store's own")
	}
}
