package registration_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"testing"

	"github.com/golang-jwt/jwt/v5"
	"github.com/jarcoal/httpmock"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/registrationtest"
)

// FuzzSupport reads odd lists of supported versions: no panic, and a list that is not signed says nothing.
func FuzzSupport(f *testing.F) {
	for _, seed := range []string{
		"", "a.b.c", `{}`, `{"versions":[{"version":"6.13.0","expiration":"2099-01-01T00:00:00Z"}]}`, `{"versions":null,"timestamp":5}`,
		`{"versions":[{"version":"6","expiration":"x"},{"version":"","expiration":""}]}`, `{"versions":[{"version":"99999999999999999999.1.-"}]}`,
		`{"exceptions":{"domain":"chat.example.com","versions":[{"version":"6.13","expiration":"2099-01-01T00:00:00Z"}]}}`, `{"exp":1}`, `{"nbf":"x","iat":1e300}`,
	} {
		f.Add([]byte(seed))
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		list, isSigned := string(text), false
		var claims jwt.MapClaims
		if json.Unmarshal(text, &claims) == nil {
			signed, err := jwt.NewWithClaims(jwt.SigningMethodRS256, claims).SignedString(key)
			if err != nil {
				t.Fatal(err)
			}
			list, isSigned = signed, true
		}
		quoted, err := json.Marshal(list)
		if err != nil {
			t.Fatal(err)
		}
		ws, mock := mocked(t, "https://chat.example.com", map[string]httpmock.Responder{
			"GET /api/info": jsonReply(`{"success":true,"version":"6.13.0","supportedVersions":{"signed":` + string(quoted) + `}}`),
		})
		mock.RegisterNoResponder(jsonReply(`{"signed":` + string(quoted) + `}`)) // of the Cloud, and no status
		toCloud, err := cloud.New(cloud.WithRoundTripper(mock), cloud.WithClock(registrationtest.NewClock(testStart)))
		if err != nil {
			t.Fatal(err)
		}
		got, err := clienttest.ClientOf(t, ws, registration.WithCloud(toCloud), registration.WithSupportKey(&key.PublicKey)).Support(t.Context())
		if got.State == "" || err == nil && !isSigned || err != nil && got.State != registration.SupportUnknown {
			t.Errorf("%q was read as %+v, %v", text, got, err)
		}
	})
}
