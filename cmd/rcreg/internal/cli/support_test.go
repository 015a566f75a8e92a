package cli_test

import (
	"crypto/x509"
	"encoding/base64"
	"testing"

	"github.com/rcreg/registration/registrationtest"
)

// fakeSupport makes rcreg support believe the fake Cloud.
func fakeSupport(b *bench) {
	b.env["RCREG_RELEASES_URL"] = b.fake.Cloud().URL()
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
