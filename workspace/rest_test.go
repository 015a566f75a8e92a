package workspace_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/workspace"
)

func dialError(cause error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: cause} }

const statusReply = `{"registrationStatus":{"workspaceRegistered":true,"workspaceId":"ws-1"},"success":true}`

type status struct {
	RegistrationStatus struct {
		WorkspaceRegistered bool   `json:"workspaceRegistered"`
		WorkspaceID         string `json:"workspaceId"`
	} `json:"registrationStatus"`
}

func TestGet(t *testing.T) {
	t.Parallel()
	m := newMocked(t, "6.4.0")
	var asked sent
	m.mock.RegisterResponderWithQuery(http.MethodGet, base+"/api/v1/cloud.registrationStatus", "a=b+c",
		keep(&asked, respond(http.StatusOK, jsonType, statusReply)))
	var got status
	if err := m.Get(t.Context(), "cloud.registrationStatus", url.Values{"a": {"b c"}}, &got); err != nil {
		t.Fatal(err)
	}
	if !got.RegistrationStatus.WorkspaceRegistered || got.RegistrationStatus.WorkspaceID != "ws-1" {
		t.Errorf("decoded %+v", got)
	}
	for key, want := range map[string]string{"X-User-Id": "admin-id", "X-Auth-Token": authToken} {
		if value := asked.request.Header.Get(key); value != want {
			t.Errorf("%s is %q", key, value)
		}
	}
	if err := m.Get(t.Context(), "cloud.registrationStatus", url.Values{"a": {"b c"}}, nil); err != nil {
		t.Errorf("without a place for the reply: %v", err)
	}
}

func TestPost(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		endpoint, path string
		body           any
		want           string
	}{
		"nothing":         {"cloud.syncWorkspace", "/api/v1/cloud.syncWorkspace", nil, `{}`},
		"a map":           {"cloud.manualRegister", "/api/v1/cloud.manualRegister", map[string]string{"cloudBlob": "x"}, `{"cloudBlob":"x"}`},
		"two elements":    {"settings/Register_Server", "/api/v1/settings/Register_Server", map[string]bool{"value": true}, `{"value":true}`},
		"odd characters":  {"settings/a:b?c", "/api/v1/settings/a%3Ab%3Fc", struct{}{}, `{}`},
		"a colon, one el": {"a:b", "/api/v1/a%3Ab", nil, `{}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMocked(t, "6.4.0")
			var asked sent
			m.mock.RegisterNoResponder(keep(&asked, respond(http.StatusOK, jsonType, `{"success":true}`)))
			if err := m.Post(t.Context(), test.endpoint, test.body, nil); err != nil {
				t.Fatal(err)
			}
			if asked.request.Method != http.MethodPost || asked.request.URL.EscapedPath() != "/chat"+test.path || asked.body != test.want {
				t.Errorf("sent %s %s with %s", asked.request.Method, asked.request.URL.EscapedPath(), asked.body)
			}
			if asked.request.Header.Get("Content-Type") != jsonType {
				t.Errorf("Content-Type is %q", asked.request.Header.Get("Content-Type"))
			}
		})
	}
}

func TestNothingIsSentForABadCall(t *testing.T) {
	t.Parallel()
	m, old := newMocked(t, "6.4.0"), newMocked(t, "3.0.0")
	before := m.mock.GetTotalCallCount() + old.mock.GetTotalCallCount()
	calls := map[string]error{
		"empty endpoint":     m.Get(t.Context(), "", nil, nil),
		"slash at the end":   m.Get(t.Context(), "cloud.registrationStatus/", nil, nil),
		"dots":               m.Post(t.Context(), "settings/../x", nil, nil),
		"dot":                m.Post(t.Context(), "./x", nil, nil),
		"dots alone":         m.Get(t.Context(), "..", nil, nil),
		"body not JSON":      m.Post(t.Context(), "x", make(chan int), nil),
		"parameter not JSON": m.CallMethod(t.Context(), "x", nil, make(chan int)),
		"the same over DDP":  old.CallMethod(t.Context(), "x", nil, make(chan int)),
	}
	for name, err := range calls {
		if !errors.Is(err, workspace.ErrInvalidRequest) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if got := m.mock.GetTotalCallCount() + old.mock.GetTotalCallCount(); got != before {
		t.Errorf("%d requests were sent", got-before)
	}
}

// A transport need not look at the context; the client does, before every call.
func TestNothingIsSentAfterTheContext(t *testing.T) {
	t.Parallel()
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(cause)
	for _, version := range []string{"6.4.0", "3.0.0"} { // the older one has its methods over DDP
		m := newMocked(t, version)
		before := m.mock.GetTotalCallCount()
		err := m.CallMethod(ctx, "x", nil)
		if !errors.Is(err, workspace.ErrNotSent) || !errors.Is(err, cause) || m.mock.GetTotalCallCount() != before {
			t.Errorf("%s: got %v after %d requests", version, err, m.mock.GetTotalCallCount()-before)
		}
	}
}

func TestWhatIsRepeated(t *testing.T) {
	t.Parallel()
	const path = "/api/v1/cloud.x"
	get := func(ctx context.Context, m *mocked) error { return m.Get(ctx, "cloud.x", nil, nil) }
	getOnce := func(ctx context.Context, m *mocked) error { return m.GetOnce(ctx, "cloud.x", nil, nil) }
	post := func(ctx context.Context, m *mocked) error { return m.Post(ctx, "cloud.x", nil, nil) }
	tests := map[string]struct {
		call    func(context.Context, *mocked) error
		first   httpmock.Responder
		repeats bool
	}{
		"read, not sent":       {get, unreachable(), true},
		"read, cut off":        {get, httpmock.NewErrorResponder(io.ErrUnexpectedEOF), true},
		"read, 502 of a proxy": {get, respond(502, htmlType, "<html>"), true},
		"read, 500":            {get, respond(500, jsonType, `{"success":false}`), true},
		"read, 429":            {get, respond(429, jsonType, `{"success":false,"error":"You must wait 3 seconds before"}`), true},
		"read, 400":            {get, respond(400, jsonType, `{"success":false}`), false},
		"poll, not sent":       {getOnce, unreachable(), true},
		"poll, cut off":        {getOnce, httpmock.NewErrorResponder(io.ErrUnexpectedEOF), false},
		"poll, 500":            {getOnce, respond(500, jsonType, `{"success":false}`), false},
		"write, not sent":      {post, unreachable(), true},
		"write, 429":           {post, respond(429, jsonType, `{"success":false,"error":"x [error-too-many-requests]"}`), true},
		"write, cut off":       {post, httpmock.NewErrorResponder(io.ErrUnexpectedEOF), false},
		"write, 502":           {post, respond(502, htmlType, "<html>"), false},
		"write, 408":           {post, respond(408, htmlType, "<html>"), false},
		"write, 408 in JSON":   {post, respond(408, jsonType, `{"success":false}`), false},
		"write, 499":           {post, respond(499, htmlType, "<html>"), false},
		"poll, 408":            {getOnce, respond(408, htmlType, "<html>"), false},
		"write, 500":           {post, respond(500, jsonType, `{"success":false}`), false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMocked(t, "6.4.0")
			ctx, calls := workspace.Record(t.Context())
			responder := test.first.Then(respond(http.StatusOK, jsonType, `{"success":true}`))
			m.answer(http.MethodGet, path, responder)
			m.answer(http.MethodPost, path, responder)
			err := test.call(ctx, m)
			if repeated := len(calls.List()) == 2; repeated != test.repeats || (err == nil) != test.repeats {
				t.Errorf("made %v: %v", calls.List(), err)
			}
		})
	}
}

func TestRateLimitIsWaitedForInMilliseconds(t *testing.T) {
	t.Parallel()
	m := newMocked(t, "6.4.0")
	limited := func(*http.Request) (*http.Response, error) {
		response := httpmock.NewStringResponse(http.StatusTooManyRequests, `{"success":false,"error":"wait 60 seconds [error-too-many-requests]"}`)
		response.Header = http.Header{"Content-Type": {jsonType}, "X-Ratelimit-Reset": {"1772366415500"}} // 15.5 s from the start
		return response, nil
	}
	m.answer(http.MethodGet, "/api/v1/x", httpmock.Responder(limited).Then(respond(http.StatusOK, jsonType, `{"success":true}`)))
	if err := m.Get(t.Context(), "x", nil, nil); err != nil {
		t.Fatal(err)
	}
	if passed := m.clock.Now().Sub(start).Seconds(); passed < 15.5 || passed > 17 {
		t.Errorf("%f seconds passed", passed)
	}
}

func TestRecordCountsEveryAttempt(t *testing.T) {
	t.Parallel()
	m := newMocked(t, "")
	m.answer(http.MethodGet, "/api/info", respond(http.StatusOK, jsonType, `{"version":"6.4.0"}`))
	m.answer(http.MethodGet, "/api/v1/x", respond(500, jsonType, `{}`).Then(respond(http.StatusOK, jsonType, `{"success":true}`)))
	m.answer(http.MethodPost, "/api/v1/method.call/a%3Ab", respond(http.StatusOK, jsonType, `{"success":true,"message":"{\"msg\":\"result\"}"}`))
	m.answer(http.MethodPost, "/api/v1/y", httpmock.NewErrorResponder(io.ErrUnexpectedEOF))
	ctx, calls := workspace.Record(t.Context())
	err := errors.Join(m.Get(ctx, "x", nil, nil), m.CallMethod(ctx, "a:b", nil))
	if err != nil {
		t.Fatal(err)
	}
	_ = m.Post(ctx, "y", nil, nil)
	if err := m.Get(t.Context(), "x", nil, nil); err != nil {
		t.Fatal(err)
	}
	want := []workspace.Call{
		{Protocol: workspace.ProtocolREST, Name: "GET x", Status: 500},
		{Protocol: workspace.ProtocolREST, Name: "GET x", Status: 200},
		{Protocol: workspace.ProtocolREST, Name: "GET /api/info", Status: 200},
		{Protocol: workspace.ProtocolMethodCall, Name: "a:b", Status: 200},
		{Protocol: workspace.ProtocolREST, Name: "POST y"},
	}
	got := calls.List()
	if len(got) != len(want) {
		t.Fatalf("got %v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("call %d is %+v, want %+v", i, got[i], want[i])
		}
	}
}

func TestDeadlineDuringAWait(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithDeadline(t.Context(), start.Add(30*365*24*60*60*1e9))
	defer cancel()
	m := newMocked(t, "6.4.0")
	m.clock.Advance(30 * 365 * 24 * 60 * 60 * 1e9)
	m.answer(http.MethodPost, "/api/v1/x", unreachable())
	err := m.Post(ctx, "x", nil, nil)
	failed := failure(t, err)
	if errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, workspace.ErrNotSent) || !errors.Is(err, errRefusedDial) {
		t.Errorf("got %v", err)
	}
	if !strings.Contains(failed.Error(), "context ended") || m.calls(http.MethodPost, "/api/v1/x") != 1 {
		t.Errorf("got %v", failed)
	}
}

// restless is a clock on which nobody waits to the end.
type restless struct {
	workspace.Clock
	leave context.CancelFunc
}

func (c restless) Sleep(ctx context.Context, d time.Duration) error {
	c.leave()
	return c.Clock.Sleep(ctx, d)
}

func TestLeavingDuringAWait(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		first httpmock.Responder
		kind  error
		says  string
	}{
		"not sent": {unreachable(), workspace.ErrNotSent, ": dial tcp: connection refused, the context ended before another try; "},
		"limited":  {respond(http.StatusTooManyRequests, jsonType, `{"success":false,"error":"error-too-many-requests"}`), workspace.ErrRateLimited, "there were too many calls: the context ended before another try: error-too-many-requests (HTTP 429); "},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			m := newMocked(t, "6.4.0", workspace.WithClock(restless{registrationtest.NewClock(start), cancel}))
			m.answer(http.MethodPost, "/api/v1/x", test.first)
			err := m.Post(ctx, "x", nil, nil)
			if !errors.Is(err, test.kind) || !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %v", err)
			}
		})
	}
}
