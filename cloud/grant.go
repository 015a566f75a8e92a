package cloud

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/httpclient"
	"github.com/rcreg/registration/internal/secret"
)

// Secret is a text that prints as [redacted] everywhere. Its method Reveal returns the text.
type Secret = secret.Secret

// Grant is what the Cloud hands out for a registration token, a confirmed e-mail or a text pasted into its console: the credentials of one
// workspace. Read one with [ParseGrant] or [ParseBlob]; the fields are a view of the JSON that it was read from, which is kept byte for byte.
//
// A Grant prints without its secrets and refuses to be marshalled: [Grant.Reveal] and [Grant.Blob] are the ways to store and to hand it over.
type Grant struct {
	WorkspaceID  string // workspaceId
	ClientName   string // client_name: the workspace's name
	ClientID     string // client_id
	ClientSecret Secret // client_secret
	// ClientSecretExpiresAt is the JSON's client_secret_expires_at, in seconds since 1970 (RFC 7591). 0 means never.
	ClientSecretExpiresAt int64
	PublicKey             string      // publicKey
	RegistrationClientURI string      // registration_client_uri: where the workspace syncs
	RedirectURIs          []string    // redirect_uris; may be empty
	LicenseData           LicenseData // licenseData; may be the zero value

	raw       Secret // the JSON
	expirySet bool
	problem   string // what Check says of a value that cannot be read
}

// LicenseData is a license as the Cloud hands it out, in a grant and by GET <registration_client_uri>/license. Beside the license itself everything is
// for information, and is the zero value where the Cloud says nothing that can be read.
type LicenseData struct {
	License   Secret    // the text that workspaces apply
	Version   int       // of the license format
	Address   string    // of the workspace
	Modules   []string  // that the license unlocks
	UpdatedAt time.Time // when the Cloud last changed it
	ExpireAt  time.Time // when it ends

	raw Secret // the JSON
}

// The kinds of failure of reading. Compare with errors.Is.
var (
	// ErrInvalidGrant: what claims to be a grant cannot register a workspace. It is found in every *GrantError.
	ErrInvalidGrant = failure.UnusableGrant
	// ErrRegistrationData: what claims to be a grant is the registration data that a workspace gives, pasted back. It comes with ErrInvalidGrant.
	ErrRegistrationData = failure.RegistrationData
)

// GrantError says why something is no grant. It quotes nothing of it.
type GrantError struct {
	Problem string   // what is wrong with the whole; empty when keys are missing
	Missing []string // the keys that are missing or empty, such as client_id and licenseData.license
	Err     error    // ErrRegistrationData, or nil
}

// Error names the problem or the missing keys.
func (e *GrantError) Error() string {
	text := ErrInvalidGrant.Error()
	if e.Problem != "" {
		text += ": " + e.Problem
	}
	if len(e.Missing) > 0 {
		text += ": it lacks " + strings.Join(e.Missing, ", ")
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns ErrInvalidGrant and Err.
func (e *GrantError) Unwrap() []error {
	if e.Err == nil {
		return []error{ErrInvalidGrant}
	}
	return []error{ErrInvalidGrant, e.Err}
}

// Check reports whether the grant can register a workspace: nothing that fails it may be sent to one, because servers store what they are given before
// they look at it. Errors: *GrantError.
func (g Grant) Check() error {
	if g.problem != "" {
		return &GrantError{Problem: g.problem}
	}
	var missing []string
	for _, field := range []struct{ key, value string }{
		{keyWorkspaceID, g.WorkspaceID},
		{keyClientName, g.ClientName},
		{keyClientID, g.ClientID},
		{keyClientSecret, g.ClientSecret.Reveal()},
		{keyPublicKey, g.PublicKey},
		{keyRegistrationURI, g.RegistrationClientURI},
		{keyLicenseData + "." + keyLicense, g.LicenseData.License.Reveal()},
	} {
		if strings.TrimSpace(field.value) == "" {
			missing = append(missing, field.key)
		}
	}
	if !g.expirySet {
		missing = append(missing, keyExpiry)
	}
	if len(missing) > 0 {
		return &GrantError{Missing: missing}
	}
	// Servers append to the address as it is, white space included. Plain HTTP is theirs to judge.
	_, err := httpclient.ParseAddress(g.RegistrationClientURI, true)
	if err != nil || strings.TrimSpace(g.RegistrationClientURI) != g.RegistrationClientURI {
		return &GrantError{Problem: keyRegistrationURI + " is not an absolute http or https URL"}
	}
	if !isLicense(g.LicenseData.License.Reveal()) {
		return &GrantError{Problem: keyLicenseData + "." + keyLicense + " is not in a form that servers know"}
	}
	return nil
}

// Reveal returns the JSON that the grant was read from, byte for byte. It holds the client secret.
func (g Grant) Reveal() []byte { return []byte(g.raw.Reveal()) }

// Blob returns the grant as the cloudBlob of cloud.manualRegister: the base64 (standard alphabet, padded, one line) of [Grant.Reveal].
func (g Grant) Blob() string { return base64.StdEncoding.EncodeToString(g.Reveal()) }

// WithLicense returns the grant with another licenseData, as [Client.License] returned it; everything else of the JSON stays byte for byte. Errors:
// *GrantError, for a grant or a license that was not read from JSON.
func (g Grant) WithLicense(data LicenseData) (Grant, error) {
	if g.raw.IsEmpty() {
		return Grant{}, &GrantError{Problem: "it was not read from JSON"}
	}
	if data.raw.IsEmpty() {
		return Grant{}, &GrantError{Problem: "the license was not read from the Cloud's JSON"}
	}
	return ParseGrant(setMember(g.Reveal(), keyLicenseData, []byte(data.raw.Reveal())))
}

// String names the workspace and its client.
func (g Grant) String() string {
	return fmt.Sprintf("grant{workspace %q, client %q}", g.WorkspaceID, g.ClientID)
}

// Format prints what String says, whatever the verb.
func (g Grant) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, g.String()) }

// LogValue names the workspace and its client.
func (g Grant) LogValue() slog.Value {
	return slog.GroupValue(slog.String("workspace", g.WorkspaceID), slog.String("client", g.ClientID))
}

// errMarshal keeps secrets out of whatever marshals what it is given, and a grant without its secrets out of a file that it should be restored from.
var errMarshal = errors.New("a grant holds a secret: store what Reveal returns")

// MarshalJSON always fails.
func (g Grant) MarshalJSON() ([]byte, error) { return nil, errMarshal }

// Equal reports whether two grants were read from the same JSON.
func (g Grant) Equal(other Grant) bool { return slices.Equal(g.Reveal(), other.Reveal()) }
