package cli_test

import (
	"os"
	"strings"
	"testing"
)

// No command shows a secret, whatever it prints and wherever: not the credentials, not a registration token, not a device code.
func TestSecretsAreNeverShown(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"3.0.0", "5.4.0", "6.13.0", "9.0.0"} {
		for _, output := range []string{"text", "json"} {
			t.Run(version+" "+output, func(t *testing.T) {
				t.Parallel()
				b := newBench(t, version)
				admin := b.fake.Admin()
				fakeSupport(b)
				freshToken(b)
				secrets := map[string]string{"auth token": admin.AuthToken, "password": admin.Password, "registration token": b.env["RCREG_REGISTRATION_TOKEN"]}
				b.env["RCREG_PASSWORD"] = admin.Password
				var shown strings.Builder
				all := func(commands ...string) {
					for _, command := range commands {
						for _, verbose := range []string{"", " --verbose"} {
							got := b.line(command + " --output " + output + verbose)
							shown.WriteString(got.stdout + got.stderr)
						}
					}
				}
				all("status", "register --email ops@example.com", "resume")
				for _, device := range b.fake.Cloud().Devices() {
					secrets["device code"] = device.Code
				}
				all("register")
				secrets["client secret"] = b.fake.Setting("Cloud_Workspace_Client_Secret").(string)
				all("sync", "support", "doctor --with-cloud --with-sync", "license show", "license apply --file "+b.file(secrets["client secret"]), "capabilities", "disconnect", "reconnect", "disconnect --forget-identity --yes",
					"deployment confirm new-workspace --yes")
				b.env["RCREG_REGISTRATION_TOKEN"] += "-refused"
				all("register")
				b.env["RCREG_AUTH_TOKEN"] += "-refused"
				all("status")
				b.asLogin(admin)
				all("status")
				b.env["RCREG_PASSWORD"] += "-refused"
				all("status")
				said := shown.String()
				for name, secret := range secrets {
					if secret == "" || strings.Contains(said, secret) {
						t.Errorf("the %s is empty or was shown", name)
					}
				}
				if !strings.Contains(said, "level=DEBUG") {
					t.Error("--verbose has logged nothing")
				}
			})
		}
	}
}

// Nor do those that take the workspace to the Cloud, or across an air gap.
func TestSecretsAreNotShownOverAnyTransport(t *testing.T) {
	t.Parallel()
	for _, output := range []string{"text", "json"} {
		t.Run(output, func(t *testing.T) {
			t.Parallel()
			var shown strings.Builder
			secrets := map[string]string{}
			all := func(s *site, commands ...string) {
				for _, command := range commands {
					got := s.line(command + " --output " + output + " --verbose")
					shown.WriteString(got.stdout + got.stderr)
				}
			}
			relay := newRelay(t, "6.13.0")
			secrets["token"] = relay.env["RCREG_REGISTRATION_TOKEN"]
			all(relay, "register --via relay --keep-grants", "sync --via relay", "register --via relay")
			secrets["client secret of the relay"] = relay.fake.Setting("Cloud_Workspace_Client_Secret").(string)

			gap := newSite(t, "6.13.0")
			secrets["auth token"] = gap.fake.Admin().AuthToken
			all(gap, "offline request --exchange EXCHANGE", "offline status --exchange EXCHANGE", "offline apply --exchange EXCHANGE")
			pending := gap.expect(0, offlineStatus).Requests
			secrets["code"] = gap.code(pending[0].Request)
			all(gap, "offline apply --exchange EXCHANGE --answer "+gap.file(secrets["code"][:len(secrets["code"])/2]))
			gap.byConsole(pending[0].Request)
			secrets["key"] = "AGE-SECRET-KEY"
			all(gap, "offline status --exchange EXCHANGE", "offline apply --exchange EXCHANGE", "license request --exchange EXCHANGE", "offline status --exchange EXCHANGE")
			secrets["client secret of the gap"] = gap.fake.Setting("Cloud_Workspace_Client_Secret").(string)
			for name, secret := range secrets {
				if secret == "" || strings.Contains(shown.String(), secret) || strings.Contains(shown.String(), secret[:min(len(secret), 40)]) {
					t.Errorf("the %s is empty or was shown", name)
				}
			}
		})
	}
}

// A secret that was given where none belongs is not repeated.
func TestMisplacedSecretsAreNotRepeated(t *testing.T) {
	t.Parallel()
	const secret = "MISPLACED-SECRET"
	for _, args := range [][]string{
		{"register", secret},
		{"register", "--token", secret},
		{"register", "--token=" + secret},
		{"register", "--email", "ops@example.com", secret},
		{"status", "--password", secret},
		{"status", "--workspace", "https://admin:" + secret + "@chat.example.com"},
		{"status", "--auth-token-file", os.DevNull, secret},
		{"register", "--via", "offline", "--exchange", "x", secret},
		{"register", "--via", "relay", "--seal-to", secret, "--identity-file", os.DevNull},
		{"offline", "apply", secret},
	} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			t.Parallel()
			got := newBench(t, "5.4.0").run(args...)
			if said := got.stdout + got.stderr; got.exit != 2 || strings.Contains(said, secret) {
				t.Errorf("exit %d: %s", got.exit, said)
			}
		})
	}
}
