package offline_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/offline"
)

// TestWaysOutOfACourier: a token in doubt is looked for in the console, after what stands before the Cloud. No status of a workspace tells of it.
func TestWaysOutOfACourier(t *testing.T) {
	t.Parallel()
	settle := failure.Remedy{Act: failure.Settle, With: "request"}
	for name, tc := range map[string]struct {
		err  error
		want []failure.Remedy
	}{
		"in doubt":             {offline.ErrOutcomeUnknown, []failure.Remedy{settle}},
		"a page for the Cloud": {fmt.Errorf("%w: %w", offline.ErrOutcomeUnknown, cloud.ErrBadReply), []failure.Remedy{{Act: failure.CheckCloudWay}, settle}},
		"unusable":             {offline.ErrUnusable, failure.Ways(failure.CompleteGrant, failure.CheckCloudWay)},
		"no token":             {offline.ErrNoToken, failure.Ways(failure.AddTokens)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := failure.Remedies(&offline.Error{Op: "answer the request", Request: "request", Err: tc.err}); !slices.Equal(got, tc.want) {
				t.Errorf("got %v, want %v", got, tc.want)
			}
		})
	}
	if ways := (*offline.Error)(nil).WaysOut(); ways != nil {
		t.Errorf("no error has %v", ways)
	}
	if got := failure.Remedies(&offline.Error{Op: "read", Err: errors.New("x")}); !slices.Equal(got, failure.Other.Remedies()) {
		t.Errorf("got %v", got)
	}
}
