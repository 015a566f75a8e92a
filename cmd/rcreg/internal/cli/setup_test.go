package cli_test

import (
	"strings"
	"testing"

	"github.com/rcreg/registration/registrationtest"
)

// TestCompleteSetup ends the setup wizard of a workspace that is registered now, or was before, and says so; it never does for one that is not registered.
func TestCompleteSetup(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		prepare func(*bench)
		args    string
		exit    int
		wizard  string
		says    string
	}{
		"registered now":      {freshToken, "register --complete-setup", 0, "completed", "the setup wizard was ended"},
		"without the consent": {freshToken, "register", 0, "in_progress", ""},
		"registered before": {func(b *bench) {
			b.register()
			delete(b.env, "RCREG_REGISTRATION_TOKEN")
		}, "register --complete-setup", 0, "completed", "the setup wizard was ended"},
		"ended before":     {func(b *bench) { freshToken(b); b.fake.Set("Show_Setup_Wizard", "completed") }, "register --complete-setup", 0, "completed", "had ended before"},
		"not registered":   {func(*bench) {}, "register --complete-setup", 2, "in_progress", "no registration token"},
		"pending":          {func(*bench) {}, "register --email ops@example.com --complete-setup", 3, "in_progress", ""},
		"a token is wrong": {func(b *bench) { b.env["RCREG_REGISTRATION_TOKEN"] = "wrong" }, "register --complete-setup", 1, "in_progress", ""},
		"over a relay":     {byRelay, "register --via relay --complete-setup", 0, "completed", "the setup wizard was ended"},
		"not permitted": {func(b *bench) {
			freshToken(b)
			b.as(b.fake.Manager())
			b.env["RCREG_PASSWORD"] = b.fake.Manager().Password
		}, "register --complete-setup", 1, "in_progress", "edit-privileged-setting"},
	} {
		for _, version := range []string{"4.6.0", "6.13.0", "9.0.0"} {
			t.Run(name+" "+version, func(t *testing.T) {
				t.Parallel()
				b := newBench(t, version)
				b.fake.Set("Show_Setup_Wizard", "in_progress")
				b.env["RCREG_PASSWORD"] = b.fake.Admin().Password // a setting takes a second factor
				tc.prepare(b)
				got := b.line(tc.args)
				if got.exit != tc.exit || b.fake.Settings()["Show_Setup_Wizard"] != tc.wizard || !strings.Contains(got.stdout+got.stderr, tc.says) {
					t.Errorf("exit %d, the wizard is %v\n%s%s", got.exit, b.fake.Settings()["Show_Setup_Wizard"], got.stdout, got.stderr)
				}
			})
		}
	}
}

// TestCompleteSetupWithoutSecondFactor says that the workspace is registered all the same.
func TestCompleteSetupWithoutSecondFactor(t *testing.T) {
	t.Parallel()
	b := newBench(t, "6.13.0")
	b.fake.Set("Show_Setup_Wizard", "in_progress")
	freshToken(b)
	got := b.must(1, "register", "--complete-setup")
	if !strings.Contains(got.stderr, "the workspace is registered, and its setup wizard could not be ended") || !strings.Contains(got.stderr, "RCREG_PASSWORD") || codeName.MatchString(got.stderr) {
		t.Errorf("got %s", got.stderr)
	}
}

// TestCompleteSetupWithSecondFactor asks for it, as for other settings.
func TestCompleteSetupWithSecondFactor(t *testing.T) {
	t.Parallel()
	b := newBench(t, "8.6.1", registrationtest.WithTwoFactor(registrationtest.TwoFactorTOTP, "123456"))
	b.fake.Set("Show_Setup_Wizard", "pending")
	b.env["RCREG_2FA_CODE"] = "123456"
	freshToken(b)
	b.asLogin(b.fake.Admin())
	if got := b.line("register --complete-setup"); got.exit != 0 || b.fake.Settings()["Show_Setup_Wizard"] != "completed" {
		t.Errorf("exit %d: %s%s", got.exit, got.stdout, got.stderr)
	}
}
