package rocketcloud

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"testing"
	"time"
)

// intent starts a registration by e-mail and returns the device code.
func intent(t *testing.T, cloud *Cloud) string {
	t.Helper()
	data := map[string]any{"contactEmail": "ops@example.test", "siteName": "Example", "address": "http://chat.example.test"}
	answer := ask(t, cloud, "POST", "/api/v2/register/workspace/intent?resent=false", "", data)
	answer.want(t, 200, "")
	if answer.body["interval"] != 5.0 || answer.body["expires_in"] != 900.0 {
		t.Errorf("got %s, want an interval of 5 s and 900 s to live", answer.text)
	}
	return answer.string(t, "device_code")
}

func poll(t *testing.T, cloud *Cloud, code string) reply {
	t.Helper()
	return ask(t, cloud, "GET", "/api/v2/register/workspace/poll?token="+code, "", nil)
}

func TestDeviceConfirmed(t *testing.T) {
	t.Parallel()
	cloud, _ := newTestCloud(t)
	code := intent(t, cloud)
	if got := poll(t, cloud, code); got.body["status"] != "authorization_pending" {
		t.Errorf("before the confirmation: %s", got.text)
	}
	if err := cloud.SetDevice(code, DeviceConfirmed); err != nil {
		t.Fatal(err)
	}
	first, again := poll(t, cloud, code), poll(t, cloud, code)
	if first.body["successful"] != true || first.text != again.text {
		t.Errorf("after the confirmation: %s, then %s; want the same grant", first.text, again.text)
	}
	devices := cloud.Devices()
	if len(devices) != 1 || devices[0].Polls != 3 || devices[0].Email != "ops@example.test" {
		t.Errorf("devices are %+v", devices)
	}
	if list := cloud.Workspaces(); len(list) != 1 || list[0].Email != "ops@example.test" {
		t.Errorf("workspaces are %+v", list)
	}
}

func TestDeviceDenied(t *testing.T) {
	t.Parallel()
	cloud, _ := newTestCloud(t)
	code := intent(t, cloud)
	if err := cloud.SetDevice(code, DeviceDenied); err != nil {
		t.Fatal(err)
	}
	if got := poll(t, cloud, code); got.status != 200 || got.body["successful"] != false {
		t.Errorf("got %d %s", got.status, got.text)
	}
}

func TestDeviceExpires(t *testing.T) {
	t.Parallel()
	cloud, clock := newTestCloud(t)
	code := intent(t, cloud)
	_ = clock.Sleep(t.Context(), deviceLifetime-time.Second)
	poll(t, cloud, code).want(t, 200, "")
	_ = clock.Sleep(t.Context(), time.Second)
	poll(t, cloud, code).want(t, 400, "expired_token")
	if err := cloud.SetDevice(code, DeviceConfirmed); !errors.Is(err, ErrNotFound) {
		t.Errorf("confirming an expired code: %v, want ErrNotFound", err)
	}
}

func TestDeviceExpiredByHand(t *testing.T) {
	t.Parallel()
	cloud, _ := newTestCloud(t)
	code := intent(t, cloud)
	if err := cloud.SetDevice(code, DeviceExpired); err != nil {
		t.Fatal(err)
	}
	poll(t, cloud, code).want(t, 400, "expired_token")
}

func TestUnknownDevice(t *testing.T) {
	t.Parallel()
	cloud, _ := newTestCloud(t)
	poll(t, cloud, "made-up").want(t, 400, "invalid_device_code")
	if err := cloud.SetDevice("made-up", DeviceConfirmed); !errors.Is(err, ErrNotFound) {
		t.Errorf("confirming an unknown code: %v, want ErrNotFound", err)
	}
	if err := cloud.Remove("made-up"); !errors.Is(err, ErrNotFound) {
		t.Errorf("removing an unknown workspace: %v, want ErrNotFound", err)
	}
}

func TestNoticeGivesNoCredentials(t *testing.T) {
	t.Parallel()
	cloud, _ := newTestCloud(t)
	answer := ask(t, cloud, "POST", "/api/v2/register/workspace?resend=false", "", map[string]any{})
	if answer.string(t, "id") == "" || len(answer.body) != 1 || len(cloud.Workspaces()) != 0 {
		t.Errorf("got %s and %d workspaces, want an id alone", answer.text, len(cloud.Workspaces()))
	}
	ask(t, cloud, "POST", "/api/v2/register/workspace/pre-intent", "", map[string]any{}).want(t, 200, "")
}

func TestRegisterOffline(t *testing.T) {
	t.Parallel()
	cloud, _ := newTestCloud(t)
	blob, err := cloud.RegisterOffline(base64.StdEncoding.EncodeToString([]byte(`{"siteName":"Example"}`)))
	if err != nil {
		t.Fatal(err)
	}
	text, err := base64.StdEncoding.DecodeString(blob)
	if err != nil {
		t.Fatal(err)
	}
	grant := reply{text: string(text)}
	if err := json.Unmarshal(text, &grant.body); err != nil {
		t.Fatal(err)
	}
	accessToken(t, cloud, grant).want(t, 200, "")
	for _, bad := range []string{"%", base64.StdEncoding.EncodeToString([]byte("no JSON"))} {
		if _, err := cloud.RegisterOffline(bad); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
}

func TestReset(t *testing.T) {
	t.Parallel()
	cloud, _ := newTestCloud(t)
	grant := connect(t, cloud)
	intent(t, cloud)
	cloud.SetMode(Down)
	cloud.Reset()
	if len(cloud.Workspaces())+len(cloud.Devices())+len(cloud.SpentTokens()) != 0 || cloud.Mode() != Up {
		t.Error("something is left after a reset")
	}
	accessToken(t, cloud, grant).want(t, 400, "oauth_invalid_client_credentials")
}
