package registration_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/workspace"
)

func TestErrorText(t *testing.T) {
	t.Parallel()
	cause := errors.New("the disk is full")
	refused := &workspace.Error{Operation: "GET x", Address: "https://chat.example.com", Kind: workspace.ErrRefused, Status: 400, Message: "no such user"}
	unsent := &workspace.Error{Operation: "GET x", Kind: workspace.ErrNotSent, Err: cause}
	for want, tc := range map[string]struct {
		err   registration.Error
		wraps int
	}{
		"transport": {registration.Error{}, 0},
		"transport: the disk is full. Next: tidy up": {registration.Error{Err: cause, Advice: "tidy up"}, 1},
		"sync https://chat.example.com (Rocket.Chat 6.5.0): the sync failed: the disk is full. Next: tidy up": {
			registration.Error{Op: "sync", Workspace: "https://chat.example.com", Version: "6.5.0", Kind: registration.ErrSyncFailed, Err: cause, Advice: "tidy up"}, 2,
		},
		"open: the request is not valid":                                              {registration.Error{Op: "open", Kind: registration.ErrInvalidInput}, 1},
		fmt.Sprintf("sync: GET x: %v (HTTP 400): no such user", workspace.ErrRefused): {registration.Error{Op: "sync", Err: refused}, 1},
		fmt.Sprintf("sync: GET x: %v: the disk is full", workspace.ErrNotSent):        {registration.Error{Op: "sync", Err: unsent}, 1},
		fmt.Sprintf("sync: GET x: %v", workspace.ErrReplyLost): {
			registration.Error{Op: "sync", Err: &workspace.Error{Operation: "GET x", Kind: workspace.ErrReplyLost}}, 1,
		},
	} {
		if got := tc.err.Error(); got != want {
			t.Errorf("got  %q\nwant %q", got, want)
		}
		if wraps := tc.err.Unwrap(); len(wraps) != tc.wraps {
			t.Errorf("%q wraps %v", want, wraps)
		}
	}
}
