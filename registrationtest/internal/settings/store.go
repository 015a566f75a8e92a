// Package settings is the settings store of a fake server: a database, and a cache that may lag behind it.
//
// Most code of a Rocket.Chat server reads the cache and writes the database; a change reaches the cache later, over a
// change stream. Much of what the server gets wrong about the Cloud comes from that gap, so it is modelled.
//
//	store := settings.New(clock.System(), 20*time.Millisecond, settings.Initial(rel, settings.Fresh{CloudURL: url}))
//	store.Set("Cloud_Workspace_Id", "ws-1")
//	store.String("Cloud_Workspace_Id")    // "" for the next 20 ms
//	store.Stored("Cloud_Workspace_Id")    // "ws-1"
package settings

import (
	"reflect"
	"sync"
	"time"

	"github.com/rcreg/registration/internal/clock"
)

// Change is one write that altered a setting in the database.
type Change struct {
	At    time.Time
	ID    string
	Value any // nil for null
}

// Store holds the settings of one server. It is safe for concurrent use and starts no goroutine: the cache catches up
// at each look.
type Store struct {
	clock clock.Clock
	lag   time.Duration

	mu       sync.Mutex
	database map[string]any
	cache    map[string]any
	pending  []arrival
	changes  []Change
}

// arrival is a change on its way to the cache.
type arrival struct {
	due time.Time
	Change
}

// New returns a store that holds the initial settings in database and cache, with the given lag between the two.
func New(c clock.Clock, lag time.Duration, initial map[string]any) *Store {
	s := &Store{
		clock:    c,
		lag:      lag,
		database: make(map[string]any, len(initial)),
		cache:    make(map[string]any, len(initial)),
	}
	for id, value := range initial {
		s.database[id] = value
		s.cache[id] = value
	}
	return s
}

// Set writes a setting to the database and reports whether that changed anything. Like the real model it updates only
// settings that exist.
func (s *Store) Set(id string, value any) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	old, exists := s.database[id]
	if !exists || reflect.DeepEqual(old, value) {
		return false
	}
	change := Change{At: s.clock.Now(), ID: id, Value: value}
	s.database[id] = value
	s.changes = append(s.changes, change)
	s.pending = append(s.pending, arrival{due: change.At.Add(s.lag), Change: change})
	return true
}

// Get reads a setting from the cache. It returns nil for a setting that is null or that the release does not have.
func (s *Store) Get(id string) any {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.catchUp()
	return s.cache[id]
}

// String reads a setting from the cache; what is not a text is "".
func (s *Store) String(id string) string {
	text, _ := s.Get(id).(string)
	return text
}

// Stored reads a setting from the database.
func (s *Store) Stored(id string) any {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.database[id]
}

// Has reports whether the release has the setting.
func (s *Store) Has(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, exists := s.database[id]
	return exists
}

// Snapshot returns a copy of the database.
func (s *Store) Snapshot() map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make(map[string]any, len(s.database))
	for id, value := range s.database {
		all[id] = value
	}
	return all
}

// Changes returns every change of the database so far, oldest first.
func (s *Store) Changes() []Change {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Change(nil), s.changes...)
}

// catchUp moves what is due into the cache. The lock must be held.
func (s *Store) catchUp() {
	now := s.clock.Now()
	for len(s.pending) > 0 && !s.pending[0].due.After(now) {
		s.cache[s.pending[0].ID] = s.pending[0].Value
		s.pending = s.pending[1:]
	}
}
