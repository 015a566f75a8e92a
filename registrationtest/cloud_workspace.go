package registrationtest

import "github.com/rcreg/registration/registrationtest/internal/rocketcloud"

// Registration is a workspace as the Cloud knows it.
type Registration = rocketcloud.Registration

// LicenseSpec says what is in a license. Its zero value is a license for every address, with one module, until 2099.
type LicenseSpec = rocketcloud.LicenseSpec

// Support is the Cloud's list of supported server versions.
type Support = rocketcloud.Support

// SupportedVersion is one entry of the list of supported versions.
type SupportedVersion = rocketcloud.SupportedVersion

// SupportExceptions are versions that are supported for one workspace only.
type SupportExceptions = rocketcloud.SupportExceptions

// Workspaces returns the workspaces that were ever registered, the oldest first, removed ones included.
func (c *Cloud) Workspaces() []Registration { return c.cloud.Workspaces() }

// Remove drops a workspace as its owner can in the Cloud console: its credentials are refused from now on, which the
// workspace notices at its next sync, if at all. It fails with [ErrNotFound] for an unknown id.
func (c *Cloud) Remove(workspaceID string) error { return c.cloud.Remove(workspaceID) }

// RegisterOffline registers a workspace by hand, as its owner can in the Cloud console: it takes the text that
// cloud:getWorkspaceRegisterData or GET cloud.workspaceRegisterData gave, and returns the code for cloud.manualRegister.
func (c *Cloud) RegisterOffline(registerData string) (cloudBlob string, err error) {
	return c.cloud.RegisterOffline(registerData)
}

// License returns the text of a license that the fake workspaces of this Cloud accept.
func (c *Cloud) License(spec LicenseSpec) (string, error) { return c.cloud.License(spec) }

// SetLicense makes the Cloud hand out the given text in the place of every license, for example one that does not
// verify. [Cloud.Reset] ends it.
func (c *Cloud) SetLicense(text string) { c.cloud.SetLicense(text) }

// SetSupport replaces the list of supported versions. [Cloud.Reset] ends it.
func (c *Cloud) SetSupport(list Support) { c.cloud.SetSupport(list) }

// SignedSupport returns the list of supported versions as workspaces get it: a JWT, RS256, for [Cloud.SupportKey].
func (c *Cloud) SignedSupport() (string, error) { return c.cloud.SignedSupport() }
