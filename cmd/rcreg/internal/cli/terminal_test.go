package cli_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/rcreg/registration/registrationtest"
)

// answering is a person who is asked one kind of question.
func answering(t *testing.T, question string, seen bool, answer string) func(context.Context, string, bool) (string, error) {
	return func(_ context.Context, asked string, shown bool) (string, error) {
		if !strings.Contains(asked, question) || shown != seen {
			t.Errorf("asked %q (shown: %t), want …%s… (shown: %t)", asked, shown, question, seen)
		}
		return answer, nil
	}
}

func TestSecondFactor(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		method  registrationtest.TwoFactorMethod
		prepare func(*bench)
		exit    int
	}{
		{"by the environment", registrationtest.TwoFactorTOTP, func(b *bench) { b.env["RCREG_2FA_CODE"] = "123456" }, 0},
		{"a wrong one", registrationtest.TwoFactorTOTP, func(b *bench) { b.env["RCREG_2FA_CODE"] = "654321" }, 1},
		{"nobody to ask", registrationtest.TwoFactorTOTP, func(*bench) {}, 1},
		{"an app", registrationtest.TwoFactorTOTP, func(b *bench) { b.system.Ask = answering(b.t, "authenticator app", false, "123456") }, 0},
		{"a message", registrationtest.TwoFactorEmail, func(b *bench) { b.system.Ask = answering(b.t, "sent you by e-mail", false, "123456") }, 0},
		{"nobody answers", registrationtest.TwoFactorTOTP, func(b *bench) {
			b.system.Ask = func(context.Context, string, bool) (string, error) { return "", errors.New("end of file") }
		}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, "6.4.0", registrationtest.WithTwoFactor(c.method, "123456"))
			b.asLogin(b.fake.Admin())
			c.prepare(b)
			got := b.run("status", "--output", "json")
			if got.exit != c.exit {
				t.Errorf("exit %d, want %d: %s", got.exit, c.exit, got.stdout)
			}
			if kind := got.json(t).Error.Kind; c.exit != 0 && kind != "two_factor_required" {
				t.Errorf("kind %q", kind)
			}
		})
	}
}

func TestConfirm(t *testing.T) {
	t.Parallel()
	for command, asked := range map[string]string{
		"disconnect --forget-identity":     "Licenses bound to the unique id",
		"deployment confirm new-workspace": "a new registration token is needed",
	} {
		for answer, exit := range map[string]int{"yes": 0, "no": 2, "": 2, "y": 2} {
			t.Run(command+" "+answer, func(t *testing.T) {
				t.Parallel()
				b := newBench(t, "9.0.0")
				b.register()
				b.system.Ask = answering(t, asked, true, answer)
				b.must(exit, strings.Fields(command)...)
			})
		}
	}
}

func TestColours(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		terminal bool
		env      string
		want     bool
	}{
		{"terminal", true, "", true},
		{"no terminal", false, "", false},
		{"unwanted", true, "NO_COLOR", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, "6.4.0")
			b.system.StdoutTerminal, b.system.StderrTerminal = c.terminal, c.terminal
			if c.env != "" {
				b.env[c.env] = "1"
			}
			for _, got := range []string{b.must(0, "status").stdout, b.must(1, "sync").stderr, b.must(0, "capabilities").stdout} {
				if strings.Contains(got, "\x1b[") != c.want {
					t.Errorf("coloured is not %t: %q", c.want, got)
				}
			}
			if got := b.must(0, "status", "--output", "json").stdout; strings.Contains(got, "\x1b") {
				t.Errorf("colours in JSON: %q", got)
			}
		})
	}
}
