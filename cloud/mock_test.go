package cloud_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/registrationtest"
)

// base has a path, so that an address that leaves it out fails loudly.
const base = "https://cloud.example.com/base"

const (
	clientSecret = "very-secret-1"
	licenseText  = "RCV3_aGVhZA.Ym9keQ.c2ln"
	accessToken  = "access-secret-1"
)

// members are the members of a grant that can register a workspace.
func members() map[string]any {
	return map[string]any{
		"workspaceId": "ws-1", "client_name": "Example", "client_id": "client-1", "client_secret": clientSecret, "client_secret_expires_at": 0,
		"publicKey": "key-1", "registration_client_uri": base + "/api/v2/workspaces/ws-1",
		"redirect_uris": []string{"https://chat.example.com/admin/cloud/oauth-callback"},
		"licenseData": map[string]any{
			"version": 2, "address": "https://chat.example.com", "license": licenseText, "updatedAt": "2026-01-02T03:04:05Z", "modules": "auditing,omnichannel",
			"expireAt": "2027-01-02T03:04:05Z",
		},
	}
}

// with returns the JSON of a grant with some members changed; those that are nil are left out.
func with(tb testing.TB, changes map[string]any) []byte {
	tb.Helper()
	object := members()
	maps.Copy(object, changes)
	maps.DeleteFunc(object, func(_ string, value any) bool { return value == nil })
	text, err := json.Marshal(object)
	if err != nil {
		tb.Fatal(err)
	}
	return text
}

func grantOf(tb testing.TB, changes map[string]any) cloud.Grant {
	tb.Helper()
	grant, err := cloud.ParseGrant(with(tb, changes))
	if err != nil {
		tb.Fatal(err)
	}
	return grant
}

const registrationJSON = `{"uniqueId":"u-1","workspaceId":"","address":"https://chat.example.com/","siteName":"Example","contactEmail":"ops@example.com",` +
	`"version":"6.13.0", "statsToken":"stats-secret",  "newField": {"a": 1.0}}`

func data(tb testing.TB) cloud.RegistrationData {
	tb.Helper()
	d, err := cloud.ParseRegistrationData([]byte(registrationJSON))
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

// mocked returns a client whose Cloud is a mock, with a clock that stands still.
func mocked(tb testing.TB, options ...cloud.Option) (*cloud.Client, *httpmock.MockTransport) {
	tb.Helper()
	mock := httpmock.NewMockTransport()
	options = append([]cloud.Option{
		cloud.WithURL(base), cloud.WithBillingURL("https://billing.example.com"), cloud.WithReleasesURL("https://releases.example.com"),
		cloud.WithRoundTripper(mock), cloud.WithClock(registrationtest.NewClock(time.Unix(1_800_000_000, 0))),
	}, options...)
	client, err := cloud.New(options...)
	if err != nil {
		tb.Fatal(err)
	}
	return client, mock
}

// answer makes a mock answer with a JSON text.
func answer(mock *httpmock.MockTransport, verb, url string, status int, body string) {
	mock.RegisterResponder(verb, url, replies(status, body))
}

// replies returns a responder with a JSON text.
func replies(status int, body string) httpmock.Responder {
	return httpmock.NewStringResponder(status, body).HeaderSet(http.Header{"Content-Type": {"application/json"}})
}

// allow makes a mock hand out access tokens.
func allow(mock *httpmock.MockTransport) {
	answer(mock, http.MethodPost, base+"/api/oauth/token", http.StatusOK,
		`{"access_token":"`+accessToken+`","expires_in":3600,"scope":"workspace:client:write","token_type":"bearer"}`)
}
