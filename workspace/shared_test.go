package workspace

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

var errFetch = errors.New("fetch failed")

// A caller who gives up must not take those down who wait for the same fetch.
func TestSharedSurvivesOneWhoGivesUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var s shared[int]
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			_, err := s.get(ctx, func(ctx context.Context) (*int, error) {
				<-ctx.Done()
				return nil, ctx.Err()
			})
			if !errors.Is(err, context.Canceled) {
				t.Errorf("the first got %v", err)
			}
		}()
		synctest.Wait()
		fetches := 0
		for range 3 {
			go func() {
				value, err := s.get(t.Context(), func(context.Context) (*int, error) {
					fetches++
					seven := 7
					return &seven, nil
				})
				if err != nil || *value != 7 {
					t.Errorf("one who waited got %v", err)
				}
			}()
		}
		synctest.Wait()
		cancel()
		synctest.Wait()
		if fetches != 1 {
			t.Errorf("fetched %d times", fetches)
		}
	})
}

func TestSharedHandsAFailureToAllWhoWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var s shared[int]
		release := make(chan struct{})
		fetches := 0
		var failures atomic.Int32
		for range 4 {
			go func() {
				_, err := s.get(t.Context(), func(context.Context) (*int, error) {
					fetches++
					<-release
					return new(int), errFetch
				})
				if errors.Is(err, errFetch) {
					failures.Add(1)
				}
			}()
			synctest.Wait()
		}
		close(release)
		synctest.Wait()
		if fetches != 1 || failures.Load() != 4 || s.peek() != nil {
			t.Errorf("%d fetches, %d failures, kept %v", fetches, failures.Load(), s.peek())
		}
	})
}

func TestSharedDropsOnlyWhatItHolds(t *testing.T) {
	t.Parallel()
	var s shared[int]
	one, two := 1, 1
	if _, err := s.get(t.Context(), func(context.Context) (*int, error) { return &one, nil }); err != nil {
		t.Fatal(err)
	}
	if s.drop(&two); s.peek() != &one {
		t.Error("dropped a value that has been replaced")
	}
	if s.drop(&one); s.peek() != nil {
		t.Error("kept a value that was dropped")
	}
}
