package temporal

import (
	"context"

	"github.com/rcreg/registration/fleet"
)

// Runner carries out one operation on one workspace, once, on the worker: it reads the credentials that the workspace refers to, opens a client, and tells
// what came of it. It is called from several goroutines. A [fleet.Fleet] is one; its list may be empty.
type Runner interface {
	Do(ctx context.Context, w fleet.Workspace, op fleet.Operation) fleet.Outcome
}
