package cloudmodule_test

import (
	"regexp"
	"testing"
	"time"
)

// C4: new-workspace wipes the registration and changes the unique id.
func TestC4NewWorkspace(t *testing.T) {
	t.Parallel()
	uuid := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	for _, version := range []string{"6.5.0", "8.6.1"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, version)
			b.connect()
			b.settings.Set("Deployment_FingerPrint_Verified", false)
			if _, err := b.rest("fingerprint", map[string]any{"setDeploymentAs": "new-workspace"}); err != nil {
				t.Fatal(err)
			}
			if id, _ := b.settings.Stored("uniqueID").(string); b.registered() || !uuid.MatchString(id) {
				t.Errorf("registered is %v, the unique id is %q", b.registered(), id)
			}
			b.wantSettings(map[string]any{
				"Cloud_Workspace_Id": "", "Deployment_FingerPrint_Verified": true, "Show_Setup_Wizard": "completed", "Register_Server": true,
			})
			if version == "6.5.0" {
				b.wantSettings(map[string]any{
					"Cloud_Workspace_Access_Token": "", "Cloud_Workspace_Access_Token_Expires_At": time.Unix(0, 0).UTC(),
				})
			}
		})
	}
}

func TestUpdatedConfiguration(t *testing.T) {
	t.Parallel()
	b := newBench(t, "6.13.0")
	b.connect()
	b.settings.Set("Deployment_FingerPrint_Verified", false)
	if _, err := b.rest("fingerprint", map[string]any{"setDeploymentAs": "updated-configuration"}); err != nil {
		t.Fatal(err)
	}
	b.wantSettings(map[string]any{"uniqueID": "unique", "Cloud_Workspace_Id": "ws-1", "Deployment_FingerPrint_Verified": true})
}

func TestFingerprintChecksItsBody(t *testing.T) {
	t.Parallel()
	const allowed = "must be equal to one of the allowed values [invalid-params]"
	for want, body := range map[string]map[string]any{
		"must have required property 'setDeploymentAs' [invalid-params]": {},
		allowed: {"setDeploymentAs": "bananas"},
		"must NOT have additional properties [invalid-params]": {"setDeploymentAs": "new-workspace", "x": 1.0},
	} {
		b := newBench(t, "8.6.1")
		if _, err := b.rest("fingerprint", body); sentence(err) != want {
			t.Errorf("%v: the error is %v, want %s", body, err, want)
		}
		if _, err := b.rest("fingerprint", map[string]any{"setDeploymentAs": 5.0}); sentence(err) != allowed {
			t.Errorf("a number: the error is %v", err)
		}
	}
}
