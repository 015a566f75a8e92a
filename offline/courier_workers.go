package offline

import (
	"context"
	"sync"
)

// each calls do for every number below n, some at a time, until one returns an error or ctx is done. It returns when all calls have returned.
func (c *Courier) each(ctx context.Context, n int, do func(ctx context.Context, i int) error) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	numbers := make(chan int)
	var workers sync.WaitGroup
	for range min(n, c.concurrency()) {
		workers.Go(func() {
			for i := range numbers {
				if err := do(ctx, i); err != nil {
					stop(err)
				}
			}
		})
	}
	for i := range n {
		if ctx.Err() != nil {
			break
		}
		select {
		case numbers <- i:
		case <-ctx.Done():
		}
	}
	close(numbers)
	workers.Wait()
	return context.Cause(ctx)
}

func (c *Courier) concurrency() int {
	if c.Concurrency < 1 {
		return defaultConcurrency
	}
	return c.Concurrency
}
