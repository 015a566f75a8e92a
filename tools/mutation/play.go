package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
)

// verdict is what became of a mutant.
type verdict string

const (
	killed     verdict = "killed"
	timedOut   verdict = "timed out" // counts as killed
	survived   verdict = "survived"
	notReached verdict = "not reached" // survived without being played
)

func (v verdict) isKilled() bool { return v == killed || v == timedOut }

// outcome is a mutant with its verdict, and what the last test program printed.
type outcome struct {
	mutant
	verdict verdict
	output  []byte
}

// play runs the tests that reach a mutant until one fails: those of its own package first.
func play(ctx context.Context, m mutant, suites []suite) (outcome, error) {
	result := outcome{mutant: m, verdict: notReached}
	for _, own := range []bool{true, false} {
		for _, s := range suites {
			if own != (s.pkg == m.pkg) {
				continue
			}
			for _, tests := range s.reaching(m.number) {
				if err := result.face(ctx, s.program, tests); err != nil || result.verdict.isKilled() {
					return result, err
				}
			}
		}
	}
	return result, nil
}

// face runs some tests with the mutant.
func (o *outcome) face(ctx context.Context, p program, tests []test) error {
	limit := p.patience
	names := make([]string, 0, len(tests))
	for _, t := range tests {
		names, limit = append(names, t.name), limit+4*t.took
	}
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	output, err := p.run(limited, []string{activeVariable + "=" + strconv.Itoa(o.number)}, "-test.failfast", "-test.run", pattern(names...))
	o.output = output
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(limited.Err(), context.DeadlineExceeded):
		o.verdict = timedOut
	case err != nil:
		o.verdict = killed
	default:
		o.verdict = survived
	}
	return nil
}

// each does something with all of them, some at a time, and stops at the first error.
func each[T any](ctx context.Context, workers int, all []T, do func(ctx context.Context, i int, one T) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var group sync.WaitGroup
	places := make(chan struct{}, workers)
	for i, one := range all {
		places <- struct{}{}
		if ctx.Err() != nil {
			break
		}
		group.Go(func() {
			defer func() { <-places }()
			if err := do(ctx, i, one); err != nil {
				cancel(fmt.Errorf("stopped: %w", err))
			}
		})
	}
	group.Wait()
	return context.Cause(ctx)
}
