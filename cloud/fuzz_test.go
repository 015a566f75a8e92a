package cloud_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/rcreg/registration/cloud"
)

// grantSeeds are texts that are grants, nearly grants, or something else.
func grantSeeds(f *testing.F) []string {
	f.Helper()
	seeds := make([]string, 0, 30)
	seeds = append(seeds,
		"", " ", "null", "[]", "{}", `"x"`, "5", registrationJSON, `{"client_id":"x"}`, `{"client_id":"x","client_secret":5}`,
		`{"client_id":"x","licenseData":{"license":null}}`, `{"client_id":"x","client_id":"y"}`, `{"CLIENT_ID":"x"}`, "\ufeff{}",
		`{"client_id":"\ud800"}`, `{"client_secret_expires_at":1e400,"client_id":"x"}`,
	)
	for _, changes := range []map[string]any{nil, {"licenseData": nil}, {"client_secret": ""}, {"registration_client_uri": "x"}, {"newField": []int{1}}} {
		seeds = append(seeds, string(with(f, changes)))
	}
	return seeds
}

func FuzzParseGrant(f *testing.F) {
	for _, seed := range grantSeeds(f) {
		f.Add([]byte(seed))
	}
	license := grantOf(f, nil).LicenseData
	f.Fuzz(func(t *testing.T, text []byte) {
		grant, err := cloud.ParseGrant(text)
		if err != nil {
			if !errors.Is(err, cloud.ErrInvalidGrant) {
				t.Fatalf("got %v", err)
			}
			return
		}
		keepsItsBytes(t, grant, text)
		if grant.Check() == nil {
			goodForServers(t, text)
		}
		whole, err := grant.WithLicense(license)
		if err != nil && len(text) < cloud.MaxGrant/2 {
			t.Fatalf("a license spoils it: %v", err)
		}
		if err == nil && (whole.ClientID != grant.ClientID || whole.LicenseData.License.Reveal() != licenseText) {
			t.Fatalf("%s became %s", text, whole.Reveal())
		}
	})
}

func keepsItsBytes(t *testing.T, grant cloud.Grant, text []byte) {
	t.Helper()
	if !bytes.Equal(grant.Reveal(), text) {
		t.Fatalf("%q became %q", text, grant.Reveal())
	}
	again, err := cloud.ParseBlob(grant.Blob())
	if err != nil || !again.Equal(grant) {
		t.Fatalf("the blob does not come back: %v", err)
	}
	if secret := grant.ClientSecret.Reveal(); len(secret) > 8 && !strings.Contains(grant.String(), secret) && strings.Contains(fmt.Sprintf("%+v", grant), secret) {
		t.Fatal("it prints its secret")
	}
}

// goodForServers looks at a grant that passed as JavaScript would: by its exact keys.
func goodForServers(t *testing.T, text []byte) {
	t.Helper()
	var object map[string]any
	if err := json.Unmarshal(text, &object); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"workspaceId", "client_name", "client_id", "client_secret", "publicKey", "registration_client_uri"} {
		if value, ok := object[key].(string); !ok || value == "" {
			t.Fatalf("%s is %v", key, object[key])
		}
	}
	if _, ok := object["client_secret_expires_at"].(float64); !ok {
		t.Fatal("the expiry is no number")
	}
	license, ok := object["licenseData"].(map[string]any)
	if text, isText := license["license"].(string); !ok || !isText || text == "" {
		t.Fatal("the license is no text")
	}
}

func FuzzParseBlob(f *testing.F) {
	for _, seed := range grantSeeds(f) {
		code := base64.StdEncoding.EncodeToString([]byte(seed))
		for _, text := range []string{seed, code, code + "\r\n", "\ufeff" + code, strings.TrimRight(code, "="), utf16Text(code, false), utf16Text(code, true)} {
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		grant, err := cloud.ParseBlob(text)
		if err != nil {
			if !errors.Is(err, cloud.ErrInvalidGrant) {
				t.Fatalf("got %v", err)
			}
			return
		}
		keepsItsBytes(t, grant, grant.Reveal())
		if _, err := cloud.ParseBlob(" " + grant.Blob() + "\n"); err != nil {
			t.Fatal(err)
		}
	})
}

func FuzzParseRegistrationText(f *testing.F) {
	for _, seed := range grantSeeds(f) {
		f.Add(base64.StdEncoding.EncodeToString([]byte(seed)))
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		data, err := cloud.ParseRegistrationText(text)
		if err != nil {
			if !errors.Is(err, cloud.ErrInvalidRegistrationData) {
				t.Fatalf("got %v", err)
			}
			return
		}
		again, err := cloud.ParseRegistrationData(data.Reveal())
		if err != nil || again.Text() != data.Text() {
			t.Fatalf("it does not come back: %v", err)
		}
		other, err := data.WithContactEmail("ops@example.com")
		if err == nil && (other.ContactEmail != "ops@example.com" || other.UniqueID != data.UniqueID) {
			t.Fatalf("%s became %s", data.Reveal(), other.Reveal())
		}
	})
}
