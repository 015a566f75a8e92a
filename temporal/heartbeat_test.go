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

// TestHeartbeat beats while an act takes long, and stops with it. One that is over soon costs no beat.
func TestHeartbeat(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		takes       time.Duration
		least, most int64
	}{
		"a long act":  {4*heartbeatTimeout + time.Second, 4, 4*int64(heartbeatTimeout/heartbeatEvery) + 1},
		"a short act": {heartbeatEvery - time.Second, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				if beats := beatsOf(t, test.takes); beats < test.least || beats > test.most {
					t.Errorf("%d beats, want %d to %d", beats, test.least, test.most)
				}
			})
		})
	}
}

// beatsOf counts the heartbeats of an activity that takes some time.
func beatsOf(t *testing.T, takes time.Duration) int64 {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	env := suite.NewTestActivityEnvironment()
	env.SetTestTimeout(time.Hour)
	var beats atomic.Int64
	env.SetOnActivityHeartbeatListener(func(*activity.Info, converter.EncodedValues) { beats.Add(1) })
	act := func(ctx context.Context) (int, error) {
		return withHeartbeat(ctx, func(ctx context.Context) int {
			select {
			case <-time.After(takes):
			case <-ctx.Done():
			}
			return 7
		}), nil
	}
	env.RegisterActivity(act)
	value, err := env.ExecuteActivity(act)
	var got int
	if err != nil || value.Get(&got) != nil || got != 7 {
		t.Errorf("%d, %v", got, err)
	}
	return beats.Load()
}
