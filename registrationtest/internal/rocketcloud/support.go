package rocketcloud

import (
	"crypto/rsa"
	"net/http"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Support is the list of supported server versions.
type Support struct {
	Timestamp            time.Time          `json:"timestamp"`
	EnforcementStartDate time.Time          `json:"enforcementStartDate"`
	Versions             []SupportedVersion `json:"versions"`
	Exceptions           *SupportExceptions `json:"exceptions,omitempty"`
}

// SupportedVersion is one entry of the list.
type SupportedVersion struct {
	Version    string    `json:"version"` // such as "6.13.0"; the major.minor counts
	Expiration time.Time `json:"expiration"`
}

// SupportExceptions are versions that are supported for one workspace only.
type SupportExceptions struct {
	Domain   string             `json:"domain"`
	UniqueID string             `json:"uniqueId"`
	Versions []SupportedVersion `json:"versions"`
}

// supportClaims are a list as the claims of a JWT.
type supportClaims struct {
	Support
	jwt.RegisteredClaims
}

// defaultSupport supports the versions from 6.5 on for half a year. It is made once an hour, so that one signature serves many Clouds.
func (c *Cloud) defaultSupport() Support {
	now := c.clock.Now().UTC().Truncate(time.Hour)
	list := Support{
		Timestamp:            now,
		EnforcementStartDate: time.Date(2023, 12, 15, 0, 0, 0, 0, time.UTC),
	}
	for _, version := range []string{"6.5.0", "6.13.0", "7.10.0", "8.6.0", "8.7.0", "8.9.0", "9.0.0"} {
		list.Versions = append(list.Versions, SupportedVersion{Version: version, Expiration: now.AddDate(0, 6, 0)})
	}
	return list
}

// SetSupport replaces the list; Reset ends it.
func (c *Cloud) SetSupport(list Support) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.support = list
}

// SupportKey returns the key that the signed list can be checked with.
func (c *Cloud) SupportKey() *rsa.PublicKey { return c.signer.public() }

// SignedSupport returns the list as a JWT.
func (c *Cloud) SignedSupport() (string, error) {
	c.mu.Lock()
	list := c.support
	c.mu.Unlock()
	return c.SignSupport(list)
}

// SignSupport returns any list as a JWT, such as an older one that a server was built with.
func (c *Cloud) SignSupport(list Support) (string, error) {
	return c.signer.sign(supportClaims{Support: list})
}

// Support returns the list.
func (c *Cloud) Support() Support {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.support
}

// supportedVersions serves the list. A real Cloud has it on another host.
func (c *Cloud) supportedVersions(w http.ResponseWriter, _ *http.Request) {
	signed, err := c.SignedSupport()
	if err != nil {
		refuse(w, http.StatusInternalServerError, "internal_error")
		return
	}
	c.mu.Lock()
	list := c.support
	c.mu.Unlock()
	body := map[string]any{
		"signed":               signed,
		"timestamp":            list.Timestamp,
		"enforcementStartDate": list.EnforcementStartDate,
		"versions":             list.Versions,
	}
	if list.Exceptions != nil {
		body["exceptions"] = list.Exceptions
	}
	answer(w, http.StatusOK, body)
}
