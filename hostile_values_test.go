package registration_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/workspace"
)

// A workspace that has what it was given in its status does not get it into a result.
func TestNoEchoReachesAResult(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"3.0.0", "4.4.0", "6.4.0", "9.0.0"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			ws, clock := clienttest.Start(t, version)
			token, authToken := ws.Cloud().IssueToken(), ws.Admin().AuthToken
			ws.Set("uniqueID", "id-"+authToken)
			ws.Set("Organization_Email", token+"@example.com")
			client := clienttest.OpenWithToken(t, ws, clock)
			result, err := client.Register(t.Context(), registration.Request{Token: token})
			if err != nil {
				t.Fatal(err)
			}
			text, err := json.Marshal(result)
			shown := fmt.Sprintf("%s %+v", text, result)
			if err != nil || strings.Contains(shown, authToken) || strings.Contains(result.After.Email, token) || !strings.Contains(shown, "id-[redacted]") {
				t.Errorf("the result shows %s", shown)
			}
		})
	}
}

// Links and codes for a person are shown only when they are safe to show.
func TestOnlySafeLinksOfAWorkspaceAreShown(t *testing.T) {
	t.Parallel()
	for link, safe := range map[string]bool{
		"https://cloud.example.com/verify?code=AB-CD":     true,
		"http://localhost:3000/verify":                    true,
		"http://cloud.example.com/verify":                 false,
		"javascript:alert(1)":                             false,
		"//evil.example.com/":                             false,
		"https://user:password@cloud.example.com/":        false,
		`https://cloud.example.com/\u001b[2J`:             false,
		"https://cloud.example.com/\u202egnp.exe":         false,
		"https://cloud.example.com@evil.example.com/path": false,
	} {
		t.Run(link, func(t *testing.T) {
			t.Parallel()
			ws, _ := mocked(t, "https://chat.example.com", map[string]httpmock.Responder{
				"GET /api/info": jsonReply(`{"success":true,"version":"9.0.0"}`),
				"POST /api/v1/cloud.createRegistrationIntent": jsonReply(`{"success":true,"intentData":{"device_code":"d","user_code":"` + link + `","verification_url":"` + link + `"}}`),
				"GET /api/v1/cloud.checkoutUrl":               jsonReply(`{"success":true,"url":"` + link + `"}`),
			})
			client := clienttest.ClientOf(t, ws)
			s := client.Session()
			intent, err := s.StartEmail(t.Context(), "ops@example.com", false)
			if err != nil || (intent.VerificationURL != "") != safe || strings.ContainsFunc(intent.UserCode, func(r rune) bool { return r <= ' ' || r > '~' }) {
				t.Errorf("intent %+v, %v", intent, err)
			}
			got, err := s.CheckoutURL(t.Context())
			if (err == nil) != safe || (got != "") != safe || !safe && !errors.Is(err, workspace.ErrBadReply) {
				t.Errorf("checkout %q, %v", got, err)
			}
		})
	}
}
