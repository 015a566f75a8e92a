package temporal

import (
	"context"
	"time"

	"go.temporal.io/sdk/activity"
)

// heartbeatEvery is well below heartbeatTimeout, so that one that is lost does no harm.
const (
	heartbeatEvery   = 5 * time.Second
	heartbeatTimeout = 30 * time.Second
)

// withHeartbeat acts, and tells Temporal meanwhile that this worker lives: when it stops saying so, another worker begins anew. What is over soon tells nothing: to
// have begun counts as a beat, and each one is a write to the server's database.
func withHeartbeat[T any](ctx context.Context, act func(context.Context) T) T {
	beating, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		ticker := time.NewTicker(heartbeatEvery)
		defer ticker.Stop()
		for {
			select {
			case <-beating.Done():
				return
			case <-ticker.C:
				activity.RecordHeartbeat(ctx)
			}
		}
	}()
	defer func() { stop(); <-done }()
	return act(ctx)
}
