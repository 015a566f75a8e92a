package rocketcloud

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Registration is a workspace that the Cloud knows.
type Registration struct {
	ID       string
	ClientID string
	Name     string
	Email    string
	Address  string // as the workspace told it; empty until the first sync
	UniqueID string // likewise
	Version  string // likewise
	Created  time.Time
	Syncs    int  // how often it synced
	Removed  bool // in the Cloud console; its credentials are refused since

	secret    string
	publicKey string
	redirects []string
	modules   []string
}

// applicant is who asks for a registration.
type applicant struct {
	name      string
	email     string
	redirects []string
}

// grant is the answer to a registration, over HTTP and offline alike.
type grant struct {
	WorkspaceID           string   `json:"workspaceId"`
	ClientName            string   `json:"client_name"`
	ClientID              string   `json:"client_id"`
	ClientSecret          string   `json:"client_secret"`
	ClientSecretExpiresAt int      `json:"client_secret_expires_at"` // 0: never
	PublicKey             string   `json:"publicKey"`
	RegistrationClientURI string   `json:"registration_client_uri"`
	RedirectURIs          []string `json:"redirect_uris"`
	LicenseData           any      `json:"licenseData"`
}

// Workspaces returns the workspaces that were ever registered, the oldest first.
func (c *Cloud) Workspaces() []Registration {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := make([]Registration, 0, len(c.workspaces))
	for _, workspace := range c.workspaces {
		copied := *workspace
		copied.redirects = slices.Clone(workspace.redirects)
		list = append(list, copied)
	}
	return list
}

// Remove drops a workspace, as an administrator does in the Cloud console: its credentials are refused from now on.
func (c *Cloud) Remove(id string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	workspace := c.workspace(id)
	if workspace == nil {
		return fmt.Errorf("workspace %q: %w", id, ErrNotFound)
	}
	workspace.Removed = true
	for token, a := range c.access {
		if a.workspace == workspace {
			delete(c.access, token)
		}
	}
	return nil
}

// enrol registers a workspace and returns its grant. The lock must be held.
func (c *Cloud) enrol(who applicant) *grant {
	workspace := &Registration{
		ID:        c.name(NameWorkspace),
		ClientID:  c.name(NameClient),
		Name:      who.name,
		Email:     who.email,
		Created:   c.clock.Now(),
		secret:    c.name(NameSecret),
		publicKey: c.name(NamePublicKey),
		redirects: who.redirects,
	}
	c.workspaces = append(c.workspaces, workspace)
	c.clients[workspace.ClientID] = workspace
	return &grant{
		WorkspaceID:           workspace.ID,
		ClientName:            workspace.Name,
		ClientID:              workspace.ClientID,
		ClientSecret:          workspace.secret,
		PublicKey:             workspace.publicKey,
		RegistrationClientURI: c.baseURL + "/api/v2/workspaces/" + workspace.ID,
		RedirectURIs:          append([]string{}, who.redirects...),
		LicenseData:           c.grantedLicense(workspace),
	}
}

// grantedLicense is the licenseData of a grant, which always has a text: empty when there is no license. The lock must
// be held.
func (c *Cloud) grantedLicense(workspace *Registration) map[string]any {
	data := c.licenseData(workspace)
	if data["license"] == nil {
		data["license"] = ""
	}
	return data
}

// workspace finds a workspace, or returns nil. The lock must be held.
func (c *Cloud) workspace(id string) *Registration {
	for _, workspace := range c.workspaces {
		if workspace.ID == id {
			return workspace
		}
	}
	return nil
}

// note keeps what a workspace tells about itself. The lock must be held.
func (w *Registration) note(data registrationData) {
	w.Address, w.UniqueID, w.Version = data.Address, data.UniqueID, data.Version
	if data.SiteName != "" {
		w.Name = data.SiteName
	}
	if data.ContactEmail != "" {
		w.Email = data.ContactEmail
	}
}

// RegisterOffline registers a workspace from the text that cloud:getWorkspaceRegisterData gave it, and returns the code
// that the Cloud console shows in return: the base64 of a grant.
func (c *Cloud) RegisterOffline(registerData string) (string, error) {
	text, err := base64.StdEncoding.DecodeString(registerData)
	if err != nil {
		return "", fmt.Errorf("registration data: %w", err)
	}
	var data registrationData
	if err := json.Unmarshal(text, &data); err != nil {
		return "", fmt.Errorf("registration data: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	blob, err := json.Marshal(c.enrol(data.applicant())) //nolint:gosec // the answer is a secret by its nature
	if err != nil {
		return "", fmt.Errorf("offline answer: %w", err)
	}
	return base64.StdEncoding.EncodeToString(blob), nil
}

// applicant is who the data belongs to.
func (d registrationData) applicant() applicant {
	return applicant{
		name:      d.SiteName,
		email:     d.ContactEmail,
		redirects: []string{d.Address + "/admin/cloud/oauth-callback"},
	}
}
