package cloudmodule_test

import (
	"testing"
	"time"

	"github.com/rcreg/registration/registrationtest/internal/cloudmodule"
)

func withLicense(facts cloudmodule.LicenseFacts) benchOption {
	return func(c *cloudmodule.Config, _ *time.Duration) {
		c.ReadLicense = func(string) cloudmodule.LicenseFacts { return facts }
	}
}

// A15: from 8.7 a workspace with an offline license asks the Cloud nothing, and says mostly that all is well.
func TestA15OfflineLicense(t *testing.T) {
	t.Parallel()
	for version, obeys := range map[string]bool{"8.6.1": false, "8.7.0": true, "8.10.0": true, "9.0.0": true} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, version, withLicense(cloudmodule.LicenseFacts{Offline: true}))
			if err := b.module.ApplyLicense(license); err != nil {
				t.Fatal(err)
			}
			_, sync := b.rest("cloud.syncWorkspace", nil)
			_, intent := b.rest("cloud.createRegistrationIntent", map[string]any{"resend": false, "email": "a@example.com"})
			reach, _ := b.rest("cloud.registerPreIntent", nil)
			if sync != nil || (intent != nil) != obeys || reach["offline"] != obeys {
				t.Errorf("sync says %v, the intent %v, the pre-intent %v", sync, intent, reach)
			}
			if asked := len(b.cloud.sent()) > 0; asked == obeys {
				t.Errorf("asked the Cloud: %v", b.cloud.lines())
			}
			if _, err := b.rest("cloud.removeLicense", nil); err != nil || b.module.License() != "" {
				t.Errorf("after its removal the license is %q, %v", b.module.License(), err)
			}
		})
	}
}

// C6, A14: from 6.5 a license that does not count here takes the place of the one in force, which leaves none.
func TestC6VoidLicense(t *testing.T) {
	t.Parallel()
	for version, left := range map[string]string{"6.4.0": license, "6.5.0": "", "9.0.0": ""} {
		facts := &cloudmodule.LicenseFacts{}
		b := newBench(t, version, func(c *cloudmodule.Config, _ *time.Duration) {
			c.ReadLicense = func(string) cloudmodule.LicenseFacts { return *facts }
		})
		for _, facts.Void = range []bool{false, true} {
			if err := b.module.ApplyLicense(license); err != nil {
				t.Errorf("%s: void %v: %v", version, facts.Void, err)
			}
		}
		if got := b.module.License(); got != left {
			t.Errorf("%s: the license in force is %q, want %q", version, got, left)
		}
	}
}
