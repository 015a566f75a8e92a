package release_test

import (
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/rcreg/registration/internal/release"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestCompare(t *testing.T) {
	t.Parallel()
	versions := strings.Fields("10.0.0 6.13.0 develop 6.4.0 6.5.0-rc.1 6.4 3.x 9.0.0")
	slices.SortFunc(versions, release.Compare)
	if got := strings.Join(versions, " "); got != "develop 3.x 6.4 6.4.0 6.5.0-rc.1 6.13.0 9.0.0 10.0.0" {
		t.Errorf("sorted: %s", got)
	}
}
