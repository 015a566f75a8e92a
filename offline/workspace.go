package offline

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
)

// Workspace says whose a file is. Everything comes from the registration data that the workspace gave (protocol: cloud:getWorkspaceRegisterData, or
// GET cloud.workspaceRegisterData from 8.9).
type Workspace struct {
	UniqueID string `json:"unique_id"`
	Address  string `json:"address"` // its Site_Url; empty when it has none
	Version  string `json:"version"`
	// CloudID is the id that the Cloud gave it; empty when it is not registered.
	CloudID string `json:"cloud_id,omitempty"`
}

// String names the workspace.
func (w Workspace) String() string {
	if w.Address == "" {
		return w.UniqueID
	}
	return w.Address
}

// maxRegistrationData is how long the text may be: real ones have two thousand bytes, and some more with a licence inside.
const maxRegistrationData = maxDocument / 2

// registrationData is what a courier reads in the registration data of a workspace.
type registrationData struct {
	UniqueID       string  `json:"uniqueId"`
	WorkspaceID    *string `json:"workspaceId"` // null while it is not registered
	Address        string  `json:"address"`
	Version        string  `json:"version"`
	ContactEmail   string  `json:"contactEmail"`
	SiteName       string  `json:"siteName"`
	LicenseVersion int     `json:"licenseVersion"` // of the format that it reads; 0 in 3.0
}

// readRegistrationData reads the base64 text as the workspace gave it.
func readRegistrationData(text string) (registrationData, error) {
	if len(text) > maxRegistrationData {
		return registrationData{}, fmt.Errorf("the registration data: %w", ErrTooLarge)
	}
	decoded, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return registrationData{}, fmt.Errorf("the registration data is not base64: %w", ErrMalformed)
	}
	var data registrationData
	if err := readContent(decoded, &data); err != nil {
		return registrationData{}, fmt.Errorf("the registration data: %w", err)
	}
	if strings.TrimSpace(data.UniqueID) == "" {
		return registrationData{}, fmt.Errorf("the registration data names no unique id: %w", ErrMalformed)
	}
	return data, nil
}

func (d registrationData) workspace() Workspace {
	w := Workspace{UniqueID: d.UniqueID, Address: d.Address, Version: d.Version}
	if d.WorkspaceID != nil {
		w.CloudID = *d.WorkspaceID
	}
	return w
}

// sameSite tells whether two addresses are of one site, with or without a slash at the end.
func sameSite(a, b string) bool { return site(a) != "" && site(a) == site(b) }

// site is an address in one form: host in small letters, no scheme, no slash at the end; empty when it is no address.
func site(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Host == "" {
		return ""
	}
	return strings.ToLower(u.Host) + strings.TrimRight(u.Path, "/")
}
