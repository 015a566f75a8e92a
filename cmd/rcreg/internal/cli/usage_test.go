package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Wrong usage ends with exit code 2, says what to do, and sends nothing.
func TestUsage(t *testing.T) {
	t.Parallel()
	set := func(name, value string) func(*bench) { return func(b *bench) { b.env[name] = value } }
	for _, c := range []struct {
		name    string
		args    string
		prepare func(*bench)
		says    string
	}{
		{"unknown flag", "status --bogus", nil, "unknown flag"},
		{"unknown command", "statsu", nil, "did you mean status"},
		{"unknown output", "status --output yaml", nil, "text or json"},
		{"no address", "status", set("RCREG_WORKSPACE", ""), "no workspace"},
		{"address without scheme", "status --workspace chat.example.com", nil, "scheme"},
		{"address in clear", "status --workspace http://chat.example.com", nil, "with --plain-http"},
		{"address with a wrong port", "status --workspace https://chat.example.com:http", nil, "port"},
		{"address that is none", "status --workspace https://", nil, "host"},
		{"no user id", "status", set("RCREG_USER_ID", ""), "user id"},
		{"no token", "status", set("RCREG_AUTH_TOKEN", ""), "token is missing"},
		{"token of white space", "status", set("RCREG_AUTH_TOKEN", " \t"), "empty"},
		{"token with a space", "status", set("RCREG_AUTH_TOKEN", "two words"), "white space"},
		{"token file that is not there", "status --auth-token-file /nowhere/token", nil, "cannot be read"},
		{"login without a password", "status --user admin", nil, "password is missing"},
		{"password of a token", "status --user-id x --user admin", nil, "none of the others can be"},
		{"password file alone", "status --password-file /nowhere/password", nil, "user to log in as"},
		{"negative timeout", "status --timeout=-1s", nil, "timeout is negative"},
		{"negative lag", "status --settings-lag=-1s", nil, "is no time by which a settings cache trails"},
		{"a lag that is none", "status", set("RCREG_SETTINGS_LAG", "soon"), "is no time by which a settings cache trails"},
		{"timeout that is none", "status --timeout soon", nil, "invalid argument"},
		{"argument", "register surplus-argument", nil, "takes no arguments"},
		{"no registration token", "register", nil, "no registration token"},
		{"registration token of white space", "register", set("RCREG_REGISTRATION_TOKEN", "  "), "empty"},
		{"registration token on two lines", "register", set("RCREG_REGISTRATION_TOKEN", "one\ntwo"), "more than one line"},
		{"registration token with two line ends", "register", set("RCREG_REGISTRATION_TOKEN", "one\n\n"), "more than one line"},
		{"registration token with a space", "register", set("RCREG_REGISTRATION_TOKEN", "one two"), "white space"},
		{"endless registration token", "register", set("RCREG_REGISTRATION_TOKEN", strings.Repeat("x", 70<<10)), "too long"},
		{"empty registration token on stdin", "register --token-stdin", nil, "empty"},
		{"registration token file that is a folder", "register --token-file .", nil, "cannot be read"},
		{"two registration tokens", "register --token-stdin --token-file x", nil, "none of the others can be"},
		{"token and e-mail", "register --token-stdin --email ops@example.com", nil, "none of the others can be"},
		{"waiting for a token", "register --wait", nil, "--email"},
		{"nowhere to keep a ticket", "register --email ops@example.com --ticket-file /dev/null/ticket", nil, "ticket cannot be read"},
		{"support key that is none", "support --support-key nonsense", nil, "support key"},
		{"a Cloud in clear", "sync --via relay --cloud-url http://cloud.example.com", nil, "with --plain-http"},
		{"releases that are none", "support --releases-url nonsense", nil, "releases"},
		{"forgetting unconfirmed", "disconnect --forget-identity", nil, "not confirmed"},
		{"no license", "license apply", nil, "license is missing"},
		{"license file that is not there", "license apply --file /nowhere/license", nil, "cannot be read"},
		{"license file that is a folder", "license apply --file .", nil, "cannot be read"},
		{"unknown license command", "license shwo", nil, "unknown command"},
		{"unknown deployment", "deployment confirm copy", nil, "unknown command"},
		{"copy unconfirmed", "deployment confirm new-workspace", nil, "not confirmed"},
		{"support key of doctor that is none", "doctor --support-key nonsense", nil, "support key"},
		{"unknown transport", "register --via pigeon", nil, "unknown transport"},
		{"unknown transport in the environment", "sync", set("RCREG_VIA", "pigeon"), "unknown transport"},
		{"no exchange folder", "register --via offline", nil, "no exchange folder"},
		{"no exchange folder for a request", "offline request", nil, "no exchange folder"},
		{"no exchange folder for a license", "license request", nil, "no exchange folder"},
		{"no exchange folder for an answer", "offline apply", nil, "no exchange folder"},
		{"no stick", "offline request --exchange /nowhere/stick/exchange", nil, "cannot be used"},
		{"exchange folder over the usual transport", "register --exchange EXCHANGE", nil, "--exchange is for --via offline"},
		{"exchange folder over a relay", "sync --via relay --exchange EXCHANGE", nil, "--exchange is for --via offline"},
		{"state folder over the usual transport", "register --state EXCHANGE", nil, "--state is for --via offline or --via relay"},
		{"grants over the usual transport", "register --keep-grants", nil, "--keep-grants is for --via relay"},
		{"grants across a gap", "register --via offline --exchange EXCHANGE --keep-grants", nil, "--keep-grants is for --via relay"},
		{"Cloud across a gap", "register --via offline --exchange EXCHANGE --cloud-url https://cloud.example.com", nil, "--cloud-url is for --via relay"},
		{"token across a gap", "register --via offline --exchange EXCHANGE --token-stdin", nil, "--token-stdin is for --via direct or --via relay"},
		{"e-mail across a gap", "register --via offline --exchange EXCHANGE --email ops@example.com", nil, "--email is for --via direct or --via relay"},
		{"e-mail across a gap by the environment", "register --email ops@example.com", set("RCREG_VIA", "offline"), "the transport is offline (RCREG_VIA)"},
		{"ticket across a gap", "register --via offline --exchange EXCHANGE --ticket-file ticket", nil, "--ticket-file is for --email"},
		{"waiting without a ticket", "resume --via offline --exchange EXCHANGE --wait", nil, "no ticket"},
		{"no registration token for a relay", "register --via relay", nil, "no registration token"},
		{"Cloud that is none", "sync --via relay --cloud-url nonsense", nil, "--cloud-url"},
		{"relay state nowhere", "sync --via relay --state /nowhere/state", nil, "cannot be kept"},
		{"gap state nowhere", "offline status --state /nowhere/state", nil, "cannot be kept"},
		{"sealed without a key", "register --via relay --seal-to age1u7sn2qpde4gg0tjzvjsz5zwr6efah6z9gn47htagqrmmprfsq9fqz4486h", set("RCREG_REGISTRATION_TOKEN", "token"), "--identity-file"},
		{"sealed to nothing", "register --via relay --seal-to nonsense --identity-file /dev/null", set("RCREG_REGISTRATION_TOKEN", "token"), "--identity-file"},
		{"key that is not there", "sync --via relay --identity-file /nowhere/key", nil, "cannot be read"},
		{"answer that is not there", "offline apply --exchange EXCHANGE --answer /nowhere/answer", nil, "cannot be read"},
		{"request without an answer", "offline apply --exchange EXCHANGE --request aaaaaaaaaaaaaaaa", nil, "--request is for --answer"},
		{"withdrawing nothing", "offline withdraw --exchange EXCHANGE", nil, "no request was named"},
		{"unknown offline command", "offline aply", nil, "did you mean apply"},
		{"sim of no version", "sim --version soon", nil, "version"},
		{"sim before 3.0", "sim --version 2.4.0", nil, "before 3.0"},
	} {
		for _, output := range []string{"text", "json"} {
			t.Run(c.name+" in "+output, func(t *testing.T) {
				t.Parallel()
				b := newBench(t, "5.4.0")
				if c.prepare != nil {
					c.prepare(b)
				}
				args := c.args
				if !strings.Contains(args, "--output") {
					args += " --output " + output
				}
				got := b.line(args)
				if got.exit != 2 || !strings.Contains(got.stdout+got.stderr, c.says) {
					t.Errorf("exit %d, want 2 and %q\n%s%s", got.exit, c.says, got.stdout, got.stderr)
				}
				if output == "json" && !strings.Contains(c.args, "--output") {
					if read := got.json(t); read.Error.Kind != "usage" || read.Error.Advice == "" {
						t.Errorf("kind %q, advice %q", read.Error.Kind, read.Error.Advice)
					}
				}
				for _, asked := range b.fake.History() {
					if strings.HasPrefix(asked.Path, "/api/v1/") {
						t.Errorf("it asked %s %s", asked.Method, asked.Path)
					}
				}
			})
		}
	}
}

// A line's end after a secret is cut off, wherever it comes from, and nothing else.
func TestSecretSources(t *testing.T) {
	t.Parallel()
	for _, end := range []string{"", "\n", "\r\n"} {
		for name, give := range map[string]func(b *bench, token string) []string{
			"environment": func(b *bench, token string) []string { b.env["RCREG_REGISTRATION_TOKEN"] = token; return nil },
			"stdin": func(b *bench, token string) []string {
				b.system.Stdin = strings.NewReader(token)
				return []string{"--token-stdin"}
			},
			"file": func(b *bench, token string) []string { return []string{"--token-file", b.file(token)} },
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				b := newBench(t, "9.0.0")
				b.env["RCREG_AUTH_TOKEN"] += end
				args := give(b, b.fake.Cloud().IssueToken()+end)
				b.must(0, append([]string{"register"}, args...)...)
			})
		}
	}
}

func TestCredentials(t *testing.T) {
	t.Parallel()
	for name, give := range map[string]func(b *bench) []string{
		"token by flags": func(b *bench) []string {
			args := []string{"--user-id", b.env["RCREG_USER_ID"], "--auth-token-file", b.file(b.env["RCREG_AUTH_TOKEN"])}
			b.env["RCREG_USER_ID"], b.env["RCREG_AUTH_TOKEN"], b.env["RCREG_USER"] = "", "", "somebody"
			return args
		},
		"login by the environment": func(b *bench) []string { b.asLogin(b.fake.Admin()); return nil },
		"login by flags": func(b *bench) []string { // although the environment has a token
			return []string{"--user", b.fake.Admin().Username, "--password-file", b.file(b.fake.Admin().Password)}
		},
		"login with a question": func(b *bench) []string {
			b.system.Ask = answering(b.t, "Password of", false, b.fake.Admin().Password)
			return []string{"--user", b.fake.Admin().Username}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, "6.4.0")
			b.must(0, append([]string{"status"}, give(b)...)...)
		})
	}
}

// file writes a file and returns its path.
func (b *bench) file(text string) string {
	b.t.Helper()
	path := filepath.Join(b.t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		b.t.Fatal(err)
	}
	return path
}
