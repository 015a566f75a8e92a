package cloud_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rcreg/registration/cloud"
)

func TestParseGrantReadsEveryField(t *testing.T) {
	t.Parallel()
	g := grantOf(t, map[string]any{"client_secret_expires_at": 1_900_000_000})
	if g.WorkspaceID != "ws-1" || g.ClientName != "Example" || g.ClientID != "client-1" || g.ClientSecret.Reveal() != clientSecret ||
		g.ClientSecretExpiresAt != 1_900_000_000 || g.PublicKey != "key-1" || g.RegistrationClientURI != base+"/api/v2/workspaces/ws-1" ||
		!slices.Equal(g.RedirectURIs, []string{"https://chat.example.com/admin/cloud/oauth-callback"}) {
		t.Errorf("got %v", g)
	}
	l := g.LicenseData
	if l.License.Reveal() != licenseText || l.Version != 2 || l.Address != "https://chat.example.com" || !slices.Equal(l.Modules, []string{"auditing", "omnichannel"}) ||
		!l.UpdatedAt.Equal(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)) || !l.ExpireAt.Equal(time.Date(2027, 1, 2, 3, 4, 5, 0, time.UTC)) {
		t.Errorf("got %+v", l)
	}
	if err := g.Check(); err != nil {
		t.Error(err)
	}
}

func TestParseGrantIsLenientAboutWhatNoServerReads(t *testing.T) {
	t.Parallel()
	g := grantOf(t, map[string]any{
		"redirect_uris": 7, "newField": []int{1},
		"licenseData": map[string]any{"license": licenseText, "version": "two", "modules": []string{"a"}, "expireAt": "never", "updatedAt": 5},
	})
	if err := g.Check(); err != nil {
		t.Error(err)
	}
	if none := grantOf(t, map[string]any{"licenseData": map[string]any{"license": licenseText, "modules": ""}}); none.LicenseData.Modules != nil {
		t.Errorf("got %q", none.LicenseData.Modules)
	}
	if l := g.LicenseData; l.Version != 0 || !slices.Equal(l.Modules, []string{"a"}) || !l.ExpireAt.IsZero() {
		t.Errorf("got %+v", l)
	}
}

func TestParseGrantTakesTheLargestValues(t *testing.T) {
	t.Parallel()
	text := with(t, map[string]any{"client_secret_expires_at": 1 << 53})
	text = append(text, bytes.Repeat([]byte(" "), cloud.MaxGrant-len(text))...)
	g, err := cloud.ParseGrant(text)
	if err != nil || g.Check() != nil || g.ClientSecretExpiresAt != 1<<53 {
		t.Errorf("got %v, %v, %v", g, err, g.Check())
	}
}

func TestParseGrantRefusesWhatIsNoGrant(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ text, problem string }{
		"nothing":           {"", "not JSON"},
		"white space":       {" \n", "not JSON"},
		"a page":            {"<html>", "not JSON"},
		"null":              {"null", "not an object"},
		"a number":          {"5", "not an object"},
		"a list":            {"[]", "a list"},
		"a text":            {`"x"`, "a text"},
		"an empty object":   {"{}", "an empty object"},
		"other objects":     {`{"id":"x"}`, "no credentials"},
		"other letters":     {`{"CLIENT_ID":"x","Client_Secret":"y"}`, "no credentials"},
		"cut off":           {`{"client_id":"x","client_se`, "cut off"},
		"two objects":       {`{"client_id":"x"}{}`, "not JSON"},
		"too large":         {`{"client_id":"` + strings.Repeat("x", cloud.MaxGrant) + `"}`, "too large"},
		"registration data": {registrationJSON, "registration data"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := cloud.ParseGrant([]byte(test.text))
			var invalid *cloud.GrantError
			if !errors.Is(err, cloud.ErrInvalidGrant) || !errors.As(err, &invalid) || !strings.Contains(err.Error(), test.problem) {
				t.Errorf("got %v", err)
			}
			if errors.Is(err, cloud.ErrRegistrationData) != (name == "registration data") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestCheckNamesWhatIsMissing(t *testing.T) {
	t.Parallel()
	for _, key := range []string{
		"workspaceId", "client_name", "client_id", "client_secret", "client_secret_expires_at", "publicKey", "registration_client_uri",
	} {
		for name, value := range map[string]any{"missing": nil, "null": json.RawMessage("null"), "empty": "", "white space": " \t"} {
			if key == "client_secret_expires_at" && (name == "empty" || name == "white space") {
				continue
			}
			t.Run(key+" "+name, func(t *testing.T) {
				t.Parallel()
				wantMissing(t, grantOf(t, map[string]any{key: value}), key)
			})
		}
	}
	for name, license := range map[string]any{
		"no licenseData": nil, "null": json.RawMessage("null"), "no license": map[string]any{}, "null license": map[string]any{"license": nil},
		"empty license": map[string]any{"license": ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantMissing(t, grantOf(t, map[string]any{"licenseData": license}), "licenseData.license")
		})
	}
	t.Run("all that can be", func(t *testing.T) {
		t.Parallel()
		g, err := cloud.ParseGrant([]byte(`{"client_id":"x"}`))
		if err != nil {
			t.Fatal(err)
		}
		wantMissing(t, g, "workspaceId", "client_name", "client_secret", "publicKey", "registration_client_uri", "licenseData.license", "client_secret_expires_at")
	})
	t.Run("the zero value", func(t *testing.T) {
		t.Parallel()
		if err := (cloud.Grant{}).Check(); !errors.Is(err, cloud.ErrInvalidGrant) {
			t.Errorf("got %v", err)
		}
	})
}

func wantMissing(t *testing.T, g cloud.Grant, keys ...string) {
	t.Helper()
	var invalid *cloud.GrantError
	err := g.Check()
	if !errors.As(err, &invalid) || !errors.Is(err, cloud.ErrInvalidGrant) || !slices.Equal(invalid.Missing, keys) {
		t.Errorf("got %v", err)
	}
	for _, key := range keys {
		if !strings.Contains(err.Error(), key) {
			t.Errorf("%v does not name %s", err, key)
		}
	}
}

func TestCheckRefusesWrongValues(t *testing.T) {
	t.Parallel()
	tests := map[string]map[string]any{
		"client_id":                {"client_id": 5},
		"client_secret":            {"client_secret": []string{"a"}},
		"client_secret_expires_at": {"client_secret_expires_at": "0"},
		"expires_at":               {"client_secret_expires_at": -1},
		"secret_expires_at":        {"client_secret_expires_at": 1e300},
		"licenseData":              {"licenseData": "text"},
		"license":                  {"licenseData": map[string]any{"license": 5}},
		"licenseData.license":      {"licenseData": map[string]any{"license": "not-a-real-license"}},
		"registration_client":      {"registration_client_uri": "/api/v2/workspaces/ws-1"},
		"registration_client_":     {"registration_client_uri": "ftp://cloud.example.com"},
		"registration_client_u":    {"registration_client_uri": "https://user:pw@cloud.example.com"},
		"registration_client_ur":   {"registration_client_uri": " https://cloud.example.com"},
		"registration_client_uri":  {"registration_client_uri": "https://"},
	}
	for part, changes := range tests {
		t.Run(part, func(t *testing.T) {
			t.Parallel()
			g := grantOf(t, changes)
			var invalid *cloud.GrantError
			if err := g.Check(); !errors.As(err, &invalid) || !strings.Contains(invalid.Problem, part) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestCheckTakesEachFormOfALicense(t *testing.T) {
	t.Parallel()
	old := strings.Repeat("QUJD", 86) // 258 bytes
	block := make([]byte, 128)        // of RSA with 1024 bits
	for license, good := range map[string]bool{
		licenseText: true, "RCV4_a2.b2.c2": true, old: true, "RCV" + strings.Repeat("1", 173): true,
		base64.StdEncoding.EncodeToString(block): true, base64.StdEncoding.EncodeToString(block[1:]): false,
		"RCV3_a2.b2": false, "RCV3_a2.b2.c2.d2": false, "3_a2.b2.c2": false,
		"RCV3_": false, "RCV3_a.b": false, "RCV3_a2..c2": false, "RCV3_a!.b2.c2": false, "RCVx_a2.b2.c2": false, "RCV_a2.b2.c2": false, "QUJD": false, old[1:]: false,
	} {
		g := grantOf(t, map[string]any{"licenseData": map[string]any{"license": license}})
		if err := g.Check(); (err == nil) != good {
			t.Errorf("%.20s: %v", license, err)
		}
	}
}

func TestGrantKeepsItsBytes(t *testing.T) {
	t.Parallel()
	text := " {\"client_id\":\"x\",\r\n \"big\": 12345678901234567890.0, \"client_id\" : \"c\\u0061\",\"n\":{ }}\n"
	g, err := cloud.ParseGrant([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if string(g.Reveal()) != text || g.ClientID != "ca" {
		t.Errorf("got %q, %q", g.Reveal(), g.ClientID)
	}
	again, err := cloud.ParseBlob(g.Blob())
	if err != nil || !again.Equal(g) || string(again.Reveal()) != text {
		t.Errorf("got %v, %v", again, err)
	}
	if g.Equal(grantOf(t, nil)) {
		t.Error("different grants are equal")
	}
}

func TestWithLicenseLeavesTheRestAlone(t *testing.T) {
	t.Parallel()
	const data = `{"license":"RCV3_a2.b2.c2", "unknown":1.0}`
	from := func(text string) cloud.Grant {
		g, err := cloud.ParseGrant([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	license := from(`{"client_id":"y","licenseData":` + data + `}`).LicenseData
	for name, test := range map[string]struct{ before, after string }{
		"none":  {"{\"client_id\":\"x\", \"n\": 1.0 }\n", "{\"client_id\":\"x\", \"n\": 1.0,\"licenseData\":" + data + " }\n"},
		"null":  {`{"licenseData": null,"client_id":"x"}`, `{"licenseData": ` + data + `,"client_id":"x"}`},
		"empty": {`{"client_id":"x","licenseData":{"license":""} }`, `{"client_id":"x","licenseData":` + data + ` }`},
		"two":   {`{"licenseData":1,"client_id":"x","licenseData":2}`, `{"licenseData":1,"client_id":"x","licenseData":` + data + `}`},
		"deep":  {`{"client_id":"x","a":{"licenseData":1}}`, `{"client_id":"x","a":{"licenseData":1},"licenseData":` + data + `}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g, err := from(test.before).WithLicense(license)
			if err != nil || string(g.Reveal()) != test.after || g.LicenseData.License.Reveal() != "RCV3_a2.b2.c2" {
				t.Errorf("got %s, %v", g.Reveal(), err)
			}
		})
	}
	if _, err := from(`{"client_id":"x"}`).WithLicense(cloud.LicenseData{}); !errors.Is(err, cloud.ErrInvalidGrant) || !strings.Contains(err.Error(), "license was not read") {
		t.Errorf("a license from nowhere: %v", err)
	}
	if _, err := (cloud.Grant{}).WithLicense(license); !errors.Is(err, cloud.ErrInvalidGrant) || !strings.Contains(err.Error(), "it was not read") {
		t.Errorf("a grant from nowhere: %v", err)
	}
}

func TestNothingPrintsSecrets(t *testing.T) {
	t.Parallel()
	g, d := grantOf(t, nil), data(t)
	type nested struct {
		Grant  cloud.Grant
		Data   cloud.RegistrationData
		hidden cloud.Grant
		also   cloud.RegistrationData
	}
	n := nested{g, d, g, d}
	replies := []any{
		cloud.AccessToken{Token: g.ClientSecret}, cloud.SyncReply{License: g.LicenseData.License}, cloud.Intent{DeviceCode: g.ClientSecret}, g.LicenseData,
		struct{ token cloud.AccessToken }{cloud.AccessToken{Token: g.ClientSecret}}, map[string]*cloud.Intent{"a": {DeviceCode: g.ClientSecret}},
	}
	var out strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%X", "%c", "%t"} {
		for _, value := range append([]any{g, &g, d, &d, n, &n, g.ClientSecret, []cloud.Grant{g}, map[string]cloud.Grant{"a": g}}, replies...) {
			fmt.Fprintf(&out, verb, value)
		}
	}
	for _, reply := range replies {
		text, err := json.Marshal(reply)
		if err != nil {
			t.Error(err)
		}
		out.Write(text)
	}
	var log bytes.Buffer
	for _, logger := range []*slog.Logger{slog.New(slog.NewJSONHandler(&log, nil)), slog.New(slog.NewTextHandler(&log, nil))} {
		logger.Info("x", "grant", g, "data", d, "nested", n, "license", g.LicenseData, "replies", replies)
	}
	out.Write(log.Bytes())
	for _, secret := range []string{clientSecret, licenseText, "stats-secret", fmt.Sprintf("%x", clientSecret), fmt.Sprintf("%X", clientSecret), fmt.Sprintf("%v", []byte(clientSecret))} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("%s shows up", secret)
		}
	}
	for _, want := range []string{"ws-1", "client-1", "u-1", "6.13.0"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s does not show up", want)
		}
	}
	for _, value := range []any{g, &g, d, n} {
		if text, err := json.Marshal(value); err == nil {
			t.Errorf("marshalled: %s", text)
		}
	}
}
