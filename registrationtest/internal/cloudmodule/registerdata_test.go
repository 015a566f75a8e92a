package cloudmodule_test

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// base is what all releases tell, in their order.
const base = "uniqueId workspaceId address contactName contactEmail allowMarketing accountName organizationType industry orgSize " +
	"country language agreePrivacyTerms website siteName workspaceType deploymentMethod deploymentPlatform version setupComplete"

func TestRegisterData(t *testing.T) {
	t.Parallel()
	replace := strings.NewReplacer
	licensed := replace("version setup", "version licenseVersion enterpriseReady setup").Replace(base)
	seats := replace("contactEmail", "contactEmail seats", "setupComplete", "setupComplete npsEnabled").Replace(licensed)
	quiet := replace("contactEmail ", "").Replace(seats)
	connection := replace("setupComplete", "setupComplete connectionDisable").Replace(quiet)
	fingerprinted := replace(
		"uniqueId", "uniqueId deploymentFingerprintHash deploymentFingerprintVerified",
		"licenseVersion", "licenseVersion license", "npsEnabled", "npsEnabled MAC",
	).Replace(connection)
	for _, test := range []struct{ version, want string }{
		{"3.0.0", base},
		{"3.1.0", licensed},
		{"3.18.0", seats},
		{"4.7.0", seats},
		{"4.8.0", quiet},
		{"5.4.0", quiet},
		{"6.0.0", connection},
		{"6.4.0", connection},
		{"6.5.0", fingerprinted},
		{"8.9.0", fingerprinted},
	} {
		t.Run(test.version, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, test.version)
			b.connect()
			got, err := b.call("getWorkspaceRegisterData")
			if err != nil {
				t.Fatal(err)
			}
			text, _ := got.(string)
			if keys := strings.Join(keysInOrder(t, text), " "); keys != test.want {
				t.Errorf("the data has\n\t%s\nwant\n\t%s", keys, test.want)
			}
		})
	}
}

// keysInOrder decodes registration data and returns its keys as they come.
func keysInOrder(t *testing.T, data string) []string {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(data)
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(strings.NewReader(string(raw)))
	var keys []string
	for n := 0; ; n++ {
		token, err := decoder.Token()
		if err != nil {
			return keys
		}
		if key, ok := token.(string); ok && n%2 == 1 {
			keys = append(keys, key)
		}
	}
}

func TestRegisterDataValues(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		version, setting string
		value            any
		want             string
	}{
		{"6.0.0", "Register_Server", false, `"connectionDisable":true`},
		{"6.0.0", "Register_Server", true, `"connectionDisable":false`},
		{"6.12.0", "Register_Server", false, `"connectionDisable":true`},
		{"6.13.0", "Register_Server", false, `"connectionDisable":false`},
		{"3.0.0", "Show_Setup_Wizard", "completed", `"setupComplete":true`},
		{"3.0.0", "Show_Setup_Wizard", "in_progress", `"setupComplete":false`},
		{"3.1.0", "Site_Name", "Name", `"licenseVersion":2`},
		{"6.5.0", "Site_Name", "Name", `"licenseVersion":3`},
	} {
		t.Run(test.version+" "+test.want, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, test.version)
			b.settings.Set(test.setting, test.value)
			data, err := b.call("getWorkspaceRegisterData")
			if err != nil {
				t.Fatal(err)
			}
			raw, err := base64.StdEncoding.DecodeString(data.(string))
			if err != nil || !strings.Contains(string(raw), test.want) {
				t.Errorf("the data is %s, %v", raw, err)
			}
		})
	}
}

func TestRegisterDataEmail(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, version, organization string
		emails                      []string
		want                        string
		fails                       bool
	}{
		{"the owner's", "4.3.0", "", []string{"ada@example.com"}, `"contactEmail":"ada@example.com"`, false},
		{"the organization's", "4.3.0", "org@example.com", []string{"ada@example.com"}, `"contactEmail":"org@example.com"`, false},
		{"none", "4.3.0", "", nil, "", false},
		{"an empty list", "4.3.0", "", []string{}, "", true},
		{"an empty list", "4.8.0", "", []string{}, "", false},
	} {
		t.Run(test.name+" "+test.version, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, test.version)
			b.owner.Emails = test.emails
			b.settings.Set("Organization_Email", test.organization)
			data, err := b.call("getWorkspaceRegisterData")
			if (err != nil) != test.fails {
				t.Fatalf("the error is %v", err)
			}
			if err != nil {
				return
			}
			raw, err := base64.StdEncoding.DecodeString(data.(string))
			if err != nil || !strings.Contains(string(raw), test.want) || strings.Contains(string(raw), "contactEmail") != (test.want != "") {
				t.Errorf("the data is %s, %v", raw, err)
			}
		})
	}
}

// From 8.9 the data comes over REST too.
func TestRegisterDataREST(t *testing.T) {
	t.Parallel()
	b := newBench(t, "8.9.0")
	got, err := b.rest("cloud.workspaceRegisterData", nil)
	if err != nil {
		t.Fatal(err)
	}
	text, _ := got["registerData"].(string)
	if keys := keysInOrder(t, text); !slices.Contains(keys, "uniqueId") {
		t.Errorf("the reply is %v", got)
	}
}
