package cloudmodule

import "github.com/rcreg/registration/registrationtest/internal/settings"

// grantSetting is a setting that a grant fills in, and the grant's key for it.
type grantSetting struct{ setting, key string }

// grantSettings lists them all, beside Register_Server.
func grantSettings() []grantSetting {
	return []grantSetting{
		{"Cloud_Workspace_Id", "workspaceId"},
		{"Cloud_Workspace_Name", "client_name"},
		{"Cloud_Workspace_Client_Id", "client_id"},
		{"Cloud_Workspace_Client_Secret", "client_secret"},
		{"Cloud_Workspace_Client_Secret_Expires_At", "client_secret_expires_at"},
		{"Cloud_Workspace_PublicKey", "publicKey"},
		{"Cloud_Workspace_Registration_Client_Uri", "registration_client_uri"},
	}
}

// drop is what the releases up to 6.0 do when the Cloud has dropped the workspace: everything becomes null, only the
// wish to be connected stays.
func (m *Module) drop() {
	for _, s := range grantSettings() {
		m.update(s.setting, nil)
	}
}

// forget is the same from 6.5: everything goes back to what it was on a fresh workspace, and the setup wizard starts
// again.
func (m *Module) forget() {
	status, err := m.registration()
	if err != nil || !status.registered {
		return
	}
	m.dropCredentials()
	m.reset(grantIDs()...)
	m.update("Show_Setup_Wizard", "in_progress")
}

func grantIDs() []string {
	all := grantSettings()
	ids := make([]string, 0, len(all))
	for _, s := range all {
		ids = append(ids, s.setting)
	}
	return ids
}

// reset puts settings back to what they are on a fresh workspace.
func (m *Module) reset(ids ...string) {
	fresh := settings.Initial(m.rel, settings.Fresh{})
	for _, id := range ids {
		if value, exists := fresh[id]; exists {
			m.update(id, value)
		}
	}
}

// update stores a setting; a value that is undefined is left out by the database driver.
func (m *Module) update(id string, value any) {
	if _, absent := value.(undefined); !absent {
		m.settings.Set(id, value)
	}
}
