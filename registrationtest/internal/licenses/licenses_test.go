package licenses_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/registrationtest/internal/licenses"
	"github.com/rcreg/registration/registrationtest/internal/release"
	"github.com/rcreg/registration/registrationtest/internal/rocketcloud"
	"github.com/rcreg/registration/registrationtest/internal/server"
	"github.com/rcreg/registration/registrationtest/internal/settings"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// bench is a server that shows its licenses, and the Cloud that signs them.
type bench struct {
	t       *testing.T
	server  *server.Server
	store   *settings.Store
	cloud   *rocketcloud.Cloud
	clock   *registrationtest.Clock
	current string // the license in force
	users   map[string]*server.User
}

func newBench(t *testing.T, version string) *bench {
	t.Helper()
	b := &bench{t: t, clock: registrationtest.NewClock(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))}
	cloud, err := rocketcloud.New(rocketcloud.Config{Clock: b.clock, Names: rocketcloud.RandomNames})
	if err != nil {
		t.Fatal(err)
	}
	b.cloud = cloud
	b.store = settings.New(b.clock, 0, map[string]any{
		"Site_Url": "https://chat.example.com", "Enterprise_License": "", "Enterprise_License_Status": "",
	})
	b.users = map[string]*server.User{"admin": {ID: "a", Token: "admin-token", Admin: true}, "user": {ID: "u", Token: "user-token"}}
	rel := release.MustParse(version)
	b.server = server.New(server.Config{
		Release: rel, Clock: b.clock, Accounts: server.NewAccounts([]*server.User{b.users["admin"], b.users["user"]}),
	})
	t.Cleanup(b.server.Close)
	b.manager(rel).Register(b.server)
	return b
}

func (b *bench) manager(rel release.Release) *licenses.Manager {
	return licenses.New(licenses.Config{
		Release: rel, Settings: b.store, Clock: b.clock, ActiveUsers: 4,
		Verify:  b.cloud.VerifyLicense,
		Current: func() string { return b.current },
		Apply:   func(text string) error { b.current = text; return nil },
	})
}

// license returns a signed text.
func (b *bench) license(spec rocketcloud.LicenseSpec) string {
	b.t.Helper()
	text, err := b.cloud.License(spec)
	if err != nil {
		b.t.Fatal(err)
	}
	return text
}

// call returns the status and the body as text.
func (b *bench) call(as, verb, path, body string) (int, string) {
	b.t.Helper()
	r := httptest.NewRequestWithContext(b.t.Context(), verb, "/api/v1/"+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-User-Id", b.users[as].ID)
	r.Header.Set("X-Auth-Token", b.users[as].Token)
	w := httptest.NewRecorder()
	b.server.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func (b *bench) post(path, license string) (int, string) {
	b.t.Helper()
	body, err := json.Marshal(map[string]string{"license": license})
	if err != nil {
		b.t.Fatal(err)
	}
	return b.call("admin", http.MethodPost, path, string(body))
}

func TestWhichEndpointsThereAre(t *testing.T) {
	t.Parallel()
	all := []string{"licenses.get", "licenses.maxActiveUsers", "licenses.isEnterprise", "licenses.info"}
	for version, want := range map[string]string{
		"3.1.0":  "",
		"3.10.0": "licenses.get",
		"4.3.0":  "licenses.get licenses.maxActiveUsers",
		"5.4.0":  "licenses.get licenses.maxActiveUsers licenses.isEnterprise",
		"6.4.0":  "licenses.get licenses.maxActiveUsers licenses.isEnterprise",
		"6.13.0": strings.Join(all, " "),
		"7.0.0":  "licenses.maxActiveUsers licenses.info",
		"8.6.1":  "licenses.maxActiveUsers licenses.info",
	} {
		b := newBench(t, version)
		var got []string
		for _, path := range all {
			if _, body := b.call("admin", http.MethodGet, path, ""); strings.HasPrefix(body, "{") {
				got = append(got, path)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s has %v, want %s", version, got, want)
		}
	}
}

func TestAddRefuses(t *testing.T) {
	t.Parallel()
	const openSSL = "error:0407008A:rsa routines:RSA_padding_check_PKCS1_type_1:invalid padding"
	for version, want := range map[string]struct{ garbage, empty, missing string }{
		"3.18.0": {openSSL, "Invalid license", "Match error: Missing key 'license'"},
		"6.4.0":  {openSSL, "Invalid license", "Match error: Missing key 'license'"},
		"6.5.0":  {"Invalid license", "Empty license", "Match error: Missing key 'license'"},
		"8.6.1":  {"Invalid license", "Empty license", "Match error: Missing key 'license'"},
		"9.0.0":  {"Invalid license", "Empty license", "must have required property 'license'"},
	} {
		b := newBench(t, version)
		for body, want := range map[string]string{
			`{"license":"RCV3_garbage"}`: want.garbage, `{"license":"  "}`: want.empty, `{}`: want.missing,
		} {
			status, got := b.call("admin", http.MethodPost, "licenses.add", body)
			if status != http.StatusBadRequest || !strings.Contains(got, `"error":"`+want+`"`) {
				t.Errorf("%s %s gives %d %s, want 400 %s", version, body, status, got, want)
			}
		}
		if b.current != "" || b.store.Stored("Enterprise_License") != "" {
			t.Errorf("%s keeps a license that it refused", version)
		}
	}
}

func TestAddAndShow(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]string{
		"4.3.0": `{"licenses":[{"expiry":"2099-01-01","maxActiveUsers":100,"maxGuestUsers":5,"maxRoomsPerGuest":5,` +
			`"modules":["auditing","push-privacy"],"url":"*"}],"success":true}`,
		"6.13.0": `"modules":["auditing"]}],"success":true}`,
	} {
		b := newBench(t, version)
		if _, body := b.call("admin", http.MethodGet, "licenses.get", ""); body != `{"licenses":[],"success":true}` {
			t.Errorf("%s without a license shows %s", version, body)
		}
		text := b.license(rocketcloud.LicenseSpec{})
		if status, body := b.post("licenses.add", text); status != http.StatusOK || b.store.Stored("Enterprise_License") != text {
			t.Errorf("%s: licenses.add gives %d %s", version, status, body)
		}
		if _, body := b.call("admin", http.MethodGet, "licenses.get", ""); !strings.HasSuffix(body, want) {
			t.Errorf("%s shows %s, want %s", version, body, want)
		}
		if status, body := b.call("user", http.MethodGet, "licenses.get", ""); status != http.StatusForbidden {
			t.Errorf("%s shows a stranger %d %s, want 403", version, status, body)
		}
	}
}

// TestAddOfALicenseThatDoesNotCountHere is trap A14: success means well-formed and signed.
func TestAddOfALicenseThatDoesNotCountHere(t *testing.T) {
	t.Parallel()
	for name, spec := range map[string]rocketcloud.LicenseSpec{
		"another address": {Address: "https://other.example.com"},
		"expired":         {ValidUntil: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)},
	} {
		b := newBench(t, "6.13.0")
		if status, body := b.post("licenses.add", b.license(spec)); status != http.StatusOK {
			t.Errorf("%s: %d %s, want 200", name, status, body)
		}
		if _, body := b.call("admin", http.MethodGet, "licenses.info", ""); !strings.Contains(body, `"activeModules":[]`) {
			t.Errorf("%s: the modules are in force: %s", name, body)
		}
	}
}

func TestInfo(t *testing.T) {
	t.Parallel()
	b := newBench(t, "6.13.0")
	b.current = b.license(rocketcloud.LicenseSpec{Address: "chat.example.com", Modules: []string{"auditing"}})
	for _, c := range []struct{ as, query, has, hasNot string }{
		{"admin", "", `"privateApps":{"max":-1}`, `"max":-1,"value"`},
		{"admin", "?loadValues=true", `"activeUsers":{"max":-1,"value":4}`, "nothing"},
		{"admin", "?loadValues=false", `"license":{"grantedModules"`, `"value":0`},
		{"user", "?loadValues=true", `"activeModules":["auditing"],"limits":{}`, "grantedModules"},
		{"admin", "?loadValues=bananas", `must be boolean [invalid-params]`, "auditing"},
		{"admin", "?x=1", `must NOT have additional properties [invalid-params]`, "auditing"},
	} {
		_, body := b.call(c.as, http.MethodGet, "licenses.info"+c.query, "")
		if !strings.Contains(body, c.has) || strings.Contains(body, c.hasNot) {
			t.Errorf("%s %s shows %s, want %s and no %s", c.as, c.query, body, c.has, c.hasNot)
		}
	}
}

func TestWithoutALicense(t *testing.T) {
	t.Parallel()
	b := newBench(t, "6.4.0")
	for path, want := range map[string]string{
		"licenses.isEnterprise":   `{"isEnterprise":false,"success":true}`,
		"licenses.maxActiveUsers": `{"activeUsers":4,"maxActiveUsers":null,"success":true}`,
	} {
		if _, body := b.call("user", http.MethodGet, path, ""); body != want {
			t.Errorf("%s gives %s, want %s", path, body, want)
		}
	}
	b.current = b.license(rocketcloud.LicenseSpec{})
	if _, body := b.call("user", http.MethodGet, "licenses.maxActiveUsers", ""); !strings.Contains(body, `"maxActiveUsers":100`) {
		t.Errorf("with a license: %s, want 100", body)
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	if status, _ := newBench(t, "8.6.1").post("licenses.validate", "x"); status != http.StatusNotFound {
		t.Errorf("8.6 gives %d, want 404", status)
	}
	b := newBench(t, "8.7.0")
	for _, c := range []struct{ text, want string }{
		{b.license(rocketcloud.LicenseSpec{}), `{"success":true}`},
		{"garbage", `{"error":"license-invalid","reasons":[],"success":false}`},
		{b.license(rocketcloud.LicenseSpec{Address: "https://other.example.com"}),
			`{"error":"license-invalid","reasons":[{"behavior":"invalidate_license","reason":"url"}],"success":false}`},
		{b.license(rocketcloud.LicenseSpec{ValidUntil: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)}),
			`{"error":"license-invalid","reasons":[{"behavior":"disable_modules","modules":["auditing"],"reason":"period"}],"success":false}`},
	} {
		if _, body := b.post("licenses.validate", c.text); body != c.want || b.current != "" {
			t.Errorf("got %s, want %s and nothing in force", body, c.want)
		}
	}
}

func TestDeprecation(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]string{
		"6.4.0":  "",
		"6.5.0":  `The endpoint "/api/v1/licenses.get" is deprecated and will be removed on version 7.0.0 ( Use licenses.info instead.)`,
		"6.13.0": `The endpoint "/api/v1/licenses.get" is deprecated and will be removed on version 7.0.0 ( Please use the alternative(s): licenses.info)`,
	} {
		b := newBench(t, version)
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/v1/licenses.get", nil)
		r.Header.Set("X-User-Id", "u")
		r.Header.Set("X-Auth-Token", "user-token")
		w := httptest.NewRecorder()
		b.server.ServeHTTP(w, r)
		if got := w.Header().Get("X-Deprecation-Message"); got != want {
			t.Errorf("%s says %q, want %q", version, got, want)
		}
	}
}

func TestStatus(t *testing.T) {
	t.Parallel()
	b := newBench(t, "6.13.0")
	manager := b.manager(release.MustParse("6.13.0"))
	if got := fmt.Sprint(manager.Status()); got != "" {
		t.Errorf("without a license the status is %q", got)
	}
	b.current = b.license(rocketcloud.LicenseSpec{})
	if got := manager.Status(); got != "Valid" {
		t.Errorf("with one it is %v, want Valid", got)
	}
}
