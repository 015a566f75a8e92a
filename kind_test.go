package registration_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/workspace"
)

func TestKindName(t *testing.T) {
	t.Parallel()
	lost := &workspace.Error{Operation: "cloud:syncWorkspace", Kind: workspace.ErrReplyLost, Err: context.DeadlineExceeded}
	for want, err := range map[string]error{
		"":                  nil,
		"failed":            errors.New("something else"),
		"unauthorized":      &registration.Error{Op: "status", Kind: registration.ErrUnauthorized, Err: &workspace.Error{Kind: workspace.ErrUnauthorized}},
		"outcome_unknown":   fmt.Errorf("wrapped: %w", &registration.Error{Op: "sync", Kind: registration.ErrOutcomeUnknown, Err: lost}), // what was decided counts
		"pending":           &registration.PendingError{},
		"timeout":           &registration.Error{Op: "status", Err: lost}, // nothing was: the cause speaks
		"sync_failed":       &registration.Error{Op: "sync", Kind: registration.ErrSyncFailed, Err: &workspace.Error{Kind: workspace.ErrUnauthorized, Err: registration.ErrUnauthorized}},
		"interrupted":       fmt.Errorf("wrapped: %w", context.Canceled),
		"unreachable":       &registration.Error{Op: "open", Err: &workspace.Error{Kind: workspace.ErrNotSent}},
		"cloud_unreachable": fmt.Errorf("wrapped: %w", cloud.ErrUnreachable),
		"rejected":          errors.Join(errors.New("first"), &registration.Error{Op: "register", Kind: registration.ErrRejected, Err: cloud.ErrRefused}),
	} {
		if got := registration.KindName(err); got != want {
			t.Errorf("%v is %q, want %q", err, got, want)
		}
	}
}
