package cli_test

import (
	"crypto/x509"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/rcreg/registration/registrationtest"
)

// fakeSupport makes rcreg support believe the fake Cloud.
func fakeSupport(b *bench) {
	b.env["RCREG_RELEASES_URL"] = b.fake.Cloud().URL()
	b.env["RCREG_CLOUD_URL"] = b.fake.Cloud().URL()
	b.env["RCREG_SUPPORT_KEY"] = keyOf(b.t, b.fake.Cloud())
}

// unverifiableSupport asks the fake Cloud, whose list the real key does not verify.
func unverifiableSupport(b *bench) { b.env["RCREG_RELEASES_URL"] = b.fake.Cloud().URL() }

func keyOf(t *testing.T, cloud *registrationtest.Cloud) string {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(cloud.SupportKey())
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(der)
}

// What is to come is not called past, and a list that is younger than this machine's clock is named.
func TestSupportDates(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		issued, enforced int // days from now
		says, not        string
	}{
		"as usual":             {-5, -900, "Enforced since  2023-09-13", "Note"},
		"enforced later":       {-5, 27, "Enforced from  2026-03-28", "Enforced since"},
		"a clock that is late": {90, -900, "(2026-03-01): set the clock", "Enforced from"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, "9.0.0")
			fakeSupport(b)
			b.fake.Cloud().SetSupport(registrationtest.Support{
				Timestamp: testStart.AddDate(0, 0, tc.issued), EnforcementStartDate: testStart.AddDate(0, 0, tc.enforced),
				Versions: []registrationtest.SupportedVersion{{Version: "9.0.0", Expiration: testStart.AddDate(1, 0, 0)}},
			})
			if err := b.fake.Reset(); err != nil { // it took the Cloud's list when it started
				t.Fatal(err)
			}
			if got := b.must(0, "support"); !strings.Contains(got.stdout, tc.says) || strings.Contains(got.stdout, tc.not) {
				t.Errorf("got %s", got.stdout)
			}
		})
	}
}
