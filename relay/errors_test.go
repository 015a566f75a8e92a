package relay

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/grants"
)

func TestMeaningOfFailures(t *testing.T) {
	t.Parallel()
	const kept, unspent = "nothing that the Cloud gave before is lost", "nothing was spent now"
	for name, tc := range map[string]struct {
		read    func(error) error
		err     error
		kind    error
		ways    []failure.Remedy
		certain string
	}{
		"an unknown outcome":   {fromCloud, cloud.ErrOutcomeUnknown, nil, failure.Ways(failure.RunAgainInDoubt), ""},
		"data that is wrong":   {fromCloud, cloud.ErrInvalidRegistrationData, nil, failure.InvalidRegistrationData.Remedies(), "nothing was sent"},
		"too many calls":       {fromCloud, cloud.ErrRateLimited, nil, failure.Ways(failure.Wait), kept},
		"a Cloud that is away": {fromCloud, cloud.ErrUnreachable, nil, failure.Ways(failure.ReachCloud), kept},
		"an empty store":       {fromStore, grants.ErrNotOpened, registration.ErrInvalidInput, failure.Ways(failure.OpenFolders), unspent},
		"another run":          {fromStore, grants.ErrLocked, nil, failure.Ways(failure.WaitForOther), unspent},
		"another key":          {fromStore, grants.ErrCannotOpen, nil, failure.Ways(failure.OpenWithKey), unspent},
		"a full disk":          {fromStore, failure.NoSpace, nil, failure.Ways(failure.MakeRoom), unspent},
		"a damaged file":       {fromStore, failure.Truncated, nil, failure.Ways(failure.MendStore), unspent},
	} {
		var failed *registration.Error
		if err := tc.read(fmt.Errorf("x: %w", tc.err)); !errors.As(err, &failed) || !errors.Is(err, tc.err) {
			t.Errorf("%s: got %v", name, err)
			continue
		}
		if failed.Kind != tc.kind || !slices.Equal(failed.Remedies, tc.ways) || failed.Certain != tc.certain { //nolint:errorlint // it is set, or not
			t.Errorf("%s: got %v, %v and %q", name, failed.Kind, failed.Remedies, failed.Certain)
		}
	}
}
