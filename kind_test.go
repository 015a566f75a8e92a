package registration_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/offline"
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

func TestTemporary(t *testing.T) {
	t.Parallel()
	internal := &workspace.Error{Operation: "cloud.registrationStatus", Kind: workspace.ErrInternal, Status: 500}
	for name, test := range map[string]struct {
		err  error
		want bool
	}{
		"nothing":                           {nil, false},
		"something else":                    {errors.New("something else"), false},
		"the workspace's own 500":           {&registration.Error{Op: "resume", Err: internal}, true},
		"a page":                            {&workspace.Error{Kind: workspace.ErrBadReply}, true},
		"nobody listens":                    {fmt.Errorf("wrapped: %w", workspace.ErrNotSent), true},
		"the Cloud is away":                 {&registration.Error{Op: "register", Err: cloud.ErrUnavailable}, true},
		"in doubt":                          {&registration.Error{Op: "sync", Kind: registration.ErrOutcomeUnknown}, true},
		"a failed sync, of a refused call":  {&registration.Error{Op: "sync", Kind: registration.ErrSyncFailed, Err: workspace.ErrRefused}, true},
		"refused, of a reply that was lost": {&registration.Error{Op: "register", Kind: registration.ErrRejected, Err: workspace.ErrReplyLost}, false},
		"half an answer":                    {&registration.Error{Op: "resume", Kind: registration.ErrInvalidGrant, Err: offline.ErrTruncated}, true},
		"another answer":                    {&registration.Error{Op: "resume", Kind: registration.ErrInvalidGrant, Err: offline.ErrUsed}, false},
		"it waits for a person":             {&registration.PendingError{}, false},
		"its time ran out":                  {context.DeadlineExceeded, true},
		"stopped":                           {context.Canceled, false},
	} {
		if got := registration.Temporary(test.err); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
