package diagnose_test

import (
	"strings"
	"testing"

	"github.com/rcreg/registration/diagnose"
	"github.com/rcreg/registration/internal/clienttest"
)

// TestSetupWizard shows in each version where the wizard stands, and that it waits.
func TestSetupWizard(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.0", "", func(t *testing.T, v string) {
		for value, want := range map[any]diagnose.Severity{"completed": ok, "pending": warning, "in_progress": warning, "odd": skipped, 1.0: skipped} {
			ws := start(t, v)
			ws.Set("Show_Setup_Wizard", value)
			d := ws.run(t)
			checkFindings(t, d, severities{diagnose.CheckSetup: want})
			if f, _ := d.Finding(diagnose.CheckSetup); strings.Contains(f.Evidence, "waits") != (want == warning) {
				t.Errorf("%v: got %+v", value, f)
			}
		}
	})
}
