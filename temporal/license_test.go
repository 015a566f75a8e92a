package temporal

import (
	"strings"
	"testing"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/registrationtest"
)

// licenseOf makes a license that the workspace accepts.
func licenseOf(t *testing.T, w *world) string {
	t.Helper()
	text, err := w.fake.Cloud().License(registrationtest.LicenseSpec{Modules: []string{"auditing", "canned-responses"}})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestMoveLicense(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		registered bool
		message    string
	}{
		"of a registered workspace": {registered: true},
		"that cannot sync":          {message: "the license is in force; the sync after it failed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "8.9.0")
			if test.registered {
				w.register()
			}
			outcome, err := w.run(MoveLicenseWorkflow, LicenseMove{Workspace: w.entry, License: secretFile(t, licenseOf(t, w))})
			if err != nil || outcome.Class != fleet.Done || outcome.Operation != "apply license" || !strings.HasPrefix(outcome.Message, test.message) || (test.message == "") != (outcome.Message == "") {
				t.Errorf("%+v, %v", outcome, err)
			}
			if p := w.progress(); p.Phase != PhaseDone || p.Workspace != "chat" {
				t.Errorf("progress %+v", p)
			}
		})
	}
}

// TestALicenseThatWouldNotBeValid is not handed over without consent; with it the failure names the license that has ended.
func TestALicenseThatWouldNotBeValid(t *testing.T) {
	t.Parallel()
	for force, kind := range map[bool]string{false: "license_refused", true: "license_not_in_force"} {
		w := newWorld(t, "8.6.1", registrationtest.WithLicense(registrationtest.LicenseSpec{}))
		text, err := w.fake.Cloud().License(registrationtest.LicenseSpec{Address: "elsewhere.example.com"})
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.run(MoveLicenseWorkflow, LicenseMove{Workspace: w.entry, License: secretFile(t, text), Force: force})
		checkFailure(t, err, kind)
	}
}

func TestALicenseThatIsRefusedIsFinal(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "8.9.0")
	_, err := w.run(MoveLicenseWorkflow, LicenseMove{Workspace: w.entry, License: secretFile(t, "no-license")})
	checkFailure(t, err, "license_refused")
}
