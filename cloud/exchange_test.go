package cloud_test

import (
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/rcreg/registration/cloud"
)

const clientsURL = base + "/api/oauth/clients"

func TestExchangeTokenAsksAsAWorkspaceDoes(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ data, body string }{
		"the usual": {registrationJSON,
			`{"email":"ops@example.com","client_name":"Example","redirect_uris":["https://chat.example.com/admin/cloud/oauth-callback"]}`},
		"no name, below a path": {`{"uniqueId":"u-1","address":"https://example.com/chat","siteName":null}`,
			`{"email":"","client_name":"example.com/chat","redirect_uris":["https://example.com/chat/admin/cloud/oauth-callback"]}`},
		"a local address": {`{"uniqueId":"u-1","address":"http://chat.internal:3000","siteName":"A & B"}`,
			`{"email":"","client_name":"A \u0026 B","redirect_uris":["http://chat.internal:3000/admin/cloud/oauth-callback"]}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, mock := mocked(t)
			granted := with(t, map[string]any{"newField": 1})
			mock.RegisterResponder(http.MethodPost, clientsURL, func(r *http.Request) (*http.Response, error) {
				body, err := io.ReadAll(r.Body)
				if err != nil || string(body) != test.body || r.Header.Get("Authorization") != "Bearer tok-1" || r.Header.Get("Content-Type") != "application/json" {
					t.Errorf("sent %s %v", body, r.Header)
				}
				return httpmock.NewBytesResponse(http.StatusCreated, granted), nil
			})
			d, err := cloud.ParseRegistrationData([]byte(test.data))
			if err != nil {
				t.Fatal(err)
			}
			grant, err := client.ExchangeToken(t.Context(), " tok-1\n", d)
			if err != nil || string(grant.Reveal()) != string(granted) || grant.Check() != nil {
				t.Errorf("got %v, %v", grant, err)
			}
		})
	}
}

func TestExchangeTokenSendsWhatATokenMayBe(t *testing.T) {
	t.Parallel()
	for _, token := range []string{"!~", strings.Repeat("a", 16<<10)} {
		client, mock := mocked(t)
		mock.RegisterResponder(http.MethodPost, clientsURL, func(r *http.Request) (*http.Response, error) {
			if r.Header.Get("Authorization") != "Bearer "+token {
				t.Errorf("sent %.20q", r.Header.Get("Authorization"))
			}
			return httpmock.NewBytesResponse(299, with(t, nil)), nil
		})
		if _, err := client.ExchangeToken(t.Context(), token, data(t)); err != nil {
			t.Error(err)
		}
	}
}

func TestExchangeTokenSendsNothingThatCannotWork(t *testing.T) {
	t.Parallel()
	parse := func(text string) cloud.RegistrationData {
		d, err := cloud.ParseRegistrationData([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	tests := map[string]struct {
		token string
		data  cloud.RegistrationData
		want  error
	}{
		"no token":        {"", data(t), cloud.ErrInvalidArgument},
		"white space":     {" \r\n", data(t), cloud.ErrInvalidArgument},
		"a newline in it": {"tok\nen", data(t), cloud.ErrInvalidArgument},
		"a sentence":      {"my token", data(t), cloud.ErrInvalidArgument},
		"umlauts":         {"t\u00f6ken", data(t), cloud.ErrInvalidArgument},
		"too long":        {strings.Repeat("a", 16<<10+1), data(t), cloud.ErrInvalidArgument},
		"from nowhere":    {"token", cloud.RegistrationData{UniqueID: "u-1", Address: "https://chat.example.com"}, cloud.ErrInvalidRegistrationData},
		"no data":         {"token", cloud.RegistrationData{}, cloud.ErrInvalidRegistrationData},
		"no address":      {"token", parse(`{"uniqueId":"u"}`), cloud.ErrInvalidRegistrationData},
		"a bad address":   {"token", parse(`{"uniqueId":"u","address":"chat"}`), cloud.ErrInvalidRegistrationData},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, mock := mocked(t)
			_, err := client.ExchangeToken(t.Context(), test.token, test.data)
			if !errors.Is(err, test.want) || mock.GetTotalCallCount() != 0 {
				t.Errorf("got %v after %d calls", err, mock.GetTotalCallCount())
			}
			if strings.Contains(err.Error(), "my token") {
				t.Errorf("the error quotes the token: %v", err)
			}
		})
	}
}

// TestExchangeTokenSpendsATokenOnce: whatever happens, nothing that may have arrived is sent again, and what is not known is said to be unknown.
func TestExchangeTokenSpendsATokenOnce(t *testing.T) {
	t.Parallel()
	reset := &net.OpError{Op: "read", Err: errors.New("connection reset")}
	page := httpmock.NewStringResponder(http.StatusOK, "<html>").HeaderSet(http.Header{"Content-Type": {"text/html; charset=utf-8"}})
	tests := map[string]struct {
		responder httpmock.Responder
		calls     int
		want      error
		unknown   bool
	}{
		"refused":          {replies(401, `{"error":"invalid_token"}`), 1, cloud.ErrInvalidToken, false},
		"used":             {replies(400, `{"error":"token_already_used"}`), 1, cloud.ErrTokenUsed, false},
		"used by a try":    {limitedAtFirst(replies(400, `{"error":"token_already_used"}`)), 2, cloud.ErrOutcomeUnknown, true},
		"refused at last":  {limitedAtFirst(replies(401, `{"error":"invalid_token"}`)), 2, cloud.ErrInvalidToken, false},
		"another code":     {replies(403, `{"error":"plan_does_not_allow"}`), 1, cloud.ErrOutcomeUnknown, true},
		"a challenge":      {challenged(replies(401, `{"error":"invalid_token"}`)), 1, cloud.ErrBadReply, true},
		"a description":    {replies(401, `{"error":"invalid_token","error_description":"The access token expired"}`), 1, cloud.ErrBadReply, true},
		"a token's text":   {httpmock.NewStringResponder(401, `{"error":"invalid_token"}`), 1, cloud.ErrBadReply, true},
		"a token's 403":    {replies(403, `{"error":"invalid_token"}`), 1, cloud.ErrOutcomeUnknown, true},
		"a scope":          {challenged(replies(403, `{"error":"insufficient_scope"}`)), 1, cloud.ErrBadReply, true},
		"a request":        {replies(400, `{"error":"invalid_request"}`), 1, cloud.ErrOutcomeUnknown, true},
		"unauthorized":     {replies(401, `{"error":"unauthorized"}`), 1, cloud.ErrOutcomeUnknown, true},
		"not found":        {replies(404, `{"error":"not_found"}`), 1, cloud.ErrOutcomeUnknown, true},
		"credentials":      {replies(401, `{"error":"oauth_invalid_client_credentials"}`), 1, cloud.ErrInvalidClient, false},
		"no code":          {httpmock.NewStringResponder(404, `nothing`), 1, cloud.ErrBadReply, true},
		"a sentence":       {httpmock.NewStringResponder(400, `{"error":"it is\nbroken"}`), 1, cloud.ErrBadReply, true},
		"a page":           {page.SetContentLength(), 1, cloud.ErrBadReply, true},
		"a 403 page":       {httpmock.NewStringResponder(403, "<html>").HeaderSet(http.Header{"Content-Type": {"text/html"}}), 1, cloud.ErrBadReply, true},
		"a gateway's JSON": {httpmock.NewStringResponder(404, `{"message":"no Route matched with those values"}`), 1, cloud.ErrBadReply, true},
		"408":              {httpmock.NewStringResponder(408, ``), 1, cloud.ErrOutcomeUnknown, true},
		"413":              {httpmock.NewStringResponder(413, ``), 1, cloud.ErrOutcomeUnknown, true},
		"499":              {httpmock.NewStringResponder(499, ``), 1, cloud.ErrOutcomeUnknown, true},
		"a redirect":       {httpmock.NewStringResponder(302, "").HeaderSet(http.Header{"Location": {"https://portal.example.com"}}), 1, cloud.ErrBadReply, true},
		"dropped":          {httpmock.NewErrorResponder(reset), 1, cloud.ErrOutcomeUnknown, true},
		"500":              {httpmock.NewStringResponder(500, `{"error":"internal_error"}`), 1, cloud.ErrOutcomeUnknown, true},
		"503":              {httpmock.NewStringResponder(503, ``), 1, cloud.ErrOutcomeUnknown, true},
		"empty":            {httpmock.NewStringResponder(201, ``), 1, cloud.ErrBadReply, true},
		"null":             {httpmock.NewStringResponder(201, `null`), 1, cloud.ErrBadReply, true},
		"cut off":          {httpmock.NewStringResponder(201, `{"client_id":"a`), 1, cloud.ErrBadReply, true},
		"no grant":         {httpmock.NewStringResponder(201, `{"id":"a"}`), 1, cloud.ErrInvalidGrant, true},
		"wrong types":      {httpmock.NewStringResponder(201, `{"workspaceId":42,"client_id":42,"client_secret":42}`), 1, cloud.ErrInvalidGrant, true},
		"endless":          {httpmock.NewStringResponder(201, strings.Repeat(" ", 5<<20)), 1, cloud.ErrBadReply, true},
		"too often":        {httpmock.NewStringResponder(429, ``), 5, cloud.ErrRateLimited, false},
		"nobody listens":   {httpmock.NewErrorResponder(&net.OpError{Op: "dial", Err: errors.New("refused")}), 5, cloud.ErrUnreachable, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, mock := mocked(t)
			mock.RegisterResponder(http.MethodPost, clientsURL, test.responder)
			_, err := client.ExchangeToken(t.Context(), "token-secret", data(t))
			var failure *cloud.Error
			if !errors.Is(err, test.want) || errors.Is(err, cloud.ErrOutcomeUnknown) != test.unknown || !errors.As(err, &failure) {
				t.Fatalf("got %v", err)
			}
			if failure.Code == "plan_does_not_allow" && (errors.Is(err, cloud.ErrBadReply) || !strings.Contains(err.Error(), "not known to refuse with this code")) {
				t.Errorf("it was the Cloud: %v", err)
			}
			if mock.GetTotalCallCount() != test.calls {
				t.Errorf("sent %d times", mock.GetTotalCallCount())
			}
			if test.unknown && !strings.Contains(err.Error(), "may be spent") {
				t.Errorf("%v does not say that the token may be spent", err)
			}
			if strings.Contains(err.Error(), "token-secret") || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v", err)
			}
		})
	}
}

// challenged adds the challenge of RFC 6750, as gateways that check bearer tokens write it.
func challenged(responder httpmock.Responder) httpmock.Responder {
	return responder.HeaderAdd(http.Header{"WWW-Authenticate": {`Bearer error="invalid_token"`}})
}

// limitedAtFirst answers with a limit, and with something else from then on.
func limitedAtFirst(then httpmock.Responder) httpmock.Responder {
	return httpmock.NewStringResponder(http.StatusTooManyRequests, "").Then(then)
}

func TestExchangeTokenKeepsAGrantThatIsIncomplete(t *testing.T) {
	t.Parallel()
	for name, changes := range map[string]map[string]any{
		"no id": {"client_id": nil}, "no secret": {"client_secret": nil}, "no license": {"licenseData": nil},
		"odd expiry": {"client_secret_expires_at": "never"}, "odd license": {"licenseData": 5},
	} {
		client, mock := mocked(t)
		text := with(t, changes)
		answer(mock, http.MethodPost, clientsURL, http.StatusCreated, string(text))
		grant, err := client.ExchangeToken(t.Context(), "tok", data(t))
		if err != nil || string(grant.Reveal()) != string(text) || !errors.Is(grant.Check(), cloud.ErrInvalidGrant) {
			t.Errorf("%s: got %v, %v", name, grant, err)
		}
	}
}

func TestRegistrationDataIsReadAndKept(t *testing.T) {
	t.Parallel()
	d := data(t)
	if d.UniqueID != "u-1" || d.WorkspaceID != "" || d.Address != "https://chat.example.com/" || d.SiteName != "Example" ||
		d.ContactEmail != "ops@example.com" || d.Version != "6.13.0" || string(d.Reveal()) != registrationJSON {
		t.Errorf("got %v", d)
	}
	again, err := cloud.ParseRegistrationText(d.Text() + "\r\n")
	if err != nil || string(again.Reveal()) != registrationJSON {
		t.Errorf("got %v, %v", again, err)
	}
	other, err := d.WithContactEmail(`"x"@example.com`)
	want := strings.Replace(registrationJSON, `"ops@example.com"`, `"\"x\"@example.com"`, 1)
	if err != nil || string(other.Reveal()) != want || other.ContactEmail != `"x"@example.com` || !json.Valid(other.Reveal()) {
		t.Errorf("got %s, %v", other.Reveal(), err)
	}
}

func TestRegistrationDataIsRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ text, problem string }{
		"nothing":      {"", "not JSON"},
		"a list":       {"[]", "a list"},
		"no unique id": {"{}", "no uniqueId"},
		"an odd one":   {`{"uniqueId":5}`, "no uniqueId"},
		"a grant":      {string(with(t, nil)), "a grant"},
		"too large":    {strings.Repeat(" ", cloud.MaxRegistrationData+1), "too large"},
	} {
		if _, err := cloud.ParseRegistrationData([]byte(test.text)); !errors.Is(err, cloud.ErrInvalidRegistrationData) || !strings.Contains(err.Error(), test.problem) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := cloud.ParseRegistrationText("?"); !errors.Is(err, cloud.ErrInvalidRegistrationData) || !strings.Contains(err.Error(), "not base64") {
		t.Errorf("got %v", err)
	}
	if _, err := cloud.ParseRegistrationData([]byte(registrationJSON + strings.Repeat(" ", cloud.MaxRegistrationData-len(registrationJSON)))); err != nil {
		t.Errorf("as large as it may be: %v", err)
	}
	for _, email := range []string{"", "ops"} {
		if _, err := data(t).WithContactEmail(email); !errors.Is(err, cloud.ErrInvalidRegistrationData) {
			t.Errorf("%q: got %v", email, err)
		}
	}
	_, err := (cloud.RegistrationData{}).WithContactEmail("a@example.com")
	if !errors.Is(err, cloud.ErrInvalidRegistrationData) || !strings.Contains(err.Error(), "not read from JSON") {
		t.Errorf("got %v", err)
	}
}
