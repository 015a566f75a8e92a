package workspace

import (
	"context"
	"sync"
	"sync/atomic"
)

// shared is a value that is fetched when it is first needed and then kept. Callers at the same time share one fetch. A
// failure is handed to those who waited for it, and not kept.
type shared[T any] struct {
	value  atomic.Pointer[T]
	mu     sync.Mutex
	flight *flight[T]
}

type flight[T any] struct {
	done      chan struct{}
	value     *T
	err       error
	abandoned bool // the context of the one who fetched ended: that is no answer for the others
}

// peek returns the value, or nil when there is none yet.
func (s *shared[T]) peek() *T { return s.value.Load() }

// drop forgets the value, unless another one has taken its place.
func (s *shared[T]) drop(old *T) { s.value.CompareAndSwap(old, nil) }

// get returns the value, fetching it if need be.
func (s *shared[T]) get(ctx context.Context, fetch func(context.Context) (*T, error)) (*T, error) {
	for {
		value, f, mine := s.join()
		if value != nil {
			return value, nil
		}
		if mine {
			s.fly(ctx, f, fetch)
			return f.value, f.err
		}
		select {
		case <-f.done:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
		if !f.abandoned {
			return f.value, f.err
		}
	}
}

// join returns the value, or the fetch under way, or a new one that is the caller's to make.
func (s *shared[T]) join() (value *T, f *flight[T], mine bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if value = s.value.Load(); value != nil {
		return value, nil, false
	}
	if s.flight != nil {
		return nil, s.flight, false
	}
	s.flight = &flight[T]{done: make(chan struct{}), abandoned: true}
	return nil, s.flight, true
}

// fly makes the fetch. It clears up even when fetch panics, so that no caller waits for ever.
func (s *shared[T]) fly(ctx context.Context, f *flight[T], fetch func(context.Context) (*T, error)) {
	defer func() {
		s.mu.Lock()
		s.flight = nil
		s.mu.Unlock()
		close(f.done)
	}()
	f.value, f.err = fetch(ctx)
	if f.err == nil {
		s.value.Store(f.value)
	}
	f.abandoned = ctx.Err() != nil
}
