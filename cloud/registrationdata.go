package cloud

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/httpclient"
	"github.com/rcreg/registration/internal/secret"
)

// MaxRegistrationData is how large registration data may be, in bytes of JSON. Real ones have a few thousand.
const MaxRegistrationData = 1 << 20

// ErrInvalidRegistrationData means that what claims to be a workspace's registration data is none.
var ErrInvalidRegistrationData = failure.InvalidRegistrationData

// RegistrationData is what a workspace tells the Cloud about itself. Which fields there are depends on its version; the ones here are in all. The JSON
// that it was read from is kept byte for byte and sent as it is.
//
// It may hold a license and a token for statistics: it prints without them and refuses to be marshalled, as a [Grant] does.
type RegistrationData struct {
	UniqueID     string // uniqueId
	WorkspaceID  string // workspaceId; empty on a workspace that was never registered
	Address      string // address: the Site_Url
	SiteName     string // siteName
	ContactEmail string // contactEmail
	Version      string // version of the server
	// LicenseVersion is the newest format of licenses that the server reads, for [Client.License]: 0 in 3.0, 2 from 3.1, 3 from 6.5 (licenseVersion).
	LicenseVersion int

	raw Secret
}

// ParseRegistrationText reads the text that cloud:getWorkspaceRegisterData and GET cloud.workspaceRegisterData give: the base64 of the JSON. As with
// [ParseBlob], what copying by hand does to a text does not matter. Errors wrap ErrInvalidRegistrationData.
func ParseRegistrationText(text string) (RegistrationData, error) {
	decoded, problem := decodeBase64(text)
	if problem != "" {
		return RegistrationData{}, invalidData(problem)
	}
	return ParseRegistrationData(decoded)
}

// ParseRegistrationData reads the JSON of registration data. It refuses what names no unique id. Errors wrap ErrInvalidRegistrationData.
func ParseRegistrationData(text []byte) (RegistrationData, error) {
	if len(text) > MaxRegistrationData {
		return RegistrationData{}, invalidData("it is too large")
	}
	object, problem := readObject(text)
	if problem != "" {
		return RegistrationData{}, invalidData(problem)
	}
	if !isNull(object.get(keyClientSecret)) {
		return RegistrationData{}, invalidData("it is a grant, the Cloud's answer")
	}
	data := RegistrationData{raw: secret.New(string(text))}
	for key, into := range map[string]*string{
		"uniqueId":     &data.UniqueID,
		keyWorkspaceID: &data.WorkspaceID,
		"address":      &data.Address,
		"siteName":     &data.SiteName,
		keyEmail:       &data.ContactEmail,
		"version":      &data.Version,
	} {
		_ = json.Unmarshal(object.get(key), into) // servers send null, and numbers, where their settings hold them
	}
	_ = json.Unmarshal(object.get("licenseVersion"), &data.LicenseVersion)
	if data.UniqueID == "" {
		return RegistrationData{}, invalidData("it has no uniqueId")
	}
	return data, nil
}

const keyEmail = "contactEmail"

func invalidData(problem string) error {
	return fmt.Errorf("%w: %s", ErrInvalidRegistrationData, problem)
}

// WithContactEmail returns the data with another address for the confirmation; every other byte stays. Errors wrap ErrInvalidRegistrationData.
func (d RegistrationData) WithContactEmail(email string) (RegistrationData, error) {
	if !strings.Contains(email, "@") {
		return RegistrationData{}, invalidData("the e-mail address has no @")
	}
	if err := d.check(); err != nil {
		return RegistrationData{}, err
	}
	quoted, _ := json.Marshal(email) // a text cannot fail
	return ParseRegistrationData(setMember(d.Reveal(), keyEmail, quoted))
}

// Reveal returns the JSON, byte for byte.
func (d RegistrationData) Reveal() []byte { return []byte(d.raw.Reveal()) }

// Text returns the data as workspaces give it and as the Cloud console takes it: the base64 of [RegistrationData.Reveal].
func (d RegistrationData) Text() string { return base64.StdEncoding.EncodeToString(d.Reveal()) }

// String names the workspace.
func (d RegistrationData) String() string {
	return fmt.Sprintf("registration data{unique id %q, address %q, version %q}", d.UniqueID, d.Address, d.Version)
}

// Format prints what String says, whatever the verb.
func (d RegistrationData) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, d.String()) }

// LogValue names the workspace.
func (d RegistrationData) LogValue() slog.Value {
	return slog.GroupValue(slog.String("unique_id", d.UniqueID), slog.String("address", d.Address), slog.String("version", d.Version))
}

// MarshalJSON always fails.
func (d RegistrationData) MarshalJSON() ([]byte, error) { return nil, errMarshal }

// Check reports whether a workspace can be registered with the data: its address must be one, or the Cloud would have nowhere to send people back to. Errors wrap
// ErrInvalidRegistrationData.
func (d RegistrationData) Check() error {
	_, err := d.application()
	return err
}

// check returns an error for data that was not read from JSON, so that nothing is sent in its place.
func (d RegistrationData) check() error {
	if d.raw.IsEmpty() {
		return invalidData("it was not read from JSON")
	}
	return nil
}

// application is what POST /api/oauth/clients takes: the workspace as an OAuth client.
type application struct {
	Email        string   `json:"email"`
	ClientName   string   `json:"client_name"`
	RedirectURIs []string `json:"redirect_uris"`
}

// application returns what a workspace sends when it connects itself: Organization_Email, Site_Name and the callback below its Site_Url.
func (d RegistrationData) application() (application, error) {
	if err := d.check(); err != nil {
		return application{}, err
	}
	address, err := httpclient.ParseAddress(d.Address, true)
	if err != nil {
		return application{}, fmt.Errorf("%w: the workspace's %w", ErrInvalidRegistrationData, err)
	}
	name := d.SiteName
	if strings.TrimSpace(name) == "" {
		// A grant without a client_name could register no workspace, and the token would be spent.
		_, name, _ = strings.Cut(address.String(), "://")
	}
	return application{Email: d.ContactEmail, ClientName: name, RedirectURIs: []string{address.URL("admin", "cloud", "oauth-callback")}}, nil
}
