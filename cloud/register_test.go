package cloud_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/registrationtest"
)

const registerURL = base + "/api/v2/register/workspace"

func TestRegisterAndPreIntent(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	for _, url := range []string{registerURL + "?resend=true", registerURL + "/pre-intent"} {
		mock.RegisterResponder(http.MethodPost, url, func(r *http.Request) (*http.Response, error) {
			if body, err := io.ReadAll(r.Body); err != nil || string(body) != registrationJSON || r.Header.Get("Authorization") != "" {
				t.Errorf("sent %s, %v", body, r.Header)
			}
			return httpmock.NewStringResponse(http.StatusOK, `{"id":"notice-1"}`), nil
		})
	}
	if id, err := client.Register(t.Context(), data(t), true); err != nil || id != "notice-1" {
		t.Errorf("got %v, %v", id, err)
	}
	if err := client.PreIntent(t.Context(), data(t)); err != nil {
		t.Error(err)
	}
}

func TestPreIntentIsNotFooledByAPortal(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	mock.RegisterNoResponder(httpmock.NewStringResponder(http.StatusOK, "<html>").HeaderSet(http.Header{"Content-Type": {"text/html"}}))
	if err := client.PreIntent(t.Context(), data(t)); !errors.Is(err, cloud.ErrBadReply) {
		t.Errorf("got %v", err)
	}
}

func TestIntent(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		reply               string
		interval, expiresIn time.Duration
		err                 error
	}{
		"whole":       {`{"device_code":"dev-1","user_code":"AB-CD","verification_url":"https://v.example.com","interval":5,"expires_in":900}`, 5 * time.Second, 15 * time.Minute, nil},
		"no times":    {`{"device_code":"dev-1"}`, 0, 0, nil},
		"odd times":   {`{"device_code":"dev-1","interval":-1,"expires_in":1e300}`, 0, 10 * 365 * 24 * time.Hour, nil},
		"no code":     {`{"user_code":"AB-CD"}`, 0, 0, cloud.ErrBadReply},
		"wrong types": {`{"device_code":5}`, 0, 0, cloud.ErrOutcomeUnknown},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, mock := mocked(t)
			answer(mock, http.MethodPost, registerURL+"/intent?resent=true", http.StatusOK, test.reply)
			intent, err := client.Intent(t.Context(), data(t), true)
			if !errors.Is(err, test.err) || intent.Interval != test.interval || intent.ExpiresIn != test.expiresIn {
				t.Errorf("got %v, %v", intent, err)
			}
			if test.err == nil && intent.DeviceCode.Reveal() != "dev-1" {
				t.Errorf("got %v", intent)
			}
		})
	}
}

func TestPoll(t *testing.T) {
	t.Parallel()
	grant := string(with(t, nil))
	tests := map[string]struct {
		status int
		body   string
		want   cloud.Confirmation
		err    error
	}{
		"pending":            {200, `{"status":"authorization_pending"}`, cloud.Pending, nil},
		"denied":             {200, `{"successful":false}`, cloud.Denied, nil},
		"confirmed":          {200, `{"successful":true,"payload": ` + grant + `}`, cloud.Confirmed, nil},
		"no grant":           {200, `{"successful":true}`, "", cloud.ErrBadReply},
		"registration data":  {200, `{"successful":true,"payload":` + registrationJSON + `}`, "", cloud.ErrRegistrationData},
		"an empty grant":     {200, `{"successful":true,"payload":{}}`, "", cloud.ErrInvalidGrant},
		"neither":            {200, `{"status":"fine"}`, "", cloud.ErrBadReply},
		"a text":             {200, `"x"`, "", cloud.ErrBadReply},
		"a text for a truth": {200, `{"successful":"yes"}`, "", cloud.ErrBadReply},
		"unknown":            {400, `{"error":"invalid_device_code"}`, "", cloud.ErrInvalidDeviceCode},
		"expired":            {400, `{"error":"expired_token"}`, "", cloud.ErrInvalidDeviceCode},
		"another code":       {404, `{"error":"not_found"}`, "", cloud.ErrInvalidDeviceCode},
		"gone":               {410, `{"error":"gone"}`, "", cloud.ErrInvalidDeviceCode},
		"a gateway's 404":    {404, `{"message":"no Route matched with those values"}`, "", cloud.ErrBadReply},
		"a description":      {400, `{"error":"invalid_request","error_description":"no"}`, "", cloud.ErrRefused},
		"a gateway's 408":    {408, ``, "", cloud.ErrUnavailable},
		"expired, 401":       {401, `{"error":"expired_token"}`, "", cloud.ErrInvalidDeviceCode},
		"unknown, 401":       {401, `{"error":"invalid_device_code"}`, "", cloud.ErrInvalidDeviceCode},
		"a gateway's 499":    {499, ``, "", cloud.ErrUnavailable},
		"refused":            {403, `{"error":"forbidden"}`, "", cloud.ErrRefused},
		"down":               {502, ``, "", cloud.ErrUnavailable},
		"too often":          {429, ``, "", cloud.ErrRateLimited},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, mock := mocked(t)
			answer(mock, http.MethodGet, registerURL+"/poll?token=dev%2F1%3F", test.status, test.body)
			got, granted, err := client.Poll(t.Context(), "dev/1?")
			if got != test.want || !errors.Is(err, test.err) {
				t.Fatalf("got %v, %v", got, err)
			}
			if test.want == cloud.Confirmed && (string(granted.Reveal()) != grant || granted.Check() != nil) {
				t.Errorf("got %v", granted)
			}
			if err != nil && strings.Contains(err.Error(), "dev/1") {
				t.Errorf("the error shows the code: %v", err)
			}
		})
	}
	client, mock := mocked(t)
	if _, _, err := client.Poll(t.Context(), ""); !errors.Is(err, cloud.ErrInvalidArgument) || mock.GetTotalCallCount() != 0 {
		t.Errorf("got %v", err)
	}
}

func TestARateLimitSaysWhenToComeBack(t *testing.T) {
	t.Parallel()
	start := time.Unix(1_800_000_000, 0)
	client, mock := mocked(t, cloud.WithClock(registrationtest.NewClock(start)))
	mock.RegisterNoResponder(httpmock.NewStringResponder(http.StatusTooManyRequests, `{"error":"slow_down"}`).HeaderSet(http.Header{"Retry-After": {"600"}}))
	_, err := client.Register(t.Context(), data(t), false)
	var failure *cloud.Error
	if !errors.As(err, &failure) || !errors.Is(err, cloud.ErrRateLimited) || !failure.RetryAt.Equal(start.Add(10*time.Minute)) || failure.Code != "slow_down" {
		t.Fatalf("got %v", err)
	}
	if mock.GetTotalCallCount() != 1 || !strings.Contains(err.Error(), "2027-01-15T08:10:00Z") {
		t.Errorf("got %v after %d requests", err, mock.GetTotalCallCount())
	}
}
