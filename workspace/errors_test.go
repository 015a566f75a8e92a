package workspace_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/rcreg/registration/workspace"
)

func TestErrorSaysWhatItKnows(t *testing.T) {
	t.Parallel()
	cause := errors.New("a cause")
	tests := map[string]struct {
		failed workspace.Error
		says   string
		chain  []error
	}{
		"nothing but the call": {workspace.Error{Operation: "GET x"}, "GET x", nil},
		"everything": {
			workspace.Error{Operation: "GET x", Address: base, Version: "6.4.0", Status: 400, Code: "error-x", Message: "No", RetryAt: start, Kind: workspace.ErrRefused, Err: cause},
			"GET x at " + base + " (version 6.4.0): refused: No (HTTP 400, error-x, come back at 2026-03-01T12:00:00Z); read the server's log, then run the operation again",
			[]error{workspace.ErrRefused, cause},
		},
		"a message without a code": {workspace.Error{Operation: "GET x", Message: "No"}, "GET x: No", nil},
		"a kind of somebody else":  {workspace.Error{Operation: "GET x", Kind: cause}, "GET x: a cause", []error{cause}},
		"perhaps carried out": {
			workspace.Error{Operation: "POST x", Kind: workspace.ErrInternal, MayHaveRun: true},
			"POST x: internal error of the workspace; it may have been carried out all the same: read the state of the workspace before you repeat it",
			[]error{workspace.ErrInternal, workspace.ErrReplyLost},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := test.failed.Error(); got != test.says {
				t.Errorf("got %q", got)
			}
			if got := test.failed.Unwrap(); !slices.Equal(got, test.chain) {
				t.Errorf("it wraps %v", got)
			}
		})
	}
}
