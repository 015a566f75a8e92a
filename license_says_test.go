package registration_test

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/clienttest"
)

// TestLicenseSays reads licenses in all their forms.
func TestLicenseSays(t *testing.T) {
	t.Parallel()
	const claims = `{"information":{"id":"l"},"validation":{"validPeriods":[{"validUntil":"2031-01-01T10:00:00+01:00"},{"validUntil":"2030-01-01T00:00:00Z"},{"validUntil":"soon"}]}}`
	for name, tc := range map[string]struct{ reply, want string }{
		"two periods":           {`"license":{"license":` + claims + `,"activeModules":["b","a","b"]}`, `{"state":"in-force","id":"l","modules":["a","b"],"expires":"2031-01-01T09:00:00Z","trial":false,"raw":null}`},
		"a trial":               {`"license":{"license":{},"trial":true}`, `{"state":"in-force","modules":[],"trial":true,"raw":null}`},
		"list, second format":   {`"licenses":[{"expiry":"2031-01-01","modules":["b"]},{"expiry":"2030-01-01T00:00:00Z","modules":["a"],"trial":true}]`, `{"state":"in-force","modules":["a","b"],"expires":"2031-01-01T00:00:00Z","trial":true,"raw":null}`},
		"list, the first trial": {`"licenses":[{"trial":true},{"expiry":"2030-01-01T00:00:00Z"}]`, `{"state":"in-force","modules":[],"expires":"2030-01-01T00:00:00Z","trial":true,"raw":null}`},
		"list, third format":    {`"licenses":[{"license":` + claims + `,"modules":["a"]}]`, `{"state":"in-force","id":"l","modules":["a"],"expires":"2031-01-01T09:00:00Z","trial":false,"raw":null}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := licenseClient(t, "8.7.0", map[string]httpmock.Responder{"GET /api/v1/licenses.info": jsonReply(`{` + tc.reply + `,"success":true}`)})
			license, err := client.License(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			license.Raw = nil
			if text, err := json.Marshal(license); err != nil || string(text) != tc.want {
				t.Errorf("got  %s, %v\nwant %s", text, err, tc.want)
			}
		})
	}
}

// TestLicenseChanges: whatever a workspace shows of its license, another one is told from it.
func TestLicenseChanges(t *testing.T) {
	t.Parallel()
	const one = `{"expiry":"2030-01-01","modules":["a"]}`
	claims := func(created string) string {
		return `"license":{"license":{"information":{"id":"l","createdAt":"` + created + `"}},"activeModules":["a"]}`
	}
	for name, tc := range map[string]struct {
		before, after string
		changed       bool
	}{
		"nothing": {`"licenses":[` + one + `],"count":1`, `"licenses":[` + one + `],"count":2`, false},
		"any":     {`"licenses":[]`, `"licenses":[{}]`, true},
		"trial":   {`"licenses":[` + one + `]`, `"licenses":[{"expiry":"2030-01-01","modules":["a"],"trial":true}]`, true},
		"expiry":  {`"licenses":[` + one + `]`, `"licenses":[{"expiry":"2030-01-02","modules":["a"]}]`, true},
		"modules": {`"licenses":[` + one + `]`, `"licenses":[{"expiry":"2030-01-01","modules":["b"]}]`, true},
		"claims":  {claims("2026-01-01"), claims("2026-01-02"), true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := licenseClient(t, "6.5.0", map[string]httpmock.Responder{
				"GET /api/v1/licenses.info": jsonReply(`{` + tc.before + `,"success":true}`).Then(jsonReply(`{` + tc.after + `,"success":true}`)),
				"POST /api/v1/licenses.add": jsonReply(`{"success":true}`),
			})
			result, err := client.ApplyLicense(t.Context(), "c29tZXRoaW5nIGVuY3J5cHRlZA==")
			if err != nil || result.Changed != tc.changed {
				t.Errorf("changed: %v, want %v: %v", result.Changed, tc.changed, err)
			}
		})
	}
}

// TestTheLongestLicenseIsHandedOver: what no license can be is refused here, and all else is the workspace's to judge.
func TestTheLongestLicenseIsHandedOver(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"long": strings.Repeat("x", 64<<10), "first and last sign": "!~"} {
		client := licenseClient(t, "6.5.0", map[string]httpmock.Responder{
			"GET /api/v1/licenses.info": jsonReply(`{"licenses":[],"success":true}`),
			"POST /api/v1/licenses.add": answers(400, "application/json", `{"success":false,"error":"Invalid license"}`),
		})
		_, err := client.ApplyLicense(t.Context(), text)
		clienttest.Expect(t, name, registration.Result{}, err, registration.ErrLicenseRefused, false)
	}
}

// licenseOf is the text of a license of the third format, which nobody has signed.
func licenseOf(claims string) string {
	return "RCV3_e30." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".x"
}
