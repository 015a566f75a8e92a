package temporal

import (
	"testing"

	"go.uber.org/goleak"
)

// TestMain looks for goroutines that stay. Those of the SDK's test environment that ran a child workflow do: it never ends them.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("go.temporal.io/sdk/internal.(*testWorkflowEnvironmentImpl).startMainLoop"))
}
