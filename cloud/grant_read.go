package cloud

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/rcreg/registration/internal/secret"
)

// MaxGrant is how large the JSON of a grant may be, in bytes. Real ones have a few thousand.
const MaxGrant = 1 << 20

// The keys of a grant (POST /api/oauth/clients), exactly as servers read them.
const (
	keyWorkspaceID     = "workspaceId"
	keyClientName      = "client_name"
	keyClientID        = "client_id"
	keyClientSecret    = "client_secret"
	keyExpiry          = "client_secret_expires_at"
	keyPublicKey       = "publicKey"
	keyRegistrationURI = "registration_client_uri"
	keyRedirectURIs    = "redirect_uris"
	keyLicenseData     = "licenseData"
	keyLicense         = "license"
)

// ParseGrant reads the JSON that POST /api/oauth/clients answers, or the payload of a successful poll. A grant that is incomplete or has values of the
// wrong type is taken as it is, because the Cloud may not hand it out again: [Grant.Check] tells. Refused is what is no grant at all: a text that is not
// a JSON object, an object without credentials, the registration data of a workspace (ErrRegistrationData), and more than [MaxGrant] bytes. Errors:
// *GrantError.
func ParseGrant(text []byte) (Grant, error) {
	if len(text) > MaxGrant {
		return Grant{}, &GrantError{Problem: "it is too large"}
	}
	object, problem := readObject(text)
	if problem != "" {
		return Grant{}, &GrantError{Problem: problem}
	}
	if err := refuseOthers(object); err != nil {
		return Grant{}, err
	}
	g := Grant{raw: secret.New(string(text))}
	var clientSecret string
	for _, field := range []struct {
		key  string
		into *string
	}{
		{keyWorkspaceID, &g.WorkspaceID},
		{keyClientName, &g.ClientName},
		{keyClientID, &g.ClientID},
		{keyClientSecret, &clientSecret},
		{keyPublicKey, &g.PublicKey},
		{keyRegistrationURI, &g.RegistrationClientURI},
	} {
		if json.Unmarshal(object.get(field.key), field.into) != nil {
			g.problem = field.key + " is not a text"
		}
	}
	g.ClientSecret = secret.New(clientSecret)
	g.readExpiry(object.get(keyExpiry))
	_ = json.Unmarshal(object.get(keyRedirectURIs), &g.RedirectURIs) // no server reads them
	if data := object.get(keyLicenseData); !isNull(data) {
		if g.LicenseData, problem = readLicenseData(data); problem != "" {
			g.problem = keyLicenseData + ": " + problem
		}
	}
	return g, nil
}

// readNewGrant reads a grant that comes from the Cloud. One without both credentials is none: something on the way has made it of a reply. Kept, it would
// stand in the way of another token, and nothing could ever be had with it.
func readNewGrant(text []byte) (Grant, error) {
	grant, err := ParseGrant(text)
	if err == nil && grant.ClientID == "" && grant.ClientSecret.IsEmpty() {
		return Grant{}, &GrantError{Problem: "its credentials cannot be read"}
	}
	return grant, err
}

// refuseOthers refuses an object that holds no credentials, and says what it is where that is plain.
func refuseOthers(object object) error {
	if !isNull(object.get(keyClientID)) || !isNull(object.get(keyClientSecret)) {
		return nil
	}
	if len(object) == 0 {
		return &GrantError{Problem: "it is an empty object"}
	}
	// Every version's registration data names the workspace's unique id, and no grant does.
	if !isNull(object.get("uniqueId")) {
		return &GrantError{Err: ErrRegistrationData}
	}
	return &GrantError{Problem: "it holds no credentials"}
}

func (g *Grant) readExpiry(text json.RawMessage) {
	const latest = 1 << 53 // beyond this JavaScript's numbers have gaps
	var number float64
	if json.Unmarshal(text, &number) != nil || number < 0 || number > latest {
		g.problem = keyExpiry + " is not a time in seconds"
		return
	}
	g.ClientSecretExpiresAt, g.expirySet = int64(number), !isNull(text)
}

// readLicenseData reads the JSON of a license, or says why it cannot. Only a license that is no text is a problem: the rest is for information.
func readLicenseData(text []byte) (LicenseData, string) {
	object, problem := readObject(text)
	if problem != "" {
		return LicenseData{}, problem
	}
	var license string
	if json.Unmarshal(object.get(keyLicense), &license) != nil {
		return LicenseData{}, "the " + keyLicense + " is not a text"
	}
	data := LicenseData{
		License:   secret.New(license),
		Modules:   readModules(object.get("modules")),
		UpdatedAt: readTime(object.get("updatedAt")),
		ExpireAt:  readTime(object.get("expireAt")),
		raw:       secret.New(string(text)),
	}
	_ = json.Unmarshal(object.get("version"), &data.Version)
	_ = json.Unmarshal(object.get("address"), &data.Address)
	return data, ""
}

// readModules takes a list, or names with commas between them.
func readModules(text json.RawMessage) []string {
	var list []string
	if json.Unmarshal(text, &list) == nil {
		return list
	}
	var names string
	if json.Unmarshal(text, &names) != nil || names == "" {
		return nil
	}
	return strings.Split(names, ",")
}

func readTime(text json.RawMessage) time.Time {
	var at time.Time
	_ = json.Unmarshal(text, &at)
	return at
}
