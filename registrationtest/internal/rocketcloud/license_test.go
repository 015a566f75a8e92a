package rocketcloud

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestLicenseVerifies(t *testing.T) {
	t.Parallel()
	cloud, _ := newTestCloud(t)
	text, err := cloud.License(LicenseSpec{Modules: []string{"auditing", "teams-mention"}, Address: "http://chat.example.test",
		ValidUntil: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	if err := cloud.VerifyLicense(text); err != nil {
		t.Errorf("its own license: %v", err)
	}
	for name, bad := range map[string]string{
		"empty":      "",
		"garbage":    "garbage",
		"no prefix":  strings.TrimPrefix(text, licensePrefix),
		"prefix":     licensePrefix + "garbage",
		"cut off":    text[:len(text)-10],
		"other body": text[:20] + "A" + text[21:],
	} {
		if err := cloud.VerifyLicense(bad); !errors.Is(err, ErrInvalidLicense) {
			t.Errorf("%s: %v, want ErrInvalidLicense", name, err)
		}
	}
}

func TestSetLicense(t *testing.T) {
	t.Parallel()
	cloud, _ := newTestCloud(t)
	cloud.SetLicense("does not verify")
	grant := connect(t, cloud)
	if data, _ := grant.body["licenseData"].(map[string]any); data["license"] != "does not verify" {
		t.Errorf("the grant's license is %v", data["license"])
	}
	cloud.SetLicense(nil)
	token := accessToken(t, cloud, grant).string(t, "access_token")
	answer := ask(t, cloud, "GET", pathOf(t, grant)+"/license", token, nil)
	if license, there := answer.body["license"]; license != nil || !there {
		t.Errorf("the license is %v, want null", license)
	}
}
