package cloud_test

import (
	"errors"
	"testing"
	"time"

	"github.com/rcreg/registration/cloud"
)

func TestRegistrationByEmail(t *testing.T) {
	t.Parallel()
	s := newSide(t)
	ctx := t.Context()
	if err := s.client.PreIntent(ctx, data(t)); err != nil {
		t.Fatal(err)
	}
	mine, err := data(t).WithContactEmail("other@example.com")
	if err != nil {
		t.Fatal(err)
	}
	start := func() string {
		intent, err := s.client.Intent(ctx, mine, true)
		if err != nil || intent.UserCode == "" || intent.Interval != 5*time.Second || intent.ExpiresIn != 15*time.Minute {
			t.Fatalf("got %v, %v", intent, err)
		}
		return intent.DeviceCode.Reveal()
	}
	poll := func(code string, want cloud.Confirmation, wantErr error) cloud.Grant {
		t.Helper()
		got, grant, err := s.client.Poll(ctx, code)
		if got != want || !errors.Is(err, wantErr) {
			t.Errorf("got %v, %v", got, err)
		}
		return grant
	}
	code := start()
	if device := s.Devices()[0]; device.Email != "other@example.com" || !device.Resent {
		t.Errorf("got %v", device)
	}
	poll(code, cloud.Pending, nil)
	if err := s.ConfirmDevice(code); err != nil {
		t.Fatal(err)
	}
	grant := poll(code, cloud.Confirmed, nil)
	if grant.Check() != nil || !poll(code, cloud.Confirmed, nil).Equal(grant) {
		t.Errorf("got %v", grant)
	}
	denied, expired := start(), start()
	if err := s.DenyDevice(denied); err != nil {
		t.Fatal(err)
	}
	poll(denied, cloud.Denied, nil)
	s.clock.Advance(15 * time.Minute)
	poll(expired, "", cloud.ErrInvalidDeviceCode)
	poll("unknown", "", cloud.ErrInvalidDeviceCode)
	if id, err := s.client.Register(ctx, data(t), false); err != nil || id == "" || len(s.Workspaces()) != 1 {
		t.Errorf("a notice registers: %v, %v", id, err)
	}
}
