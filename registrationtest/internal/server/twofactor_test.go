package server_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/rcreg/registration/registrationtest/internal/server"
)

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// guarded calls the endpoint that asks for a second factor.
func (b *bench) guarded(as, code string) answer {
	b.t.Helper()
	return b.do(as, http.MethodPost, "/api/v1/guarded", "{}", "X-2FA-Method", "password", "X-2FA-Code", code)
}

func TestSecondFactorByRelease(t *testing.T) {
	t.Parallel()
	const required = `map[availableMethods:[] codeGenerated:false method:password]`
	for version, want := range map[string]struct{ required, invalid string }{
		"3.1.0":  {},
		"3.18.0": {required, "map[method:password]"},
		"4.3.0":  {required, "map[method:password]"},
		"4.8.0":  {required, "map[codeGenerated:false method:password]"},
		"6.4.0":  {required, required},
		"8.6.1":  {required, required},
	} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, version)
			for code, want := range map[string]struct{ kind, details string }{
				"": {"totp-required", want.required}, "wrong": {"totp-invalid", want.invalid}, "a-pass": {"totp-invalid", want.invalid},
			} {
				a := b.guarded("admin", code)
				if want.details == "" {
					if a.status != http.StatusOK {
						t.Errorf("code %q gives %d, want 200: no second factor yet", code, a.status)
					}
					continue
				}
				if a.status != 400 || a.body["errorType"] != want.kind || fmt.Sprint(a.body["details"]) != want.details {
					t.Errorf("code %q gives %d %s, want 400 %s %s", code, a.status, a.text, want.kind, want.details)
				}
			}
		})
	}
}

func TestSecondFactorIsRemembered(t *testing.T) {
	t.Parallel()
	b := newBench(t, "6.13.0")
	if a := b.guarded("admin", digest("a-pass")); a.status != http.StatusOK {
		t.Fatalf("the right code gives %d %s", a.status, a.text)
	}
	for _, code := range []string{"", "wrong"} {
		if a := b.guarded("admin", code); a.status != http.StatusOK {
			t.Errorf("then code %q gives %d, want 200: it is remembered", code, a.status)
		}
	}
	b.clock.Advance(31 * time.Minute)
	if a := b.guarded("admin", ""); a.body["errorType"] != "totp-required" {
		t.Errorf("half an hour later: %s, want totp-required", a.text)
	}
}

func TestSecondFactorComesBeforeThePermission(t *testing.T) {
	t.Parallel()
	b := newBench(t, "6.13.0")
	if a := b.guarded("user", ""); a.body["errorType"] != "totp-required" {
		t.Errorf("without a code: %s, want totp-required", a.text)
	}
	if a := b.guarded("user", digest("u-pass")); a.status != http.StatusForbidden {
		t.Errorf("with one: %d, want 403", a.status)
	}
}

func TestSecondFactorMethods(t *testing.T) {
	t.Parallel()
	for method, want := range map[string]string{
		"totp":  "map[availableMethods:[totp] codeGenerated:false method:totp]",
		"email": "map[availableMethods:[email] codeGenerated:true method:email]",
	} {
		b := newBench(t, "6.13.0")
		b.accounts.SetTwoFactor("admin-id", server.TwoFactor{Method: method, Code: "123456"})
		if a := b.guarded("admin", ""); fmt.Sprint(a.body["details"]) != want {
			t.Errorf("%s: %v, want %s", method, a.body["details"], want)
		}
		if a := b.guarded("admin", digest("a-pass")); a.body["errorType"] != "totp-invalid" {
			t.Errorf("%s: the password gives %s, want totp-invalid", method, a.text)
		}
		if a := b.guarded("admin", "123456"); a.status != http.StatusOK {
			t.Errorf("%s: the right code gives %s", method, a.text)
		}
	}
}
