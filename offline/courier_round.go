package offline

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/internal/document"
)

// round is one run of a courier.
type round struct {
	*Courier
	there map[string]bool // the requests in the place of whose answers there was something
	slots chan struct{}   // at the Cloud
}

// each calls do for every number below n, some at a time, until one returns an error or ctx is done. It returns when all calls have returned.
// There are more calls than slots at the Cloud, so that sealing and writing is done while others wait for a reply.
func (c *round) each(ctx context.Context, n int, do func(ctx context.Context, i int) error) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	numbers := make(chan int)
	var workers sync.WaitGroup
	for range min(n, 2*cap(c.slots)) {
		workers.Go(func() {
			for i := range numbers {
				if ctx.Err() != nil {
					continue // the rest is not begun
				}
				if err := do(ctx, i); err != nil {
					stop(err)
				}
			}
		})
	}
	for i := range n {
		numbers <- i
	}
	close(numbers)
	workers.Wait()
	return context.Cause(ctx)
}

// enter waits for a slot at the Cloud; leave gives it back.
func (c *round) enter(ctx context.Context) error {
	select {
	case c.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("%w: %w", cloud.ErrUnreachable, context.Cause(ctx))
	}
}

func (c *round) leave() { <-c.slots }

// deliver answers one request.
func (c *round) deliver(ctx context.Context, id string) Item {
	file := id + document.Suffix
	r, err := c.Folder.Request(id)
	if err != nil {
		return Item{File: file, Request: id, Outcome: Unreadable, Err: err}
	}
	outcome, err := c.answer(ctx, r)
	return Item{File: file, Request: id, Kind: r.Kind(), Workspace: r.Workspace(), Outcome: outcome, Err: failed(opAnswer, id, err)}
}

// answer answers a request, unless that was done before.
func (c *round) answer(ctx context.Context, r Request) (Outcome, error) {
	answered, err := c.Ledger.isAnswered(r)
	if err != nil {
		return Failed, err
	}
	if answered {
		return c.writeAgain(r)
	}
	if c.there[r.ID()] {
		if err := c.Folder.checkAnswer(r); err != nil {
			return Failed, err
		}
		return AnsweredBefore, nil
	}
	if r.Kind() == License {
		return c.fetchLicense(ctx, r)
	}
	return c.register(ctx, r)
}

// writeAgain writes an answer that the ledger keeps, unless it is in the folder.
func (c *round) writeAgain(r Request) (Outcome, error) {
	if c.Folder.checkAnswer(r) == nil {
		return AnsweredBefore, nil
	}
	doc, err := c.Ledger.answer(r)
	if err == nil {
		err = c.Folder.writeAnswer(r, doc)
	}
	if err != nil {
		return Failed, err
	}
	return WrittenAgain, nil
}

// finish seals an answer, keeps it, and writes it into the folder.
func (c *round) finish(r Request, t choice, p payload) (Outcome, error) {
	doc, err := sealAnswer(r, p, c.now())
	if err != nil {
		return Failed, err
	}
	keepErr := c.Ledger.keepAnswer(r, t, doc, c.now()) // no reason to lose the answer
	// An answer that stands is not replaced by one for another workspace id; one that cannot be trusted is. A license is the same from everybody.
	if err := c.Folder.checkUnanswered(r); r.Kind() == Registration && errors.Is(err, errAnsweredMeanwhile) {
		return AnsweredBefore, err
	}
	if err := c.Folder.writeAnswer(r, doc); err != nil {
		return Failed, errors.Join(keepErr, err)
	}
	return Answered, keepErr
}

func (c *round) log(ctx context.Context, item Item) {
	if c.Logger == nil {
		return
	}
	level := slog.LevelInfo
	if item.Err != nil {
		level = slog.LevelWarn
	}
	c.Logger.Log(ctx, level, "request "+string(item.Outcome), "request", item.Request, "kind", string(item.Kind), "workspace", item.Workspace.String(), "error", item.Err)
}
