package workspace_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	kinds "github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/workspace"
)

const (
	webClientPage  = "<!DOCTYPE html><html><script>__meteor_runtime_config__ = JSON.parse(decodeURIComponent(\"%7B%7D\"))</script></html>"
	badRequestPage = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Error</title>\n</head>\n<body>\n<pre>Bad Request</pre>\n</body>\n</html>\n"
	somePage       = "<!DOCTYPE html><html><body>Sign in to the proxy</body></html>"
)

// shape is one reply and what it means, for a read and for a write.
type shape struct {
	version     string
	status      int
	contentType string
	body        string

	kind       error // of a read
	writeKind  error // of a write, when that is another one
	mayHaveRun bool  // a write
	code       string
	message    string
}

// The shapes of the contract; the sentences are those of recorded replies.
func shapes() map[string]shape {
	return map[string]shape{
		"logged out up to 6.13":     {"6.13.0", 401, jsonType, `{"status":"error","message":"You must be logged in to do this."}`, workspace.ErrUnauthorized, nil, false, "", "You must be logged in to do this."},
		"logged out by 8.6":         {"8.6.1", 401, jsonType, `{"success":false,"error":"You must be logged in to do this.","status":"error","message":"You must be logged in to do this."}`, workspace.ErrUnauthorized, nil, false, "", "You must be logged in to do this."},
		"logged out from 9.0":       {"9.0.0", 401, jsonType, `{"success":false,"error":"You must be logged in to do this."}`, workspace.ErrUnauthorized, nil, false, "", "You must be logged in to do this."},
		"forbidden, bare word":      {"6.4.0", 403, jsonType, `{"success":false,"error":"unauthorized"}`, workspace.ErrForbidden, nil, false, "unauthorized", "unauthorized"},
		"forbidden from 9.0":        {"9.0.0", 403, jsonType, `{"success":false,"error":"forbidden"}`, workspace.ErrForbidden, nil, false, "forbidden", "forbidden"},
		"forbidden by 8.6":          {"8.6.1", 403, jsonType, `{"success":false,"error":"User does not have the permissions required for this action [error-unauthorized]"}`, workspace.ErrForbidden, nil, false, "error-unauthorized", "User does not have the permissions required for this action [error-unauthorized]"},
		"thrown forbidden in 9.0":   {"9.0.0", 401, jsonType, `{"success":false,"error":"Not allowed [error-unauthorized]"}`, workspace.ErrForbidden, nil, false, "error-unauthorized", "Not allowed [error-unauthorized]"},
		"some other 403":            {"6.4.0", 403, jsonType, `{"success":false}`, workspace.ErrForbidden, nil, false, "", ""},
		"logged out with a word":    {"9.0.0", 401, jsonType, `{"success":false,"error":"forbidden"}`, workspace.ErrUnauthorized, nil, false, "forbidden", "forbidden"},
		"second factor by 8.6":      {"8.6.1", 401, jsonType, `{"success":false,"error":"totp-required","status":"error","message":"TOTP Required"}`, workspace.ErrTwoFactorRequired, nil, false, "totp-required", "TOTP Required"},
		"second factor":             {"3.18.0", 400, jsonType, `{"success":false,"error":"TOTP Required [totp-required]","errorType":"totp-required","details":{"method":"totp"}}`, workspace.ErrTwoFactorRequired, nil, false, "totp-required", "TOTP Required [totp-required]"},
		"wrong second factor":       {"4.3.0", 400, jsonType, `{"success":false,"error":"TOTP Invalid [totp-invalid]","errorType":"totp-invalid","details":{"method":"password"}}`, workspace.ErrTwoFactorInvalid, nil, false, "totp-invalid", "TOTP Invalid [totp-invalid]"},
		"rate limit":                {"6.0.0", 429, jsonType, `{"success":false,"error":"Error, too many requests. Please slow down. You must wait 60 seconds before trying this endpoint again. [error-too-many-requests]"}`, workspace.ErrRateLimited, nil, false, "error-too-many-requests", "Error, too many requests. Please slow down. You must wait 60 seconds before trying this endpoint again. [error-too-many-requests]"},
		"rate limit of a proxy":     {"6.0.0", 429, htmlType, somePage, workspace.ErrRateLimited, nil, true, "", ""},
		"validator":                 {"5.4.0", 400, jsonType, `{"success":false,"error":"must have required property 'message' [invalid-params]","errorType":"invalid-params"}`, workspace.ErrInvalidRequest, nil, false, "invalid-params", "must have required property 'message' [invalid-params]"},
		"validator of a query":      {"8.6.1", 400, jsonType, `{"success":false,"errorType":"error-invalid-params","error":"must have required property 'deviceCode'"}`, workspace.ErrInvalidRequest, nil, false, "error-invalid-params", "must have required property 'deviceCode'"},
		"Match error":               {"3.1.0", 400, jsonType, `{"success":false,"error":"Match error: Expected string, got number in field cloudBlob"}`, workspace.ErrInvalidRequest, nil, false, "", "Match error: Expected string, got number in field cloudBlob"},
		"body not JSON":             {"6.4.0", 400, htmlType, badRequestPage, workspace.ErrNotRocketChat, nil, true, "", ""},
		"body too large":            {"6.4.0", 413, htmlType, somePage, workspace.ErrNotRocketChat, nil, true, "", ""},
		"refused":                   {"6.4.0", 400, jsonType, `{"success":false,"error":"Workspace is already registered"}`, workspace.ErrRefused, nil, false, "", "Workspace is already registered"},
		"refused without a word":    {"8.6.1", 400, jsonType, `{"success":false}`, workspace.ErrRefused, nil, false, "", ""},
		"refused with 200":          {"8.6.1", 200, jsonType, `{"success":false,"error":"no"}`, workspace.ErrRefused, nil, false, "no", "no"},
		"refused by status, 200":    {"6.4.0", 200, jsonType, `{"status":"error","message":"not now"}`, workspace.ErrRefused, nil, false, "", "not now"},
		"refused by HTTP alone":     {"6.4.0", 400, jsonType, `{"success":true,"error":"not now"}`, workspace.ErrNotRocketChat, nil, true, "", ""},
		"two sentences":             {"8.6.1", 400, jsonType, `{"success":false,"error":"not now","message":"not ever"}`, workspace.ErrRefused, nil, false, "", "not now"},
		"an empty error":            {"6.4.0", 400, jsonType, `{"success":false,"error":"","message":"No [error-not-allowed]"}`, workspace.ErrForbidden, nil, false, "error-not-allowed", "No [error-not-allowed]"},
		"a code and nothing else":   {"6.4.0", 400, jsonType, `{"success":false,"error":"","message":"[error-x]"}`, workspace.ErrRefused, nil, false, "error-x", "[error-x]"},
		"a bracket of two words":    {"6.4.0", 400, jsonType, `{"success":false,"error":"","message":"no [two words]"}`, workspace.ErrRefused, nil, false, "", "no [two words]"},
		"a bracket that opens":      {"6.4.0", 400, jsonType, `{"success":false,"error":"","message":"no[a]b"}`, workspace.ErrRefused, nil, false, "", "no[a]b"},
		"a bracket that closes":     {"6.4.0", 400, jsonType, `{"success":false,"error":"","message":"no]"}`, workspace.ErrRefused, nil, false, "", "no]"},
		"refused, odd types":        {"6.4.0", 400, jsonType, `{"success":false,"error":{"a":1},"errorType":7,"message":[],"details":"x"}`, workspace.ErrRefused, nil, false, "", ""},
		"nothing found":             {"8.6.1", 404, jsonType, `{"success":false,"error":"Resource not found"}`, workspace.ErrRefused, nil, false, "", "Resource not found"},
		"the Cloud says no, 6.0":    {"6.0.0", 400, jsonType, `{"success":false,"error":"failed [400] {}"}`, kinds.ServerTurnedDown, nil, false, "", "failed [400] {}"},
		"the Cloud says no, 6.4":    {"6.4.0", 400, jsonType, `{"success":false,"error":"invalid_device_code"}`, kinds.ServerTurnedDown, nil, false, "invalid_device_code", "invalid_device_code"},
		"the Cloud says no, 6.5":    {"6.5.0", 400, jsonType, `{"success":false,"error":"Failed to poll: Bad Request"}`, kinds.ServerTurnedDown, nil, false, "", "Failed to poll: Bad Request"},
		"the Cloud does not answer": {"6.5.0", 400, jsonType, `{"success":false,"error":"request to https://c failed, reason: certificate has expired"}`, kinds.ServerCutOff, nil, false, "", "request to https://c failed, reason: certificate has expired"},
		"no endpoint, 404":          {"8.6.1", 404, "text/plain; charset=UTF-8", "404 Not Found", workspace.ErrNoSuchCall, nil, false, "", ""},
		"no endpoint, 405":          {"4.8.0", 405, "", "", workspace.ErrNoSuchCall, nil, false, "", ""},
		"405 of a proxy":            {"4.8.0", 405, "", "", workspace.ErrNotRocketChat, nil, true, "", ""},
		"400 of a proxy":            {"6.4.0", 400, htmlType, somePage, workspace.ErrNotRocketChat, nil, true, "", ""},
		"400 of a later version":    {"8.6.1", 400, htmlType, badRequestPage, workspace.ErrNotRocketChat, nil, true, "", ""},
		"404 of a gateway":          {"8.6.1", 404, "text/plain", "404 page not found", workspace.ErrNotRocketChat, nil, true, "", ""},
		"no route of a gateway":     {"8.6.1", 404, jsonType, `{"message":"no Route matched with those values"}`, workspace.ErrNotRocketChat, nil, true, "", ""},
		"403 of a CDN":              {"8.6.1", 403, jsonType, `{"success":false,"errors":[{"code":1020}],"messages":[]}`, workspace.ErrNotRocketChat, nil, true, "", ""},
		"403 of a gateway":          {"6.4.0", 403, jsonType, `{"status":"error","message":"blocked"}`, workspace.ErrNotRocketChat, nil, true, "", ""},
		"403 with nothing":          {"8.6.1", 403, jsonType, ``, workspace.ErrNotRocketChat, nil, true, "", ""},
		"a sentence as JSON":        {"8.6.1", 403, jsonType, `Forbidden`, workspace.ErrNotRocketChat, nil, true, "", ""},
		"431":                       {"8.6.1", 431, "", "", workspace.ErrNotRocketChat, nil, true, "", ""},
		"wrong verb":                {"6.0.0", 405, jsonType, `{"status":"error","message":"API endpoint does not exist"}`, workspace.ErrNoSuchCall, nil, false, "", "API endpoint does not exist"},
		"web client up to 4.3":      {"4.3.0", 200, htmlType, webClientPage, workspace.ErrNoSuchCall, nil, false, "", ""},
		"web client at any version": {"9.0.0", 200, htmlType, webClientPage, workspace.ErrNoSuchCall, nil, false, "", ""},
		"some page up to 4.3":       {"4.3.0", 200, htmlType, somePage, workspace.ErrNoSuchCall, nil, true, "", ""},
		"some page up to 6.13":      {"6.13.0", 200, htmlType, somePage, workspace.ErrNoSuchCall, workspace.ErrNotRocketChat, true, "", ""},
		"some page from 8.6":        {"8.6.1", 200, htmlType, somePage, workspace.ErrNotRocketChat, nil, true, "", ""},
		"another 404":               {"6.4.0", 404, htmlType, somePage, workspace.ErrNotRocketChat, nil, true, "", ""},
		"another 405":               {"6.4.0", 405, htmlType, somePage, workspace.ErrNotRocketChat, nil, true, "", ""},
		"a proxy wants a login":     {"6.4.0", 401, htmlType, somePage, workspace.ErrNotRocketChat, nil, true, "", ""},
		"text":                      {"6.4.0", 200, "text/plain", "OK", workspace.ErrNotRocketChat, nil, true, "", ""},
		"nothing":                   {"6.4.0", 204, "", "", workspace.ErrNotRocketChat, nil, true, "", ""},
		"JSON of another program":   {"6.4.0", 200, jsonType, `{"ok":true}`, workspace.ErrNotRocketChat, nil, true, "", ""},
		"another program refuses":   {"6.4.0", 403, jsonType, `{"detail":"CSRF"}`, workspace.ErrNotRocketChat, nil, true, "", ""},
		"health of another":         {"6.4.0", 200, jsonType, `{"status":"ok"}`, workspace.ErrNotRocketChat, nil, true, "", ""},
		"404 of another program":    {"6.4.0", 404, jsonType, `{"status":404,"error":"Not Found"}`, workspace.ErrNotRocketChat, nil, true, "", ""},
		"a list":                    {"6.4.0", 200, jsonType, `[]`, workspace.ErrNotRocketChat, nil, true, "", ""},
		"cut off":                   {"6.4.0", 200, jsonType, `{"success":true,"registr`, workspace.ErrBadReply, nil, true, "", ""},
		"empty JSON":                {"6.4.0", 200, jsonType, ``, workspace.ErrBadReply, nil, true, "", ""},
		"refusal cut off":           {"6.4.0", 400, jsonType, `{"success":fal`, workspace.ErrBadReply, nil, true, "", ""},
		"internal":                  {"6.4.0", 500, jsonType, `{"success":false,"error":"Internal server error [500]"}`, workspace.ErrInternal, nil, true, "500", "Internal server error [500]"},
		"internal, cut off":         {"6.4.0", 500, jsonType, `{"succ`, workspace.ErrInternal, nil, true, "", ""},
		"internal, a page":          {"6.4.0", 500, htmlType, somePage, workspace.ErrInternal, nil, true, "", ""},
		"gateway":                   {"6.4.0", 502, htmlType, somePage, workspace.ErrReplyLost, nil, true, "", ""},
		"unavailable":               {"6.4.0", 503, "text/plain", "no server", workspace.ErrReplyLost, nil, true, "", ""},
		"gateway timed out":         {"6.4.0", 504, htmlType, somePage, workspace.ErrReplyLost, nil, true, "", ""},
		"status of a CDN":           {"6.4.0", 520, htmlType, somePage, workspace.ErrReplyLost, nil, true, "", ""},
		"gateway down, in JSON":     {"8.6.1", 503, jsonType, `{"message":"no healthy upstream"}`, workspace.ErrReplyLost, nil, true, "", ""},
		"the client was too slow":   {"6.4.0", 499, "", "", workspace.ErrReplyLost, nil, true, "", ""},
		"request timed out, JSON":   {"6.4.0", 408, jsonType, `{"message":"timeout"}`, workspace.ErrReplyLost, nil, true, "", ""},
		"request timed out":         {"6.4.0", 408, htmlType, somePage, workspace.ErrReplyLost, nil, true, "", ""},
	}
}

func TestReplyShapes(t *testing.T) {
	t.Parallel()
	for name, want := range shapes() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMocked(t, want.version)
			responder := respond(want.status, want.contentType, want.body)
			if want.kind == workspace.ErrNoSuchCall { //nolint:errorlint // a value of the table
				responder = responder.HeaderSet(http.Header{"Allow": {"OPTIONS, GET, HEAD"}, "Content-Type": {want.contentType}})
			}
			m.answer(http.MethodGet, "/api/v1/x", responder)
			m.answer(http.MethodPost, "/api/v1/x", responder)

			readErr := failure(t, m.Get(t.Context(), "x", nil, new(status)))
			want.check(t, readErr, want.kind, false)
			kind := want.kind
			if want.writeKind != nil {
				kind = want.writeKind
			}
			writeErr := failure(t, m.Post(t.Context(), "x", nil, new(status)))
			want.check(t, writeErr, kind, want.mayHaveRun)
		})
	}
}

func (want shape) check(t *testing.T, failed *workspace.Error, kind error, mayHaveRun bool) {
	t.Helper()
	if !errors.Is(failed, kind) || !errors.Is(failed.Kind, kind) {
		t.Errorf("%s: the kind is %v, want %v", failed.Operation, failed.Kind, kind)
	}
	if failed.MayHaveRun != mayHaveRun {
		t.Errorf("%s: may have run is %v", failed.Operation, failed.MayHaveRun)
	}
	inFront := want.status/100 == 4 && errors.Is(failed, workspace.ErrNotRocketChat)
	if lost := errors.Is(failed, workspace.ErrReplyLost); lost != (mayHaveRun && !inFront || errors.Is(kind, workspace.ErrReplyLost)) {
		t.Errorf("%s: is a lost reply: %v", failed.Operation, lost)
	}
	if failed.Status != want.status || failed.Code != want.code || failed.Message != want.message {
		t.Errorf("%s: got %d, %q, %q", failed.Operation, failed.Status, failed.Code, failed.Message)
	}
	text := failed.Error()
	for _, part := range []string{failed.Operation, base, want.version, kind.Error()} {
		if !strings.Contains(text, part) {
			t.Errorf("the text lacks %q: %s", part, text)
		}
	}
	if code := failed.Code; code != "" && strings.Count(strings.ReplaceAll(text, fmt.Sprintf("HTTP %d", failed.Status), ""), code) != 1 {
		t.Errorf("the text does not have the code %q once: %s", code, text)
	}
	if !strings.Contains(text, "; ") || strings.ContainsAny(text, "\n\r") {
		t.Errorf("the text says not what to do, or is not one line: %s", text)
	}
}

func TestOtherWaysToFail(t *testing.T) {
	t.Parallel()
	big := `{"success":true,"x":"` + strings.Repeat("x", 5<<20) + `"}`
	tests := map[string]struct {
		shape

		says string
	}{
		"too large":           {shape{status: 200, contentType: jsonType, body: big, kind: workspace.ErrBadReply, mayHaveRun: true}, "larger than"},
		"too large a refusal": {shape{status: 400, contentType: jsonType, body: big, kind: workspace.ErrBadReply, mayHaveRun: true}, "larger than"},
		"too large a failure": {shape{status: 500, contentType: jsonType, body: big, kind: workspace.ErrBadReply, mayHaveRun: true}, "larger than"},
		"too large a timeout": {shape{status: 408, contentType: jsonType, body: big, kind: workspace.ErrBadReply, mayHaveRun: true}, "larger than"},
		"nothing":             {shape{status: 204, kind: workspace.ErrNotRocketChat, mayHaveRun: true}, "an empty reply"},
		"text":                {shape{status: 200, contentType: "text/plain", body: "OK", kind: workspace.ErrNotRocketChat, mayHaveRun: true}, "a reply of type text/plain"},
		"a page":              {shape{status: 401, contentType: htmlType, body: somePage, kind: workspace.ErrNotRocketChat, mayHaveRun: true}, "a web page"},
		"wrong type":          {shape{status: 200, contentType: jsonType, body: `{"success":true,"registrationStatus":{"workspaceId":7}}`, kind: workspace.ErrBadReply, mayHaveRun: true}, "registrationStatus.workspaceId"},
		"neither yes nor no":  {shape{status: 200, contentType: jsonType, body: `{"success":"yes"}`, kind: workspace.ErrBadReply, mayHaveRun: true}, "wrong shape"},
		"a no that is good":   {shape{status: 200, contentType: jsonType, body: `{"success":false}`, kind: workspace.ErrRefused}, "refused"},
		"redirect":            {shape{status: 302, kind: workspace.ErrAddress, mayHaveRun: true}, "redirects"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMocked(t, "6.4.0")
			m.answer(http.MethodPost, "/api/v1/x", respond(test.status, test.contentType, test.body))
			failed := failure(t, m.Post(t.Context(), "x", nil, new(status)))
			if !errors.Is(failed.Kind, test.kind) || failed.MayHaveRun != test.mayHaveRun || failed.Status != test.status {
				t.Errorf("got %v, may have run %v", failed, failed.MayHaveRun)
			}
			if !strings.Contains(failed.Error(), test.says) {
				t.Errorf("got %q", failed)
			}
		})
	}
}

func TestRateLimitSaysWhen(t *testing.T) {
	t.Parallel()
	hour := start.Add(time.Hour)
	tests := map[string]struct {
		body   string
		header http.Header
		want   time.Time
	}{
		"milliseconds": {`{"success":false,"errorType":"error-too-many-requests"}`, http.Header{"X-Ratelimit-Reset": {"1772370000000"}}, hour},
		"in words":     {`{"success":false,"error":"You must wait 3600 seconds before trying this endpoint again. [error-too-many-requests]"}`, nil, hour},
		"header first": {`{"success":false,"error":"You must wait 5 seconds [error-too-many-requests]"}`, http.Header{"X-Ratelimit-Reset": {"1772370000000"}}, hour},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMocked(t, "6.4.0")
			m.answer(http.MethodPost, "/api/v1/x", func(r *http.Request) (*http.Response, error) {
				response, err := respond(http.StatusTooManyRequests, jsonType, test.body)(r)
				for key, values := range test.header {
					response.Header[key] = values
				}
				return response, err
			})
			failed := failure(t, m.Post(t.Context(), "x", nil, nil))
			if !errors.Is(failed, workspace.ErrRateLimited) || !failed.RetryAt.Equal(test.want) {
				t.Errorf("got %v at %s", failed, failed.RetryAt)
			}
			if !strings.Contains(failed.Error(), "2026-03-01T13:00:00Z") || strings.Contains(failed.Error(), "context ended") || !m.clock.Now().Equal(start) {
				t.Errorf("got %q at %s", failed, m.clock.Now())
			}
		})
	}
}

func TestRateLimitThatSaysNotWhen(t *testing.T) {
	t.Parallel()
	for name, said := range map[string]string{
		"nothing": "", "no number": "You must wait", "another unit": "You must wait 5 minutes", "the past": "You must wait -5 seconds", "no end": "You must wait 99999999999 seconds",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMocked(t, "6.4.0")
			m.answer(http.MethodPost, "/api/v1/x", respond(http.StatusTooManyRequests, jsonType, `{"success":false,"error":"`+said+`"}`))
			if failed := failure(t, m.Post(t.Context(), "x", nil, nil)); !errors.Is(failed, workspace.ErrRateLimited) || !failed.RetryAt.IsZero() {
				t.Errorf("got %v at %s", failed, failed.RetryAt)
			}
		})
	}
}

func TestErrorsShowNoSecrets(t *testing.T) {
	t.Parallel()
	const token, code = "registration-token-1", "123456"
	m := newMocked(t, "6.4.0")
	echo := `{"success":false,"error":"bad \u0007 ` + token + ` from ` + authToken + ` in dev-code-99\r\n  <b> ` + strings.Repeat("long ", 200) + `","errorType":"` + token + `"}`
	m.mock.RegisterNoResponder(respond(http.StatusBadRequest, jsonType, echo))
	calls := map[string]error{
		"post":   m.Post(t.Context(), "x", map[string]any{"deep": []any{map[string]string{"token": token}}, "d": "dev-code-99"}, nil),
		"get":    m.Get(t.Context(), "x", map[string][]string{"deviceCode": {"dev-code-99"}, "token": {token}}, nil),
		"method": m.CallMethod(t.Context(), "cloud:connectWorkspace", nil, token, "dev-code-99"),
	}
	for name, err := range calls {
		failed := failure(t, err)
		text := failed.Error() + failed.Message + failed.Code
		for _, secret := range []string{token, authToken, "dev-code-99"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s shows %s: %s", name, secret, text)
			}
		}
		if strings.ContainsAny(text, "\a\r\n") || len(failed.Message) > 400 || !strings.Contains(text, "[redacted]") {
			t.Errorf("%s is %q", name, text)
		}
	}
}
