package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/screen"
)

// operate runs one operation on the workspace and prints its result.
func (c *connection) operate(ctx context.Context, do func(context.Context, session) (registration.Result, error), options ...registration.Option) error {
	if c.completesSetup {
		do = completingSetup(do)
	}
	return c.with(ctx, func(ctx context.Context, s session) error {
		result, err := do(ctx, s)
		if err != nil {
			return &operationError{s.workspace.Address(), s.Capabilities().Version, result, err}
		}
		return c.app.show(operationView{s.workspace.Address(), s.Capabilities().Version, result})
	}, options...)
}

// operationError is a failed operation with what is known of it.
type operationError struct {
	workspace, version string
	result             registration.Result
	err                error
}

func (e *operationError) Error() string { return e.err.Error() }
func (e *operationError) Unwrap() error { return e.err }

// resultIn finds what is known of a failed operation; nil where it did not get as far as a first call.
func resultIn(err error) *registration.Result {
	if failed := (*operationError)(nil); errors.As(err, &failed) && len(failed.result.Calls) > 0 {
		return &failed.result
	}
	return nil
}

type operationView struct {
	Workspace string `json:"workspace"`
	Version   string `json:"version"`
	registration.Result
}

func (v operationView) text(out io.Writer, s style) {
	heading(out, s, v.Workspace, v.Version)
	rows := [][]string{{"Result", v.outcome(s)}}
	if v.After.WorkspaceID != "" {
		rows = append(rows, []string{"Workspace ID", v.After.WorkspaceID})
	}
	calls, notes := v.Calls, v.Notes
	if v.License != nil {
		rows = append(rows, licenseRows(v.License.After)...)
		calls, notes = slices.Concat(calls, v.License.Calls), slices.Concat(v.License.Notes, notes)
	}
	for i, call := range calls {
		label := ""
		if i == 0 {
			label = "Calls"
		}
		rows = append(rows, []string{label, call.Protocol + " " + call.Name})
	}
	for _, note := range notes {
		rows = append(rows, []string{"Note", note})
	}
	screen.Columns(out, rows)
}

// outcome says in a few words what an operation that succeeded has done.
func (v operationView) outcome(s style) string {
	state := paintState(s, v.After.State)
	switch {
	case v.Changed && v.Before.State != v.After.State:
		return fmt.Sprintf("%s (was %s)", state, v.Before.State)
	case v.License != nil && v.License.Changed:
		return "license refreshed, " + state
	case v.License != nil:
		return "the same license as before, " + state
	case v.Operation == "sync":
		return "synced, " + state
	case v.Changed:
		return state
	}
	return state + " already: nothing was changed"
}
