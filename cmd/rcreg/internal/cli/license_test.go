package cli_test

import (
	"strings"

	"github.com/rcreg/registration/registrationtest"
)

// withSupport makes the fake Cloud the one whose list of versions counts.
func withSupport(prepare func(*bench)) func(*bench) {
	return func(b *bench) {
		fakeSupport(b)
		prepare(b)
	}
}

// licenseOnStdin gives a license of the fake Cloud, broken into lines as mail programs do.
func licenseOnStdin(b *bench) {
	text, err := b.fake.Cloud().License(registrationtest.LicenseSpec{})
	if err != nil {
		b.t.Fatal(err)
	}
	b.system.Stdin = strings.NewReader("\ufeff" + text[:20] + "\r\n" + text[20:] + "\n")
}

func noLicenseOnStdin(b *bench) { b.system.Stdin = strings.NewReader("no-license") }
