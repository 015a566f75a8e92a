package cloud

import (
	"bytes"
	"encoding/json"
	"errors"
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

// ParseGrant reads the JSON that POST /api/oauth/clients answers, or the payload of a successful poll. It takes a grant that is not complete, such as
// one without a licence: [Grant.Check] tells. It refuses what is no grant at all: text that is not a JSON object, an object without credentials, the
// registration data of a workspace (ErrRegistrationData), wrong types, and more than [MaxGrant] bytes. Errors: *GrantError.
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
	for key, into := range map[string]*string{
		keyWorkspaceID:     &g.WorkspaceID,
		keyClientName:      &g.ClientName,
		keyClientID:        &g.ClientID,
		keyClientSecret:    &clientSecret,
		keyPublicKey:       &g.PublicKey,
		keyRegistrationURI: &g.RegistrationClientURI,
	} {
		if json.Unmarshal(object.get(key), into) != nil {
			return Grant{}, &GrantError{Problem: key + " is not a text"}
		}
	}
	g.ClientSecret = secret.New(clientSecret)
	var err error
	if g.ClientSecretExpiresAt, g.expirySet, err = readExpiry(object.get(keyExpiry)); err != nil {
		return Grant{}, err
	}
	_ = json.Unmarshal(object.get(keyRedirectURIs), &g.RedirectURIs) // no server reads them
	if data := object.get(keyLicenseData); !isNull(data) {
		if g.LicenseData, err = readLicenseData(data); err != nil {
			return Grant{}, err
		}
	}
	return g, nil
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

func readExpiry(text json.RawMessage) (seconds int64, set bool, err error) {
	const latest = 1 << 53 // beyond this JavaScript's numbers have gaps
	var number float64
	if json.Unmarshal(text, &number) != nil || number < 0 || number > latest {
		return 0, false, &GrantError{Problem: keyExpiry + " is not a time in seconds"}
	}
	return int64(number), !isNull(text), nil
}

// readLicenseData reads the JSON of a licence. Only a licence that is no text is an error: the rest is for information. Errors: *GrantError.
func readLicenseData(text []byte) (LicenseData, error) {
	object, problem := readObject(text)
	if problem != "" {
		return LicenseData{}, &GrantError{Problem: keyLicenseData + ": " + problem}
	}
	var license string
	if json.Unmarshal(object.get(keyLicense), &license) != nil {
		return LicenseData{}, &GrantError{Problem: keyLicenseData + "." + keyLicense + " is not a text"}
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
	return data, nil
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

// object is a JSON object by its exact keys: encoding/json alone would take CLIENT_ID for client_id, and servers do not.
type object map[string]json.RawMessage

// get returns the value of a key, or null.
func (o object) get(key string) json.RawMessage {
	if value, ok := o[key]; ok {
		return value
	}
	return json.RawMessage("null")
}

// isNull tells whether a value is null or missing.
func isNull(value json.RawMessage) bool { return string(value) == "null" }

// readObject reads a JSON object, or says what the text is instead. The errors of encoding/json quote the text, so they go no further.
func readObject(text []byte) (object, string) {
	if !json.Valid(text) {
		var syntax *json.SyntaxError
		if errors.As(json.Unmarshal(text, new(any)), &syntax) && syntax.Offset >= int64(len(text)) && len(bytes.TrimSpace(text)) > 0 {
			return nil, "its JSON is cut off"
		}
		return nil, "it is not JSON"
	}
	switch bytes.TrimLeft(text, " \t\r\n")[0] {
	case '{':
	case '[':
		return nil, "it is a list, not an object"
	case '"':
		return nil, "it is a text, not an object"
	default:
		return nil, "it is not an object"
	}
	var read object
	if json.Unmarshal(text, &read) != nil {
		return nil, "it is not JSON"
	}
	return read, ""
}

// setMember replaces the value of a key in a JSON object, or appends the key, and leaves every other byte alone. Of a key that is there twice the last
// one counts, as everywhere.
func setMember(text []byte, key string, value []byte) ([]byte, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	if _, err := decoder.Token(); err != nil {
		return nil, err
	}
	end, members := decoder.InputOffset(), 0
	from, to := int64(-1), int64(-1)
	for ; decoder.More(); members++ {
		name, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		var old json.RawMessage
		if err := decoder.Decode(&old); err != nil {
			return nil, err
		}
		if end = decoder.InputOffset(); name == key {
			from, to = end-int64(len(old)), end
		}
	}
	if from >= 0 {
		return splice(text, from, to, value), nil
	}
	member := `"` + key + `":` + string(value)
	if members > 0 {
		member = "," + member
	}
	return splice(text, end, end, []byte(member)), nil
}

// splice returns the text with what is between from and to replaced.
func splice(text []byte, from, to int64, by []byte) []byte {
	out := make([]byte, 0, len(text)+len(by))
	out = append(out, text[:from]...)
	out = append(out, by...)
	return append(out, text[to:]...)
}
