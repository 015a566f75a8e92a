package settings

import (
	"time"

	"github.com/rcreg/registration/registrationtest/internal/release"
)

// Fresh is what differs between two fresh workspaces of one release.
type Fresh struct {
	CloudURL         string // setting Cloud_Url
	BillingURL       string // setting Cloud_Billing_Url, from 6.5
	SiteURL          string // setting Site_Url
	UniqueID         string // 17 characters up to 6.4, a UUID from 6.5
	SupportedVersion string // the signed list that the server was built with, from 6.5
	FingerprintHash  string // from 6.5
	Now              time.Time
}

// Initial returns the settings of a fresh workspace that have to do with the Cloud.
func Initial(rel release.Release, fresh Fresh) map[string]any {
	all := map[string]any{
		"Site_Url":                                fresh.SiteURL,
		"Cloud_Url":                               fresh.CloudURL,
		"Cloud_Service_Agree_PrivacyTerms":        false,
		"Cloud_Workspace_Id":                      "",
		"Cloud_Workspace_Name":                    "",
		"Cloud_Workspace_Client_Id":               "",
		"Cloud_Workspace_Client_Secret":           "",
		"Cloud_Workspace_License":                 "",
		"Cloud_Workspace_PublicKey":               "",
		"Cloud_Workspace_Registration_Client_Uri": "",
		"Cloud_Workspace_Registration_State":      "",
		"Organization_Email":                      "",
		// The wish to be connected: true out of the box only in the first releases that had it.
		"Register_Server":   rel.Before("3.2"),
		"Show_Setup_Wizard": "completed",
		"uniqueID":          fresh.UniqueID,
		secretExpiry:        initialSecretExpiry(rel),
	}
	addIfSince(all, rel, "4.4", "Cloud_Workspace_Had_Trial", false)
	for id, value := range map[string]any{
		"Cloud_Billing_Url":                        fresh.BillingURL,
		"Cloud_Workspace_Supported_Versions_Token": fresh.SupportedVersion,
		"Deployment_FingerPrint_Hash":              fresh.FingerprintHash,
		"Deployment_FingerPrint_Verified":          true,
		"Enterprise_License":                       "",
		"Enterprise_License_Data":                  "",
		"Enterprise_License_Status":                "",
	} {
		addIfSince(all, rel, "6.5", id, value)
	}
	// By 8.6 access tokens live in a collection of their own.
	if rel.Before("7") {
		all["Cloud_Workspace_Access_Token"] = ""
		all["Cloud_Workspace_Access_Token_Expires_At"] = initialTokenExpiry(rel, fresh.Now)
	}
	return all
}

const secretExpiry = "Cloud_Workspace_Client_Secret_Expires_At"

func initialSecretExpiry(rel release.Release) any {
	if rel.Since("6.5") {
		return 0
	}
	return ""
}

// initialTokenExpiry is the time of the first start in the first releases, later the epoch.
func initialTokenExpiry(rel release.Release, now time.Time) time.Time {
	if rel.Before("3.2") {
		return now
	}
	return time.Unix(0, 0).UTC()
}

func addIfSince(all map[string]any, rel release.Release, since, id string, value any) {
	if rel.Since(since) {
		all[id] = value
	}
}
