package cloudmodule_test

import (
	"maps"
	"slices"
	"testing"
)

func TestWhichEndpointsThereAre(t *testing.T) {
	t.Parallel()
	since := []struct {
		version string
		added   []string
	}{
		{"3.0.0", []string{"cloud.manualRegister"}},
		{"4.3.9", nil},
		{"4.4.0", []string{"cloud.confirmationPoll", "cloud.createRegistrationIntent"}},
		{"4.6.0", []string{"cloud.registrationStatus"}},
		{"5.4.0", nil},
		{"6.0.0", []string{"cloud.registerPreIntent"}},
		{"6.4.0", nil},
		{"6.5.0", []string{"cloud.checkoutUrl", "cloud.removeLicense", "cloud.syncWorkspace", "fingerprint"}},
		{"8.6.1", nil},
		{"8.7.0", []string{"cloud.connectWorkspace"}},
		{"8.9.0", []string{"cloud.workspaceRegisterData"}},
		{"9.0.0", nil},
	}
	var want []string
	for _, step := range since {
		want = slices.Sorted(slices.Values(append(want, step.added...)))
		got := slices.Sorted(maps.Keys(newBench(t, step.version).endpoints))
		if !slices.Equal(got, want) {
			t.Errorf("%s has %v, want %v", step.version, got, want)
		}
	}
}

func TestWhoMayCallEndpoints(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		version, path string
		adminOnly     bool
		permission    string
		declared      bool
		limit         int
	}{
		{"4.3.0", "cloud.manualRegister", true, "", false, 0},
		{"4.8.0", "cloud.manualRegister", false, "register-on-cloud", false, 0},
		{"6.13.0", "cloud.registrationStatus", true, "", false, 0},
		{"8.0.7", "cloud.registrationStatus", true, "", false, 0},
		{"8.1.0", "cloud.registrationStatus", false, "manage-cloud", true, 0},
		{"4.4.0", "cloud.createRegistrationIntent", false, "manage-cloud", false, 0},
		{"4.4.0", "cloud.confirmationPoll", false, "manage-cloud", false, 0},
		{"6.0.0", "cloud.registerPreIntent", false, "manage-cloud", false, 0},
		{"6.5.0", "cloud.syncWorkspace", false, "manage-cloud", true, 2},
		{"6.5.0", "cloud.removeLicense", false, "manage-cloud", true, 2},
		{"6.5.0", "cloud.checkoutUrl", false, "manage-cloud", true, 0},
		{"8.5.0", "fingerprint", false, "", false, 0},
		{"8.6.0", "fingerprint", false, "manage-cloud", true, 0},
		{"8.3.5", "fingerprint", false, "", false, 0},
		{"8.3.6", "fingerprint", false, "manage-cloud", true, 0},
		{"8.4.0", "fingerprint", false, "", false, 0},
		{"7.0.0", "cloud.createRegistrationIntent", false, "manage-cloud", true, 0},
		{"8.7.0", "cloud.connectWorkspace", false, "manage-cloud", true, 0},
	} {
		t.Run(test.path+" "+test.version, func(t *testing.T) {
			t.Parallel()
			e := newBench(t, test.version).endpoints[test.path]
			if e.AdminOnly != test.adminOnly || e.Permission != test.permission || e.Declared != test.declared || e.Limit != test.limit {
				t.Errorf("the endpoint is for adminOnly %v, permission %q, declared %v, limit %d",
					e.AdminOnly, e.Permission, e.Declared, e.Limit)
			}
		})
	}
}

func TestBodiesAreChecked(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		version, path string
		body          map[string]any
		want          string
	}{
		{"6.13.0", "cloud.manualRegister", map[string]any{}, "Match error: Missing key 'cloudBlob'"},
		{"8.6.1", "cloud.manualRegister", map[string]any{}, "must have required property 'cloudBlob' [invalid-params]"},
		{"8.6.1", "cloud.manualRegister", map[string]any{"cloudBlob": 5.0}, "Unexpected end of JSON input"}, // 5 becomes "5"
		{"4.8.0", "cloud.createRegistrationIntent", map[string]any{"resend": "true", "email": "a@example.com"},
			"Match error: Expected boolean, got string in field resend"},
		{"8.6.1", "cloud.createRegistrationIntent", map[string]any{"resend": "true", "email": "a@example.com"}, ""},
		{"8.7.0", "cloud.connectWorkspace", map[string]any{}, "must have required property 'token' [invalid-params]"},
		{"8.7.0", "cloud.connectWorkspace", map[string]any{"token": ""}, "must NOT have fewer than 1 characters [invalid-params]"},
	} {
		t.Run(test.path+" "+test.version, func(t *testing.T) {
			t.Parallel()
			if _, err := newBench(t, test.version).rest(test.path, test.body); sentence(err) != test.want {
				t.Errorf("the error is %v, want %s", err, test.want)
			}
		})
	}
}

func TestConnectREST(t *testing.T) {
	t.Parallel()
	b := newBench(t, "8.7.0")
	if _, err := b.rest("cloud.connectWorkspace", map[string]any{"token": "token"}); err != nil || !b.registered() {
		t.Errorf("the error is %v, and registered is %v", err, b.registered())
	}
	b.cloud.set("/clients", refuse(401, "invalid_token"))
	_, err := b.rest("cloud.connectWorkspace", map[string]any{"token": "token"})
	if want := "Failed to connect the workspace with Rocket.Chat Cloud"; sentence(err) != want {
		t.Errorf("the error is %v, want %s", err, want)
	}
}

func TestStatusREST(t *testing.T) {
	t.Parallel()
	b := newBench(t, "4.6.0")
	got, err := b.rest("cloud.registrationStatus", nil)
	if status, ok := got["registrationStatus"].(map[string]any); err != nil || !ok || status["uniqueId"] != "unique" {
		t.Errorf("the reply is %v, %v", got, err)
	}
	b.owner.Emails = []string{}
	if got, err := b.rest("cloud.registrationStatus", nil); err == nil {
		t.Errorf("with an empty list of e-mail addresses the reply is %v", got)
	}
}
