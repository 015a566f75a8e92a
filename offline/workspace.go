package offline

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/internal/document"
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

// maxRegistrationData is how long the text may be: real ones have two thousand bytes, and some more with a license inside.
const maxRegistrationData = document.MaxSize / 2

// readRegistrationData reads the text as the workspace gave it.
func readRegistrationData(text string) (cloud.RegistrationData, error) {
	if len(text) > maxRegistrationData {
		return cloud.RegistrationData{}, fmt.Errorf("the registration data: %w", ErrTooLarge)
	}
	if !utf8.ValidString(text) {
		return cloud.RegistrationData{}, fmt.Errorf("%w: the registration data is no text", ErrMalformed)
	}
	data, err := cloud.ParseRegistrationText(text)
	if err != nil {
		return cloud.RegistrationData{}, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	return data, nil
}

func workspaceOf(data cloud.RegistrationData) Workspace {
	return Workspace{UniqueID: data.UniqueID, Address: data.Address, Version: data.Version, CloudID: data.WorkspaceID}
}

// site is an address in one form: host in small letters, no scheme, no slash at the end; empty when it is no address. Of other schemes than the web's, net/url takes
// hosts that it would not take back.
func site(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || !slices.Contains([]string{"http", "https"}, u.Scheme) || u.Host == "" {
		return ""
	}
	return strings.ToLower(u.Host) + strings.TrimRight((&url.URL{Path: u.Path}).EscapedPath(), "/")
}
