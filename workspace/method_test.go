package workspace_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/rcreg/registration/workspace"
)

// methodReply is a reply of method.call with an inner message, as HTTP 200 up to 6.13 and, when it failed, 400 by 8.6.
func methodReply(t *testing.T, inner string, success bool) string {
	t.Helper()
	reply, err := json.Marshal(map[string]any{"success": success, "message": inner})
	if err != nil {
		t.Fatal(err)
	}
	return string(reply)
}

func TestMethodIsSentInTheStrictForm(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		params []any
		want   string
	}{
		"no parameters": {nil, `{"message":"{\"msg\":\"method\",\"id\":\"1\",\"method\":\"cloud:x\",\"params\":[]}"}`},
		"one":           {[]any{"tok"}, `{"message":"{\"msg\":\"method\",\"id\":\"1\",\"method\":\"cloud:x\",\"params\":[\"tok\"]}"}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMocked(t, "5.4.0")
			var asked sent
			m.mock.RegisterNoResponder(keep(&asked, respond(http.StatusOK, jsonType, methodReply(t, `{"msg":"result","id":"1","result":true}`, true))))
			var result bool
			if err := m.CallMethod(t.Context(), "cloud:x", &result, test.params...); err != nil || !result {
				t.Fatalf("got %v, %v", result, err)
			}
			if asked.body != test.want {
				t.Errorf("sent %s", asked.body)
			}
			if got := asked.request.URL.EscapedPath(); got != "/chat/api/v1/method.call/cloud%3Ax" {
				t.Errorf("asked %s", got)
			}
		})
	}
}

func TestMethodResults(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ inner, want string }{
		"an object":       {`{"msg":"result","id":"1","result":{"workspaceRegistered":true}}`, `{"workspaceRegistered":true}`},
		"a text":          {`{"msg":"result","id":"1","result":"eyJ9"}`, `"eyJ9"`},
		"null":            {`{"msg":"result","id":"1","result":null}`, `null`},
		"no value":        {`{"msg":"result","id":"1"}`, ``},
		"no id":           {`{"msg":"result","result":false}`, `false`},
		"a date":          {`{"msg":"result","result":{"at":{"$date":1803252895649},"n":12345678901234567890}}`, `{"at":"2027-02-21T23:34:55.649Z","n":12345678901234567890}`},
		"dates in a list": {`{"msg":"result","result":[{"$date":0},{"$date":-1}]}`, `["1970-01-01T00:00:00.000Z","1969-12-31T23:59:59.999Z"]`},
		"no such date":    {`{"msg":"result","result":[{"$date":"x"},{"$date":1,"y":2},{"$date":1.5},{"$date":9e99}]}`, `[{"$date":"x"},{"$date":1,"y":2},{"$date":1.5},{"$date":9e99}]`},
		"no date at all":  {`{"msg":"result","result":{"b":1, "a":"<a mark>"}}`, `{"b":1, "a":"<a mark>"}`},
		"end of the years": {
			`{"msg":"result","result":[{"$date":-62167219200001},{"$date":-62167219200000},{"$date":253402300799999},{"$date":253402300800000}]}`,
			`[{"$date":-62167219200001},"0000-01-01T00:00:00.000Z","9999-12-31T23:59:59.999Z",{"$date":253402300800000}]`,
		},
		"a date too far": {`{"msg":"result","result":{"$date":999999999999999}}`, `{"$date":999999999999999}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMocked(t, "6.4.0")
			m.answer(http.MethodPost, "/api/v1/method.call/m", respond(http.StatusOK, jsonType, methodReply(t, test.inner, true)))
			var raw json.RawMessage
			if err := m.ReadMethod(t.Context(), "m", &raw); err != nil || string(raw) != test.want {
				t.Errorf("got %s, %v", raw, err)
			}
			if err := m.ReadMethod(t.Context(), "m", nil); err != nil {
				t.Errorf("without a place for the result: %v", err)
			}
		})
	}
}

// innerErrors are the errors of methods, as recorded.
func innerErrors() map[string]struct {
	inner   string
	kind    error
	code    string
	message string
} {
	return map[string]struct {
		inner   string
		kind    error
		code    string
		message string
	}{
		"forbidden":      {`{"isClientSafe":true,"error":"error-not-authorized","reason":"Not authorized","details":{"method":"cloud:checkRegisterStatus"},"message":"Not authorized [error-not-authorized]","errorType":"Meteor.Error"}`, workspace.ErrForbidden, "error-not-authorized", "Not authorized"},
		"nobody":         {`{"isClientSafe":true,"error":"error-invalid-user","reason":"Invalid user","details":{"method":"m"},"message":"Invalid user [error-invalid-user]","errorType":"Meteor.Error"}`, workspace.ErrUnauthorized, "error-invalid-user", "Invalid user"},
		"no method":      {`{"isClientSafe":true,"error":404,"reason":"Method 'm' not found","message":"Method 'm' not found [404]","errorType":"Meteor.Error"}`, workspace.ErrNoSuchCall, "404", "Method 'm' not found"},
		"payload":        {`{"isClientSafe":true,"error":"error-invalid-payload","reason":"Token is required.","message":"Token is required. [error-invalid-payload]","errorType":"Meteor.Error"}`, workspace.ErrInvalidRequest, "error-invalid-payload", "Token is required."},
		"Match":          {`{"message":"Match error: Expected string, got number","path":"","sanitizedError":{"isClientSafe":true,"error":400,"reason":"Match failed","message":"Match failed [400]","errorType":"Meteor.Error"},"errorType":"Match.Error"}`, workspace.ErrInvalidRequest, "", "Match error: Expected string, got number"},
		"Match, short":   {`{"message":"Match error: Expected string, got number"}`, workspace.ErrInvalidRequest, "", "Match error: Expected string, got number"},
		"Match over DDP": {`{"isClientSafe":true,"error":400,"reason":"Match failed","message":"Match failed [400]","errorType":"Meteor.Error"}`, workspace.ErrInvalidRequest, "400", "Match failed"},
		"nothing to say": {`{}`, workspace.ErrInternal, "", ""},
		"null":           {`null`, workspace.ErrInternal, "", ""},
		"a text":         {`"boom"`, workspace.ErrInternal, "", ""},
		"of the driver":  {`{"name":"MongoError","code":9,"codeName":"FailedToParse"}`, workspace.ErrInternal, "MongoError", ""},
		"of the Cloud":   {`{"name":"CloudWorkspaceConnectionError"}`, workspace.ErrInternal, "CloudWorkspaceConnectionError", ""},
		"of a fetch":     {`{"message":"invalid json response body","type":"invalid-json"}`, workspace.ErrInternal, "", "invalid json response body"},
		"over DDP":       {`{"isClientSafe":true,"error":500,"reason":"Internal server error","message":"Internal server error [500]","errorType":"Meteor.Error"}`, workspace.ErrInternal, "500", "Internal server error"},
		"401":            {`{"error":401,"reason":"x"}`, workspace.ErrUnauthorized, "401", "x"},
		"403":            {`{"error":403,"reason":"x"}`, workspace.ErrForbidden, "403", "x"},
		"any other":      {`{"error":"error-invalid-state","reason":"Invalid state provided"}`, workspace.ErrRefused, "error-invalid-state", "Invalid state provided"},
		"odd types":      {`{"error":null,"reason":7,"details":"x","sanitizedError":null}`, workspace.ErrInvalidRequest, "", ""},
	}
}

func TestMethodErrors(t *testing.T) {
	t.Parallel()
	for name, test := range innerErrors() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inner := `{"msg":"result","id":"1","error":` + test.inner + `}`
			for _, form := range []struct {
				status  int
				success bool
			}{{http.StatusOK, true}, {http.StatusBadRequest, false}} {
				m := newMocked(t, "7.0.0")
				m.answer(http.MethodPost, "/api/v1/method.call/m", respond(form.status, jsonType, methodReply(t, inner, form.success)))
				err := m.CallMethod(t.Context(), "m", nil)
				failed := failure(t, err)
				if !errors.Is(failed.Kind, test.kind) || failed.Code != test.code || failed.Message != test.message {
					t.Errorf("HTTP %d: got %v, %q, %q", form.status, failed.Kind, failed.Code, failed.Message)
				}
				if errors.Is(err, workspace.ErrReplyLost) || !failed.RetryAt.IsZero() {
					t.Errorf("HTTP %d: an answer reads as a lost one, or as one to come back for: %v", form.status, err)
				}
				if m.mock.GetTotalCallCount() != 2 {
					t.Errorf("HTTP %d: sent %d requests", form.status, m.mock.GetTotalCallCount())
				}
			}
		})
	}
}

func TestMethodRateLimit(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		reset string
		least time.Duration
	}{
		"said":     {"2335", 2335 * time.Millisecond},
		"not said": {"0", 10 * time.Second},
		"nonsense": {"1e300", 10 * time.Second},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMocked(t, "6.4.0")
			limited := `{"msg":"result","id":"1","error":{"isClientSafe":true,"error":"too-many-requests","reason":"Error, too many requests.","details":{"timeToReset":` + test.reset + `}}}`
			m.answer(http.MethodPost, "/api/v1/method.call/m", respond(http.StatusOK, jsonType, methodReply(t, limited, true)).
				Then(respond(http.StatusOK, jsonType, methodReply(t, `{"msg":"result","id":"1","result":true}`, true))))
			if err := m.CallMethod(t.Context(), "m", nil); err != nil {
				t.Fatal(err)
			}
			if passed := m.clock.Now().Sub(start); passed < test.least || passed > test.least+2*time.Second {
				t.Errorf("%s passed", passed)
			}
		})
	}
}

// A day is the longest that is believed, and longer than anything that is waited for.
func TestMethodRateLimitOfADay(t *testing.T) {
	t.Parallel()
	m := newMocked(t, "6.4.0")
	m.mock.RegisterNoResponder(respond(http.StatusOK, jsonType,
		methodReply(t, `{"msg":"result","error":{"error":"too-many-requests","details":{"timeToReset":86400000}}}`, true)))
	if failed := failure(t, m.CallMethod(t.Context(), "m", nil)); !failed.RetryAt.Equal(start.Add(24 * time.Hour)) {
		t.Errorf("got %v", failed)
	}
}

func TestMethodRepliesThatAreNone(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		status     int
		media      string
		body       string
		kind       error
		mayHaveRun bool
	}{
		"no message":       {200, jsonType, `{"success":true}`, workspace.ErrBadReply, true},
		"message not JSON": {200, jsonType, `{"success":true,"message":"{"}`, workspace.ErrBadReply, true},
		"another message":  {200, jsonType, `{"success":true,"message":"{\"msg\":\"pong\"}"}`, workspace.ErrBadReply, true},
		"cut off":          {200, jsonType, `{"success":true,"mess`, workspace.ErrBadReply, true},
		"validator":        {400, jsonType, `{"success":false,"error":"must have required property 'message' [invalid-params]","errorType":"invalid-params"}`, workspace.ErrInvalidRequest, false},
		"a result of 500":  {500, jsonType, `{"success":true,"message":"{\"msg\":\"result\",\"result\":true}"}`, workspace.ErrInternal, true},
		"logged out":       {401, jsonType, `{"status":"error","message":"You must be logged in to do this."}`, workspace.ErrUnauthorized, false},
		"a gateway":        {504, htmlType, somePage, workspace.ErrReplyLost, true},
		"said to be text":  {200, "text/plain", `{"success":true,"message":"{\"msg\":\"result\",\"result\":true}"}`, workspace.ErrNotRocketChat, true},
		"a page":           {200, htmlType, somePage, workspace.ErrNotRocketChat, true},
		"wrong type":       {200, jsonType, `{"success":true,"message":"{\"msg\":\"result\",\"result\":\"x\"}"}`, workspace.ErrBadReply, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMocked(t, "6.4.0")
			m.answer(http.MethodPost, "/api/v1/method.call/m", respond(test.status, test.media, test.body))
			var out bool
			failed := failure(t, m.CallMethod(t.Context(), "m", &out))
			if !errors.Is(failed.Kind, test.kind) || failed.MayHaveRun != test.mayHaveRun {
				t.Errorf("got %v, may have run %v", failed, failed.MayHaveRun)
			}
		})
	}
}

// A pre-release belongs to the version that it leads to: 3.1 has method.call, and so have its candidates.
func TestMethodOfAPreRelease(t *testing.T) {
	t.Parallel()
	m := newMocked(t, "3.1.0-rc.0")
	m.answer(http.MethodPost, "/api/v1/method.call/m", respond(http.StatusOK, jsonType, methodReply(t, `{"msg":"result","id":"1","result":true}`, true)))
	if err := m.CallMethod(t.Context(), "m", nil); err != nil {
		t.Error(err)
	}
}

func TestLostMethodIsRepeatedIfItReads(t *testing.T) {
	t.Parallel()
	m := newMocked(t, "6.4.0")
	good := respond(http.StatusOK, jsonType, methodReply(t, `{"msg":"result","id":"1","result":true}`, true))
	m.answer(http.MethodPost, "/api/v1/method.call/m", httpmock.NewErrorResponder(io.ErrUnexpectedEOF).Then(good))
	if err := m.ReadMethod(t.Context(), "m", nil); err != nil {
		t.Errorf("the read: %v", err)
	}
	m.answer(http.MethodPost, "/api/v1/method.call/m", httpmock.NewErrorResponder(io.ErrUnexpectedEOF).Then(good))
	err := m.CallMethod(t.Context(), "m", nil)
	if failed := failure(t, err); !errors.Is(failed.Kind, workspace.ErrReplyLost) || !failed.MayHaveRun || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("the write: %v", err)
	}
}

func TestReadMethodIsRepeated(t *testing.T) {
	t.Parallel()
	m := newMocked(t, "6.4.0")
	m.answer(http.MethodPost, "/api/v1/method.call/m", respond(502, htmlType, somePage).
		Then(respond(http.StatusOK, jsonType, methodReply(t, `{"msg":"result","id":"1","result":true}`, true))))
	if err := m.ReadMethod(t.Context(), "m", nil); err != nil {
		t.Error(err)
	}
}
