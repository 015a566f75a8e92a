package rocketcloud

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

const preIntentPath = "/api/v2/register/workspace/pre-intent"

func TestFaultsThatAnswer(t *testing.T) {
	t.Parallel()
	tests := []struct {
		fault  Fault
		status int
		body   string
	}{
		{Fault{Kind: FaultBadRequest}, 400, `{"error":"invalid_request"}`},
		{Fault{Kind: FaultUnauthorized}, 401, `{"error":"unauthorized"}`},
		{Fault{Kind: FaultServerError}, 500, `{"error":"internal_error"}`},
		{Fault{Kind: FaultHTML}, 500, page},
		{Fault{Kind: FaultPage}, 200, page},
		{Fault{Kind: FaultEmpty}, 200, ""},
		{Fault{Kind: FaultNull}, 200, "null"},
		{Fault{Kind: FaultMalformed}, 200, `{"workspaceId":`},
		{Fault{Kind: FaultInvalidClient}, 400, `{"error":"oauth_invalid_client_credentials"}`},
		{Fault{Kind: FaultBody, Body: `{"a":1}`}, 200, `{"a":1}`},
		{Fault{Kind: FaultServerError, Body: `{"error":"mine"}`}, 500, `{"error":"mine"}`},
		{Fault{Kind: FaultNone}, 200, "{}"},
		{Fault{Kind: FaultSlow}, 200, "{}"},
	}
	for _, test := range tests {
		t.Run(string(test.fault.Kind), func(t *testing.T) {
			t.Parallel()
			cloud, _ := newTestCloud(t)
			cloud.SetFault(test.fault)
			got := ask(t, cloud, "POST", preIntentPath, "", map[string]any{})
			if got.status != test.status || got.text != test.body {
				t.Errorf("got %d %q, want %d %q", got.status, got.text, test.status, test.body)
			}
		})
	}
}

// dropped tells whether the Cloud drops the connection of a call.
func dropped(ctx context.Context, cloud *Cloud) (gone bool) {
	defer func() { gone = errors.Is(asError(recover()), http.ErrAbortHandler) }()
	r := httptest.NewRequestWithContext(ctx, "POST", preIntentPath, http.NoBody)
	cloud.ServeHTTP(httptest.NewRecorder(), r)
	return false
}

func asError(value any) error {
	err, _ := value.(error)
	return err
}

func TestFaultsThatDropTheConnection(t *testing.T) {
	t.Parallel()
	left, leave := context.WithCancel(t.Context())
	leave()
	tests := map[string]struct {
		fault FaultKind
		ctx   context.Context
		takes time.Duration
	}{
		"reset":                     {FaultReset, t.Context(), 0},
		"timeout":                   {FaultTimeout, t.Context(), hangs},
		"hang, and the client left": {FaultHang, left, 0},
		"slow, and the client left": {FaultSlow, left, slow},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud, clock := newTestCloud(t)
			cloud.SetFault(Fault{Kind: test.fault})
			before := clock.Now()
			if !dropped(test.ctx, cloud) {
				t.Error("the connection was not dropped")
			}
			if took := clock.Now().Sub(before); took != test.takes {
				t.Errorf("it took %s, want %s", took, test.takes)
			}
		})
	}
}

func TestFaultIsForACallAndANumberOfTimes(t *testing.T) {
	t.Parallel()
	cloud, _ := newTestCloud(t)
	cloud.SetFault(Fault{Call: CallPreIntent, Kind: FaultNone, Times: 1})
	cloud.SetFault(Fault{Call: CallPreIntent, Kind: FaultServerError, Times: 2})
	cloud.SetFault(Fault{Call: CallPoll, Kind: FaultUnauthorized})
	for i, want := range []int{200, 500, 500, 200} {
		if got := ask(t, cloud, "POST", preIntentPath, "", map[string]any{}); got.status != want {
			t.Errorf("call %d: %d, want %d", i+1, got.status, want)
		}
	}
	poll(t, cloud, "made-up").want(t, 401, "")
	cloud.ClearFaults()
	poll(t, cloud, "made-up").want(t, 400, "invalid_device_code")
}

func TestMode(t *testing.T) {
	t.Parallel()
	cloud, clock := newTestCloud(t)
	cloud.SetMode(Down)
	if !dropped(t.Context(), cloud) {
		t.Error("a Cloud that is down answered")
	}
	cloud.SetMode(Nonsense)
	if got := ask(t, cloud, "POST", preIntentPath, "", map[string]any{}); got.status != 200 || got.text != page {
		t.Errorf("nonsense is %d %q", got.status, got.text)
	}
	cloud.SetMode(Slow)
	before := clock.Now()
	ask(t, cloud, "POST", preIntentPath, "", map[string]any{}).want(t, 200, "")
	if clock.Now().Sub(before) != slow {
		t.Errorf("a slow Cloud took %s", clock.Now().Sub(before))
	}
	cloud.SetFault(Fault{Kind: FaultServerError})
	ask(t, cloud, "POST", preIntentPath, "", map[string]any{}).want(t, 500, "internal_error")
}
