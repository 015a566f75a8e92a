package cloud

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/rcreg/registration/internal/httpclient"
)

// FuzzReplies gives every reader of a reply the same text. None may panic, return a secret in an error, or take a reply for good that lacks what the
// caller needs.
func FuzzReplies(f *testing.F) {
	for _, seed := range []string{
		"", "null", "[]", "5", `"x"`, "{}", `{"error":"invalid_token"}`, `{"error":5}`, `{"access_token":"a","expires_in":3600,"token_type":"bearer"}`,
		`{"access_token":"a","expires_in":1e308}`, `{"workspaceId":"ws-1","publicKey":"k","license":"l","removeLicense":true}`,
		`{"workspaceId":"ws-1","trial":{},"nps":null,"banners":[]}`, `{"announcements":{"create":[{}],"delete":[]}}`, `{"url":"https://pay.example.com"}`,
		`{"id":"a"}`, `{"device_code":"d","user_code":"u","interval":5,"expires_in":900}`, `{"status":"authorization_pending"}`, `{"successful":false}`,
		`{"successful":true,"payload":{"client_id":"c"}}`, `{"signed":"a.b.c"}`, `{"license":"l","modules":["a"],"expireAt":"2099-01-01T00:00:00Z"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if code := codeOf(&httpclient.Reply{Status: http.StatusBadRequest, Body: body}); len(code) > maxCode || strings.ContainsAny(code, " \r\n\x1b") {
			t.Errorf("the code %q", code)
		}
		asked := time.Unix(1_800_000_000, 0)
		token, until, err := readAccessToken(body, ScopeWorkspace, asked)
		if err == nil && (problemOfToken(token.Token.Reveal()) != "" || until.After(token.ExpiresAt)) {
			t.Errorf("took %s for an access token until %s", body, until)
		}
		if sync, err := readSync(body); err == nil && sync.WorkspaceID == "" {
			t.Errorf("took %s for a sync", body)
		}
		if sync, err := readLegacySync(body); err == nil && sync.WorkspaceID == "" {
			t.Errorf("took %s for a legacy sync", body)
		}
		if link, err := readLink(body); err == nil && !strings.HasPrefix(strings.ToLower(link), "http") {
			t.Errorf("took %s for a link", body)
		}
		if id, err := readID(body); err == nil && id == "" {
			t.Errorf("took %s for an id", body)
		}
		if intent, err := readIntent(body); err == nil && (intent.DeviceCode.IsEmpty() || intent.Interval < 0 || intent.ExpiresIn < 0) {
			t.Errorf("took %s for an intent", body)
		}
		if list, err := readSupported(body); err == nil && list.Signed == "" {
			t.Errorf("took %s for a list", body)
		}
		if confirmation, grant, err := readPoll(body); err == nil && (confirmation == Confirmed) == grant.raw.IsEmpty() {
			t.Errorf("took %s for %s", body, confirmation)
		} else if err != nil && confirmation != "" {
			t.Errorf("an error and %s", confirmation)
		}
		_, commsErr := readCommunications(body)
		_, problem := readLicenseData(body)
		for _, err := range []error{commsErr, errors.New(problem)} {
			if err != nil && len(err.Error()) > 200 {
				t.Errorf("the error is as long as what it is about: %v", err)
			}
		}
	})
}
