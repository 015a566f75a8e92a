package httpclient_test

import (
	"strings"
	"testing"

	"github.com/rcreg/registration/internal/httpclient"
)

func TestIsSafeLink(t *testing.T) {
	t.Parallel()
	for link, want := range map[string]bool{
		"https://cloud.example.com/verify?code=AB-CD":            true,
		"https://cloud.example.com:8443/":                        true,
		"http://localhost:3000/verify":                           true,
		"http://[::1]:3000/verify":                               true,
		"":                                                       false,
		"http://cloud.example.com/verify":                        false,
		"http://127.0.0.1.evil.example.com/":                     false,
		"javascript:alert(1)":                                    false,
		"//evil.example.com/":                                    false,
		"https://":                                               false,
		"https://:443/":                                          false,
		"https://user:password@cloud.example.com/":               false,
		"https://cloud.example.com@evil.example.com/":            false,
		"https://cloud.example.com/\x1b[2Jx":                     false,
		"https://cloud.example.com/\u202egnp.exe":                false,
		"https://cl\u043eud.example.com/":                        false,
		"https://cloud.example.com/" + strings.Repeat("a", 4096): false,
	} {
		if got := httpclient.IsSafeLink(link); got != want {
			t.Errorf("%q: %t", link, got)
		}
	}
}
