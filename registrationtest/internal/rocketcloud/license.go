package rocketcloud

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// licensePrefix marks a license of the third format, which every fake workspace reads.
const licensePrefix = "RCV3_"

// licenseVersion is the format's version in licenseData, as the Cloud tells servers.
const licenseVersion = 2

// LicenseSpec says what is in a license. Its zero value is a license for every address, with the module "auditing",
// until 2099.
type LicenseSpec struct {
	Modules    []string
	Address    string // the one address that it is valid for
	ValidUntil time.Time
	// Ends makes the whole license void after ValidUntil; otherwise its modules alone go.
	Ends bool
	// Offline forbids a workspace of 8.7 and later to talk to the Cloud.
	Offline bool
}

// licenseClaims are the claims of a license.
type licenseClaims struct {
	Version     string         `json:"version"`
	Information map[string]any `json:"information"`
	Validation  validation     `json:"validation"`
	Modules     []module       `json:"grantedModules"`
	Limits      map[string]any `json:"limits"`
	jwt.RegisteredClaims
}

type validation struct {
	ServerURLs   []pattern       `json:"serverUrls"`
	ValidPeriods []period        `json:"validPeriods"`
	Statistics   map[string]bool `json:"statisticsReport"`
}

type pattern struct {
	Value string `json:"value"`
	Type  string `json:"type"`
}

type period struct {
	InvalidBehavior string    `json:"invalidBehavior"`
	Modules         []string  `json:"modules"`
	ValidFrom       time.Time `json:"validFrom"`
	ValidUntil      time.Time `json:"validUntil"`
}

type module struct {
	Module string `json:"module"`
}

// ErrInvalidLicense is the error for a license text that this Cloud did not sign.
var ErrInvalidLicense = errors.New("invalid license")

// withDefaults fills in what the spec leaves open.
func (s LicenseSpec) withDefaults() LicenseSpec {
	if len(s.Modules) == 0 {
		s.Modules = []string{"auditing"}
	}
	if s.ValidUntil.IsZero() {
		s.ValidUntil = time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return s
}

// License returns the text of a license that fake workspaces accept.
func (c *Cloud) License(spec LicenseSpec) (string, error) {
	text, err := c.signer.sign(spec.withDefaults().claims())
	if err != nil {
		return "", err
	}
	return licensePrefix + text, nil
}

// claims is the license as the claims of a JWT.
func (s LicenseSpec) claims() licenseClaims {
	address := pattern{Value: ".*", Type: "regex"}
	if s.Address != "" {
		address = pattern{Value: s.Address, Type: "url"}
	}
	claims := licenseClaims{
		Version: "3.0",
		Information: map[string]any{
			"id": "fake-license", "autoRenew": true, "trial": false, "offline": s.Offline,
			"createdAt": "2024-01-01T00:00:00.000Z",
			"grantedBy": map[string]string{"method": "manual", "seller": "registrationtest"},
			"tags":      []string{},
		},
		Validation: validation{
			ServerURLs: []pattern{address},
			ValidPeriods: []period{{
				InvalidBehavior: s.invalidBehavior(),
				Modules:         s.Modules,
				ValidFrom:       time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC),
				ValidUntil:      s.ValidUntil.UTC(),
			}},
			Statistics: map[string]bool{"required": false},
		},
		Limits: map[string]any{},
	}
	for _, name := range s.Modules {
		claims.Modules = append(claims.Modules, module{name})
	}
	return claims
}

// invalidBehavior is what a workspace does about the license out of its time.
func (s LicenseSpec) invalidBehavior() string {
	if s.Ends {
		return "invalidate_license"
	}
	return "disable_modules"
}

// VerifyLicense returns an error that wraps ErrInvalidLicense for a text that this Cloud did not sign.
func (c *Cloud) VerifyLicense(text string) error {
	token, ok := strings.CutPrefix(text, licensePrefix)
	if !ok {
		return fmt.Errorf("%w: no %s prefix", ErrInvalidLicense, licensePrefix)
	}
	key := func(*jwt.Token) (any, error) { return c.signer.public(), nil }
	if _, err := jwt.Parse(token, key, jwt.WithValidMethods([]string{"RS256"})); err != nil {
		return fmt.Errorf("%w: %w", ErrInvalidLicense, err)
	}
	return nil
}

// SetLicense makes the Cloud hand out the given JSON value in the place of every license text; Reset ends it.
func (c *Cloud) SetLicense(value any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.license, c.licenseSet = value, true
}

// licenseFor returns the license of a workspace: a text, or whatever SetLicense says. The lock must be held.
func (c *Cloud) licenseFor(workspace *Registration) any {
	if c.licenseSet {
		return c.license
	}
	text, err := c.License(LicenseSpec{Modules: workspace.modules})
	if err != nil {
		return "" // cannot happen: the key was read when the Cloud was made
	}
	return text
}

// licenseData is the license of a workspace as /license and the grant have it. The lock must be held.
func (c *Cloud) licenseData(workspace *Registration) map[string]any {
	spec := LicenseSpec{Modules: workspace.modules}.withDefaults()
	return map[string]any{
		"version":   licenseVersion,
		"address":   workspace.Address,
		"license":   c.licenseFor(workspace),
		"updatedAt": c.clock.Now().UTC().Format(time.RFC3339),
		"modules":   strings.Join(spec.Modules, ","),
		"expireAt":  spec.ValidUntil.UTC().Format(time.RFC3339),
	}
}
