package temporal

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/converter"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/testsuite"
)

// TestHeartbeat beats while an act takes long, and stops with it.
func TestHeartbeat(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var suite testsuite.WorkflowTestSuite
		suite.SetLogger(sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)))
		env := suite.NewTestActivityEnvironment()
		env.SetTestTimeout(time.Hour)
		var beats atomic.Int64
		env.SetOnActivityHeartbeatListener(func(*activity.Info, converter.EncodedValues) { beats.Add(1) })
		long := func(ctx context.Context) (int, error) {
			return withHeartbeat(ctx, func(ctx context.Context) int {
				select {
				case <-time.After(4*heartbeatTimeout + time.Second):
				case <-ctx.Done():
				}
				return 7
			}), nil
		}
		env.RegisterActivity(long)
		value, err := env.ExecuteActivity(long)
		var got int
		if err != nil || value.Get(&got) != nil || got != 7 || beats.Load() < 4 {
			t.Errorf("%d, %v, %d beats", got, err, beats.Load())
		}
	})
}
