package cloudmodule_test

import (
	"errors"
	"testing"
)

func TestApplyLicense(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"4.8.0", "6.5.0"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, version)
			if err := b.module.ApplyLicense(""); err != nil || b.module.License() != "" {
				t.Errorf("an empty text says %v, and %q is in force", err, b.module.License())
			}
			err := b.module.ApplyLicense("bad")
			if sentence(err) != "Invalid license" || errors.Unwrap(err) == nil {
				t.Errorf("a bad text says %v", err)
			}
			if err := b.module.ApplyLicense(license); err != nil || b.module.License() != license {
				t.Errorf("a good text says %v, and %q is in force", err, b.module.License())
			}
		})
	}
}

// Settings that a license of the Cloud fills in came with 6.5.
func TestApplyLicenseSettings(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]map[string]any{
		"6.4.0": {"Enterprise_License": "", "Enterprise_License_Status": ""},
		"6.5.0": {"Enterprise_License": license, "Enterprise_License_Status": "Valid"},
	} {
		b := newBench(t, version)
		if err := b.module.ApplyLicense(license); err != nil {
			t.Fatal(err)
		}
		b.wantSettings(want)
	}
}

// A license stays in force after a disconnect.
func TestLicenseSurvivesADisconnect(t *testing.T) {
	t.Parallel()
	b := newBench(t, "6.4.0")
	b.connect()
	if _, err := b.call("disconnectWorkspace"); err != nil || b.module.License() != license {
		t.Errorf("%q is in force, %v", b.module.License(), err)
	}
}

// A9: removeLicense succeeds when unregistered, when the Cloud refuses, and when it just unregistered the workspace.
func TestA9RemoveLicense(t *testing.T) {
	t.Parallel()
	const downgrade = "/client/downgrade"
	for _, test := range []struct {
		name, path string
		cloud      answer
		held       bool // the license, after it
		fails      bool
		registered bool
	}{
		{"well", "", nil, true, false, true}, // the sync brings it back
		{"refused", downgrade, refuse(500, "internal_error"), false, false, true},
		{"no token", "/token", refuse(500, "internal_error"), false, false, true},
		{"dropped by the Cloud", "/token", refuse(400, "oauth_invalid_client_credentials"), false, false, false},
		{"connection dropped", downgrade, drop, true, true, true},
	} {
		for _, version := range []string{"6.5.0", "8.6.1"} {
			t.Run(test.name+" "+version, func(t *testing.T) {
				t.Parallel()
				b := newBench(t, version)
				b.connect()
				b.cloud.set(test.path, test.cloud)
				_, err := b.rest("cloud.removeLicense", nil)
				if want := "License removal failed"; (err != nil) != test.fails || test.fails && err.Error() != want {
					t.Errorf("the error is %v", err)
				}
				if held := b.module.License() != ""; held != test.held || b.registered() != test.registered {
					t.Errorf("a license is in force: %v; registered: %v", held, b.registered())
				}
			})
		}
	}
}

// Without a license nothing changes.
func TestA9RemoveLicenseUnregistered(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"6.13.0", "8.6.1"} {
		b := newBench(t, version)
		if _, err := b.rest("cloud.removeLicense", nil); err != nil {
			t.Errorf("%s: the error is %v", version, err)
		}
		b.wantCalls()
		b.wantSettings(map[string]any{"Enterprise_License_Status": ""})
	}
}

// A10: the checkout link falls back to a sales link on any failure, and a whole sync goes before it.
func TestA10Checkout(t *testing.T) {
	t.Parallel()
	const sales = "https://go.rocket.chat/i/contact-sales"
	for _, test := range []struct {
		name, path string
		cloud      answer
		want       any
		fails      bool
	}{
		{"well", "", nil, "https://pay.example.com/1", false},
		{"billing 500", "/checkout", refuse(500, "internal_error"), sales, false},
		{"billing dropped", "/checkout", drop, sales, false},
		{"billing null", "/checkout", reply(200, "null"), sales, false},
		{"billing cut off", "/checkout", reply(200, "{"), sales, false},
		{"no link", "/checkout", reply(200, "{}"), nil, true},
		{"no token", "/token", refuse(500, "internal_error"), sales, false},
		{"dropped by the Cloud", "/token", refuse(400, "oauth_invalid_client_credentials"), sales, false},
	} {
		for _, version := range []string{"6.5.0", "8.6.1"} {
			t.Run(test.name+" "+version, func(t *testing.T) {
				t.Parallel()
				b := newBench(t, version)
				b.connect()
				b.cloud.set(test.path, test.cloud)
				got, err := b.rest("cloud.checkoutUrl", nil)
				if (err != nil) != test.fails || got["url"] != test.want {
					t.Errorf("the reply is %v, %v", got, err)
				}
			})
		}
	}
	b := newBench(t, "8.6.1")
	b.connect()
	if _, err := b.rest("cloud.checkoutUrl", nil); err != nil {
		t.Fatal(err)
	}
	b.wantCalls(askToken, askComms, askToken, askSync, askSupport, askToken, "POST /billing/api/v2/checkout")
}
