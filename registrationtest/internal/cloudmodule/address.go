package cloudmodule

import "strings"

// cloudURL is an address of the Cloud.
func (m *Module) cloudURL(path string) string { return text(m.settings.Get("Cloud_Url")) + path }

// clientURI is an address under the one that the Cloud gave this workspace.
func (m *Module) clientURI(path string) string {
	return text(m.settings.Get("Cloud_Workspace_Registration_Client_Uri")) + path
}

// siteURL is an address of the workspace itself.
func (m *Module) siteURL(path string) string {
	return strings.TrimSuffix(m.settings.String("Site_Url"), "/") + path
}

func (m *Module) redirectURI() string { return m.siteURL("/admin/cloud/oauth-callback") }
