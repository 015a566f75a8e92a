package cloudmodule

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
)

// registrationFields is what a workspace tells the Cloud about itself, in the order of the server's own code.
type registrationFields []registrationField

type registrationField struct {
	key   string
	value any // undefined leaves the key out
}

// MarshalJSON keeps the order.
func (f registrationFields) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte('{')
	for _, field := range f {
		if _, absent := field.value.(undefined); absent {
			continue
		}
		if out.Len() > 1 {
			out.WriteByte(',')
		}
		key, err := json.Marshal(field.key)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(field.value)
		if err != nil {
			return nil, err
		}
		out.Write(key)
		out.WriteByte(':')
		out.Write(value)
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// pick returns the named fields, in the order of the names.
func (f registrationFields) pick(keys ...string) registrationFields {
	picked := make(registrationFields, 0, len(keys))
	for _, key := range keys {
		for _, field := range f {
			if field.key == key {
				picked = append(picked, field)
			}
		}
	}
	return picked
}

// registrationData builds the registration data of the release. Up to 4.3 it holds the workspace's own e-mail address,
// later the given one.
func (m *Module) registrationData(contactEmail any) (registrationFields, error) {
	if m.rel.Before("4.8") {
		email, err := m.ownContactEmail()
		if err != nil {
			return nil, err
		}
		contactEmail = email
	}
	return append(registrationFields{
		{"uniqueId", m.settings.Get("uniqueID")},
		{"deploymentFingerprintHash", m.since("6.5", m.settings.Get("Deployment_FingerPrint_Hash"))},
		{"deploymentFingerprintVerified", m.since("6.5", m.settings.Get("Deployment_FingerPrint_Verified"))},
		{"workspaceId", m.settings.Get("Cloud_Workspace_Id")},
		{"address", m.settings.Get("Site_Url")},
		{"contactName", m.owner().Name},
		{"contactEmail", contactEmail},
		{"seats", m.since("3.18", m.seats)},
		{"allowMarketing", m.settings.Get("Allow_Marketing_Emails")},
		{"accountName", m.settings.Get("Organization_Name")},
		{"organizationType", m.settings.Get("Organization_Type")},
		{"industry", m.settings.Get("Industry")},
		{"orgSize", m.settings.Get("Size")},
		{"country", m.settings.Get("Country")},
		{"language", m.settings.Get("Language")},
		{"agreePrivacyTerms", m.settings.Get("Cloud_Service_Agree_PrivacyTerms")},
		{"website", m.settings.Get("Website")},
		{"siteName", m.settings.Get("Site_Name")},
		{"workspaceType", m.settings.Get("Server_Type")},
		{"deploymentMethod", "docker"},
		{"deploymentPlatform", "selfinstall"},
		{"version", m.rel.String()},
	}, m.licenseData()...), nil
}

// licenseData is the part that grew with the licenses.
func (m *Module) licenseData() registrationFields {
	var held any = undefined{}
	if license := m.License(); license != "" {
		held = license
	}
	return registrationFields{
		{"licenseVersion", m.since("3.1", m.licenseVersion())},
		{"license", m.since("6.5", held)},
		{"enterpriseReady", m.since("3.1", true)},
		{"setupComplete", m.settings.Get("Show_Setup_Wizard") == "completed"},
		{"connectionDisable", m.since("6.0", m.rel.Before("6.13") && !truthy(m.settings.Get("Register_Server")))},
		{"npsEnabled", m.since("3.18", m.settings.Get("NPS_survey_enabled"))},
		{"MAC", m.since("6.5", 0)},
	}
}

// since is a value that only the releases from one on have.
func (m *Module) since(version string, value any) any {
	if m.rel.Before(version) {
		return undefined{}
	}
	return value
}

func (m *Module) ownContactEmail() (any, error) {
	email, err := m.ownerEmail("4.8")
	if organization := m.settings.Get("Organization_Email"); err == nil && truthy(organization) {
		return organization, nil
	}
	return email, err
}

// syncRequestData is the body of the legacy sync. 3.0 tells less in it, not even the workspace id.
func (m *Module) syncRequestData() (registrationFields, error) {
	data, err := m.registrationData(undefined{})
	if err != nil || m.rel.Since("3.1") {
		return data, err
	}
	return data.pick("uniqueId", "address", "siteName", "website", "organizationType", "industry", "orgSize", "country",
		"language", "workspaceType", "deploymentMethod", "deploymentPlatform", "version", "setupComplete"), nil
}

// registerData is the registration data as people carry it to the Cloud console.
func (m *Module) registerData() (string, error) {
	data, err := m.registrationData(undefined{})
	if err != nil {
		return "", err
	}
	raw, err := json.Marshal(data)
	return base64.StdEncoding.EncodeToString(raw), err
}
