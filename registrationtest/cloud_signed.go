package registrationtest

import (
	"crypto/rsa"
	"time"

	"github.com/rcreg/registration/registrationtest/internal/rocketcloud"
)

// LicenseSpec says what is in a license. Its zero value is a license for every address, with one module, until 2099.
type LicenseSpec struct {
	Modules    []string
	Address    string // the one address that it is valid for
	ValidUntil time.Time
	// Ends makes the whole license void after ValidUntil; otherwise its modules alone go.
	Ends bool
	// Offline forbids a workspace of 8.7 and later to talk to the Cloud.
	Offline bool
}

// License returns the text of a license that the fake workspaces of this Cloud accept.
func (c *Cloud) License(spec LicenseSpec) (string, error) {
	return c.cloud.License(rocketcloud.LicenseSpec(spec))
}

// SetLicense makes the Cloud hand out the given text in the place of every license, for example one that does not
// verify. [Cloud.Reset] ends it.
func (c *Cloud) SetLicense(text string) { c.cloud.SetLicense(text) }

// Support is the Cloud's list of supported server versions.
type Support struct {
	Timestamp            time.Time
	EnforcementStartDate time.Time
	Versions             []SupportedVersion
	Exceptions           *SupportExceptions // nil for none
}

// SupportedVersion is one entry of the list of supported versions.
type SupportedVersion struct {
	Version    string // such as "6.13.0"; the major.minor counts
	Expiration time.Time
}

// SupportExceptions are versions that are supported for one workspace only.
type SupportExceptions struct {
	Domain   string
	UniqueID string
	Versions []SupportedVersion
}

// SetSupport replaces the list of supported versions. [Cloud.Reset] ends it.
func (c *Cloud) SetSupport(list Support) {
	signed := rocketcloud.Support{
		Timestamp: list.Timestamp, EnforcementStartDate: list.EnforcementStartDate, Versions: supportedVersions(list.Versions),
	}
	if e := list.Exceptions; e != nil {
		signed.Exceptions = &rocketcloud.SupportExceptions{Domain: e.Domain, UniqueID: e.UniqueID, Versions: supportedVersions(e.Versions)}
	}
	c.cloud.SetSupport(signed)
}

func supportedVersions(versions []SupportedVersion) []rocketcloud.SupportedVersion {
	if versions == nil {
		return nil // which is null in JSON
	}
	list := make([]rocketcloud.SupportedVersion, len(versions))
	for i, version := range versions {
		list[i] = rocketcloud.SupportedVersion(version)
	}
	return list
}

// SignedSupport returns the list of supported versions as workspaces get it: a JWT, RS256, for [Cloud.SupportKey].
func (c *Cloud) SignedSupport() (string, error) { return c.cloud.SignedSupport() }

// SupportKey returns the key that the Cloud's list of supported versions is signed with.
func (c *Cloud) SupportKey() *rsa.PublicKey { return c.cloud.SupportKey() }
