package exitcode_test

import (
	"errors"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/exitcode"
)

func TestOfKind(t *testing.T) {
	t.Parallel()
	for err, want := range map[error]int{
		registration.ErrInvalidInput:       exitcode.Usage,
		registration.ErrPending:            exitcode.Pending,
		registration.ErrUnsupported:        exitcode.Unsupported,
		registration.ErrUnsupportedVersion: exitcode.Unsupported,
		registration.ErrOutcomeUnknown:     exitcode.OutcomeUnknown,
		registration.ErrUnauthorized:       exitcode.Failed,
		errors.New("of no kind"):           exitcode.Failed,
	} {
		if got := exitcode.OfKind(registration.KindName(err)); got != want {
			t.Errorf("%v ends with %d, want %d", err, got, want)
		}
	}
	if got := exitcode.OfKind("usage"); got != exitcode.Usage {
		t.Errorf("wrong usage ends with %d", got)
	}
}
