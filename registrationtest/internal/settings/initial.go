package settings

import (
	"time"

	"github.com/rcreg/registration/registrationtest/internal/release"
)

// Fresh is what differs between two fresh workspaces of one release.
type Fresh struct {
	CloudURL          string // setting Cloud_Url
	BillingURL        string // setting Cloud_Billing_Url, from 6.5
	SiteURL           string // setting Site_Url
	UniqueID          string // 17 characters up to 6.4, a UUID from 6.5
	SupportedVersions string // the signed list that the server got when it started, from 6.13
	FingerprintHash   string // from 6.5
	Now               time.Time
}

// Initial returns the settings of a fresh workspace that have to do with the Cloud.
func Initial(rel release.Release, fresh Fresh) map[string]any {
	all := about()
	for id, value := range map[string]any{
		"Site_Url":                         fresh.SiteURL,
		"Cloud_Url":                        fresh.CloudURL,
		"Cloud_Service_Agree_PrivacyTerms": false,
		// The wish to be connected: true out of the box only in the first releases that had it.
		"Register_Server":   rel.Before("3.18"),
		"Show_Setup_Wizard": "completed",
		"uniqueID":          fresh.UniqueID,
		"Cloud_Workspace_Client_Secret_Expires_At": secretExpiry(rel),
	} {
		all[id] = value
	}
	for _, id := range []string{
		"Organization_Email", "Cloud_Workspace_Id", "Cloud_Workspace_Name", "Cloud_Workspace_Client_Id",
		"Cloud_Workspace_Client_Secret", "Cloud_Workspace_License", "Cloud_Workspace_PublicKey",
		"Cloud_Workspace_Registration_Client_Uri", "Cloud_Workspace_Registration_State",
	} {
		all[id] = ""
	}
	addLater(all, rel, fresh)
	return all
}

// addLater adds what came, or went, later.
func addLater(all map[string]any, rel release.Release, fresh Fresh) {
	if rel.Since("3.1") {
		all["Enterprise_License"] = ""
		all["Enterprise_License_Status"] = ""
	}
	if rel.Since("4.8") {
		all["Cloud_Workspace_Had_Trial"] = false
	}
	if rel.Since("6.5") {
		all["Cloud_Billing_Url"] = fresh.BillingURL
		all["Cloud_Workspace_Supported_Versions_Token"] = supportedVersions(rel, fresh)
		all["Deployment_FingerPrint_Hash"] = fresh.FingerprintHash
		all["Deployment_FingerPrint_Verified"] = true
		all["Enterprise_License_Data"] = ""
	}
	if rel.Has(release.AirGapCountdown) {
		all[AirGapDays] = GraceDays
	}
	if rel.Has(release.SyncAnnouncements) {
		all["Cloud_Sync_Announcement_Payload"] = "null"
	}
	if !rel.Has(release.CredentialsByScope) {
		all["Cloud_Workspace_Access_Token"] = ""
		all["Cloud_Workspace_Access_Token_Expires_At"] = tokenExpiry(rel, fresh.Now)
	}
}

// AirGapDays is the setting with the days that are left until a workspace is read-only: -1 with a valid license, 0 when it is.
const AirGapDays = "Cloud_Workspace_AirGapped_Restrictions_Remaining_Days"

// GraceDays is how many days a workspace without a license has after its last report, which the fakes make every day.
const GraceDays = 10.0

// about is what an administrator has told about the workspace.
func about() map[string]any {
	return map[string]any{
		"Site_Name":              "Example Workspace",
		"Organization_Name":      "Example Org",
		"Organization_Type":      "enterprise",
		"Industry":               "other",
		"Size":                   "1",
		"Country":                "worldwide",
		"Language":               "en",
		"Website":                "https://example.test",
		"Server_Type":            "privateTeam",
		"Allow_Marketing_Emails": true,
		"NPS_survey_enabled":     true,
	}
}

func secretExpiry(rel release.Release) any {
	if rel.Since("6.5") {
		return 0.0
	}
	return ""
}

// tokenExpiry is the time of the first start in the first releases, later the epoch: a date that was never set.
func tokenExpiry(rel release.Release, now time.Time) time.Time {
	if rel.Before("3.18") {
		return now
	}
	return time.Unix(0, 0).UTC()
}

// supportedVersions is what the sync at start-up has left, which asks for the list only since 6.13.
func supportedVersions(rel release.Release, fresh Fresh) string {
	if rel.Since("6.13") {
		return fresh.SupportedVersions
	}
	return ""
}
