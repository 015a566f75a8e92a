package registration_test

import (
	"errors"
	"fmt"
	"testing"

	"go.uber.org/mock/gomock"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/clienttest"
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
		"transport: the disk is full. Next: tidy up": {registration.Error{Err: cause, Remedies: inWords("tidy up")}, 1},
		"sync https://chat.example.com (Rocket.Chat 6.5.0): the sync failed: the disk is full. Next: tidy up": {
			registration.Error{Op: "sync", Workspace: "https://chat.example.com", Version: "6.5.0", Kind: registration.ErrSyncFailed, Err: cause, Remedies: inWords("tidy up")}, 2,
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

// TestWhatNeverRanIsNotLookedUp, and what may have run is, whatever else its error says.
func TestWhatNeverRanIsNotLookedUp(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		answer error
		kind   string
		looked bool
	}{
		"not sent":                      {errNotSent, "unreachable", false},
		"no such call":                  {fmt.Errorf("404: %w", workspace.ErrNoSuchCall), "unsupported", false},
		"no such call, says a stranger": {fmt.Errorf("404: %w: %w", workspace.ErrNoSuchCall, workspace.ErrReplyLost), "reply_lost", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ws, clock := clienttest.Start(t, "6.5.0")
			transport := newMock(t)
			transport.MockTransport.EXPECT().Register(gomock.Any(), gomock.Any(), gomock.Any()).Return(tc.answer)
			result, err := clienttest.OpenWithToken(t, ws, clock, registration.WithTransport(transport)).Register(t.Context(), registration.Request{Token: "t"})
			if failure.KindOf(err).Name() != tc.kind || (len(result.Calls) > 1) != tc.looked {
				t.Errorf("got %v (%s) after %+v", err, failure.KindOf(err).Name(), result.Calls)
			}
		})
	}
}

// inWords is the way out that a transport of somebody else gives.
func inWords(text string) []failure.Remedy { return failure.Way(failure.InWords, text) }
