package exitcode_test

import (
	"testing"

	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/exitcode"
)

// The exit codes of all kinds that have another one than Failed: docs/cli.md promises them by name.
func TestOf(t *testing.T) {
	t.Parallel()
	promised := map[string]int{
		"usage": exitcode.Usage, "invalid_input": exitcode.Usage, "unknown_request": exitcode.Usage, "readable_by_others": exitcode.Usage, "pending": exitcode.Pending,
		"unsupported": exitcode.Unsupported, "unsupported_version": exitcode.Unsupported, "offline_license": exitcode.Unsupported, "outcome_unknown": exitcode.OutcomeUnknown,
	}
	for _, kind := range failure.All() {
		want, found := promised[kind.Name()]
		if !found {
			want = exitcode.Failed
		}
		if got := exitcode.Of(kind); got != want {
			t.Errorf("%s ends with %d, want %d", kind.Name(), got, want)
		}
	}
	if got := exitcode.Of(nil); got != exitcode.Done {
		t.Errorf("success ends with %d", got)
	}
}
