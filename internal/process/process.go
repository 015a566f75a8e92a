// Package process runs a command as a process of its own: with secrets in its memory, and ended by signals.
//
//	os.Exit(process.Run(func(ctx context.Context, again func() <-chan struct{}) int { … }))
package process

import (
	"context"
	"os"
	"os/signal"
	"sync"
	"syscall"
)

// Run runs a command, whose context ends with the first Ctrl-C or SIGTERM: the command then ends in good order. A second one ends the process, unless the command
// has asked for it by calling again: then it closes the channel, so that the command can say what it knows, and a third one ends the process. Run returns the exit
// code of the command.
func Run(command func(ctx context.Context, again func() <-chan struct{}) int) int {
	_ = disableCoreDumps() // a system that does not allow it is no reason to do nothing at all
	signalled, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	s := &second{closed: make(chan struct{}), signals: make(chan os.Signal, 1)}
	defer s.end()
	defer context.AfterFunc(signalled, func() {
		s.await()
		stop() // with the handler gone, the next signal ends the process, unless the command waits for it
		cancel(context.Cause(signalled))
	})()
	return command(ctx, s.ask)
}

// second is the second signal.
type second struct {
	closed  chan struct{}
	signals chan os.Signal

	mu    sync.Mutex // the fields below
	asked bool
	over  bool // the first signal has come, or the command has ended
	wait  sync.WaitGroup
}

// ask returns a channel that the second signal closes.
func (s *second) ask() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = true
	return s.closed
}

// await takes the next signal in the place of the system, where the command has asked for it.
func (s *second) await() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.asked || s.over {
		return
	}
	s.over = true
	signal.Notify(s.signals, os.Interrupt, syscall.SIGTERM)
	s.wait.Go(func() {
		if _, came := <-s.signals; came {
			signal.Stop(s.signals)
			close(s.closed)
		}
	})
}

// end leaves nothing behind.
func (s *second) end() {
	s.mu.Lock()
	s.over = true
	s.mu.Unlock()
	signal.Stop(s.signals)
	close(s.signals)
	s.wait.Wait()
}
