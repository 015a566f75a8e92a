package settings_test

import (
	"testing"
	"time"

	"github.com/rcreg/registration/registrationtest/internal/release"
	"github.com/rcreg/registration/registrationtest/internal/settings"
)

func TestInitial(t *testing.T) {
	t.Parallel()
	const absent = "no such setting"
	epoch := time.Unix(0, 0).UTC()
	for _, test := range []struct {
		version string
		want    map[string]any
	}{
		{"3.0.0", map[string]any{
			"Register_Server": true, "Enterprise_License": absent, "Cloud_Workspace_Had_Trial": absent,
			"Cloud_Workspace_Access_Token_Expires_At": start, "Cloud_Workspace_Client_Secret_Expires_At": "",
		}},
		{"3.17.2", map[string]any{"Register_Server": true, "Cloud_Workspace_Access_Token_Expires_At": start}},
		{"3.18.0", map[string]any{
			"Register_Server": false, "Enterprise_License": "", "Cloud_Workspace_Access_Token_Expires_At": epoch,
		}},
		{"4.7.0", map[string]any{"Cloud_Workspace_Had_Trial": absent}},
		{"4.8.0", map[string]any{"Cloud_Workspace_Had_Trial": false}},
		{"6.4.9", map[string]any{
			"Cloud_Billing_Url": absent, "Deployment_FingerPrint_Verified": absent,
			"Cloud_Workspace_Client_Secret_Expires_At": "",
		}},
		{"6.5.0-rc.1", map[string]any{
			"Cloud_Billing_Url": "https://billing.example.com", "Deployment_FingerPrint_Verified": true,
			"Deployment_FingerPrint_Hash": "hash", "Cloud_Workspace_Client_Secret_Expires_At": 0.0,
			"Cloud_Workspace_Supported_Versions_Token": "",
		}},
		{"6.13.0", map[string]any{"Cloud_Workspace_Supported_Versions_Token": "list"}},
		{"6.13.9", map[string]any{"Cloud_Workspace_Access_Token": "", settings.AirGapDays: absent}},
		{"7.0.0", map[string]any{
			"Cloud_Workspace_Access_Token": absent, "Cloud_Workspace_Access_Token_Expires_At": absent,
			"Cloud_Workspace_Supported_Versions_Token": "list", settings.AirGapDays: settings.GraceDays,
		}},
	} {
		t.Run(test.version, func(t *testing.T) {
			t.Parallel()
			all := settings.Initial(release.MustParse(test.version), settings.Fresh{
				CloudURL: "https://cloud.example.com", BillingURL: "https://billing.example.com", UniqueID: "unique",
				SupportedVersions: "list", FingerprintHash: "hash", Now: start,
			})
			for id, want := range test.want {
				got, present := all[id]
				if !present {
					got = absent
				}
				if got != want {
					t.Errorf("%s is %#v, want %#v", id, got, want)
				}
			}
			if all["uniqueID"] != "unique" || all["Cloud_Url"] != "https://cloud.example.com" || all["Cloud_Workspace_Id"] != "" {
				t.Error("what every release has is missing")
			}
		})
	}
}
