package registration_test

import (
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/registrationtest/faults"
	"github.com/rcreg/registration/workspace"
)

// supportOf starts a workspace of a version whose Cloud publishes the list, and asks for the support window.
func supportOf(t *testing.T, v string, list registrationtest.Support, options ...registration.Option) (registration.Support, error) {
	t.Helper()
	clock := registrationtest.NewClock(testStart)
	fake := registrationtest.NewCloud(t, registrationtest.WithClock(clock))
	fake.SetSupport(list)
	ws := registrationtest.NewWorkspace(t, v, registrationtest.WithClock(clock), registrationtest.WithCloud(fake))
	return clienttest.OpenWithToken(t, ws, clock, append(withFakeCloud(t, ws, clock), options...)...).Support(t.Context())
}

// withFakeCloud makes a client ask the fake Cloud of a workspace, in place of the real one.
func withFakeCloud(t *testing.T, ws *registrationtest.Workspace, clock *registrationtest.Clock) []registration.Option {
	t.Helper()
	releases, err := cloud.New(cloud.WithURL(ws.Cloud().URL()), cloud.WithReleasesURL(ws.Cloud().URL()), cloud.WithClock(clock))
	if err != nil {
		t.Fatal(err)
	}
	return []registration.Option{registration.WithCloud(releases), registration.WithSupportKey(ws.Cloud().SupportKey())}
}

func entry(v string, until time.Time) registrationtest.SupportedVersion {
	return registrationtest.SupportedVersion{Version: v, Expiration: until}
}

func TestSupport(t *testing.T) {
	t.Parallel()
	later, past := testStart.AddDate(0, 3, 0), testStart.AddDate(0, -3, 0)
	list := func(entries ...registrationtest.SupportedVersion) registrationtest.Support {
		return registrationtest.Support{Timestamp: past, EnforcementStartDate: past, Versions: entries}
	}
	exceptUntil := func(l registrationtest.Support, domain string, until time.Time) registrationtest.Support {
		l.Exceptions = &registrationtest.SupportExceptions{Domain: domain, Versions: []registrationtest.SupportedVersion{entry("6.13.0", until)}}
		return l
	}
	except := func(l registrationtest.Support, domain string) registrationtest.Support {
		return exceptUntil(l, domain, later)
	}
	cases := []struct {
		name, version string
		list          registrationtest.Support
		want          registration.Support
	}{
		{"supported, says the workspace", "6.13.0", list(entry("6.13.2", later)), registration.Support{State: registration.Supported, Until: later, Source: "workspace"}},
		{"supported, says the Cloud", "5.4.0", list(entry("5.4.0", later)), registration.Support{State: registration.Supported, Until: later, Source: "cloud"}},
		{"expired", "6.13.0", list(entry("6.13.0", past), entry("6.12.0", later)), registration.Support{State: registration.Unsupported, Until: past, Source: "cloud"}},
		{"expired entry, newer entry", "5.4.0", list(entry("5.4.0", past), entry("5.4.3", later)), registration.Support{State: registration.Supported, Until: later, Source: "cloud"}},
		{"expired entry behind a newer one", "5.4.0", list(entry("5.4.3", later), entry("5.4.0", past)), registration.Support{State: registration.Supported, Until: later, Source: "cloud"}},
		{"the same minor of another major", "5.4.0", list(entry("6.4.0", later)), registration.Support{State: registration.Unsupported, Source: "cloud"}},
		{"an entry that is no version", "5.4.0", list(entry("latest", later), entry("5.4.0", past)), registration.Support{State: registration.Unsupported, Until: past, Source: "cloud"}},
		{"no entry that is one", "5.4.0", list(entry("latest", later)), registration.Support{State: registration.SupportUnknown, Source: "cloud"}},
		{"an exception that is not needed", "6.13.0", except(list(entry("6.13.0", later)), "127.0.0.1"), registration.Support{State: registration.Supported, Until: later, Source: "workspace"}},
		{"an exception that is over", "6.13.0", exceptUntil(list(entry("6.13.0", past)), "127.0.0.1", past), registration.Support{State: registration.Unsupported, Until: past, Source: "cloud"}},
		{"older than the list", "5.4.0", list(entry("6.13.0", later)), registration.Support{State: registration.Unsupported, Source: "cloud"}},
		{"not in the list", "5.4.0", list(entry("5.3.0", later)), registration.Support{State: registration.SupportUnknown, Source: "cloud"}},
		{"empty list", "5.4.0", list(), registration.Support{State: registration.SupportUnknown, Source: "cloud"}},
		{"no expiry", "5.4.0", list(entry("5.4.0", time.Time{})), registration.Support{State: registration.SupportUnknown, Source: "cloud"}},
		{"an exception", "6.13.0", except(list(entry("6.13.0", past)), "127.0.0.1"), registration.Support{State: registration.Supported, Until: later, Exception: true, Source: "workspace"}},
		{"an exception for somebody else", "6.13.0", except(list(entry("6.13.0", past)), "chat.example.com"), registration.Support{State: registration.Unsupported, Until: past, Source: "cloud"}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := supportOf(t, tc.version, tc.list)
			if err != nil {
				t.Fatal(err)
			}
			want := tc.want
			want.Version, want.Issued, want.EnforcedSince = tc.version, past, past
			if got != want {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
		})
	}
}

// A list that Rocket.Chat has not signed proves nothing, whatever it says.
func TestSupportBelievesOneKeyOnly(t *testing.T) {
	t.Parallel()
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	list := registrationtest.Support{Versions: []registrationtest.SupportedVersion{entry("6.13.0", testStart.AddDate(1, 0, 0))}}
	got, err := supportOf(t, "6.13.0", list, registration.WithSupportKey(&other.PublicKey))
	if err == nil || got.State != registration.SupportUnknown {
		t.Errorf("got %+v, %v", got, err)
	}
	if got, err = supportOf(t, "6.13.0", list, registration.WithTransport(registration.Direct())); err != nil || got.State != registration.Supported {
		t.Errorf("with the right key: got %+v, %v", got, err)
	}
}

func TestSupportRefusesOtherAlgorithms(t *testing.T) {
	t.Parallel()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	claims := jwt.MapClaims{"versions": []map[string]string{{"version": "6.13.0", "expiration": "2099-01-01T00:00:00Z"}}}
	sign := func(method jwt.SigningMethod, with any) string {
		text, err := jwt.NewWithClaims(method, claims).SignedString(with)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	whole := sign(jwt.SigningMethodRS256, key)
	cases := map[string]struct {
		signed string
		fine   bool
	}{
		"RS256":     {whole, true},
		"none":      {sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType), false},
		"HS256":     {sign(jwt.SigningMethodHS256, key.N.Bytes()), false},
		"RS512":     {sign(jwt.SigningMethodRS512, key), false},
		"cut off":   {whole[:len(whole)-10], false},
		"not a JWT": {"recorded-cloud-supported-versions", false},
		"empty":     {"", false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := supportSaidByCloud(t, tc.signed, &key.PublicKey)
			if fine := err == nil && got.State == registration.Supported; fine != tc.fine {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}

// supportSaidByCloud asks a workspace without a list, so that the Cloud's is all there is.
func supportSaidByCloud(t *testing.T, signed string, key *rsa.PublicKey) (registration.Support, error) {
	t.Helper()
	clock := registrationtest.NewClock(testStart)
	ws := registrationtest.NewWorkspace(t, "6.13.0", registrationtest.WithClock(clock))
	ws.Cloud().SetFault(faults.Fault{
		Call: faults.CallSupportedVersions, Kind: faults.Body, Body: `{"signed":"` + signed + `"}`,
	})
	releases, err := cloud.New(cloud.WithReleasesURL(ws.Cloud().URL()), cloud.WithClock(clock))
	if err != nil {
		t.Fatal(err)
	}
	return clienttest.OpenWithToken(t, ws, clock, registration.WithCloud(releases), registration.WithSupportKey(key)).Support(t.Context())
}

// TestSupportIn judges by the list that a workspace has sent, and asks nobody.
func TestSupportIn(t *testing.T) {
	t.Parallel()
	clock := registrationtest.NewClock(testStart)
	fake := registrationtest.NewCloud(t, registrationtest.WithClock(clock))
	fake.SetSupport(registrationtest.Support{Timestamp: testStart, Versions: []registrationtest.SupportedVersion{entry("6.13.0", testStart.AddDate(0, 3, 0))}})
	ws := registrationtest.NewWorkspace(t, "6.13.0", registrationtest.WithClock(clock), registrationtest.WithCloud(fake))
	admin := ws.Admin()
	w, err := workspace.New(ws.URL(), workspace.Token(admin.UserID, admin.AuthToken), workspace.WithClock(clock))
	if err != nil {
		t.Fatal(err)
	}
	info, err := w.Info(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	client := clienttest.ClientOf(t, w, append(withFakeCloud(t, ws, clock), registration.WithVersion(info.Version))...)
	ws.ClearHistory()
	fake.ClearHistory()
	if s, err := client.SupportIn(info); err != nil || s.State != registration.Supported || s.Source != "workspace" || s.Version != "6.13.0" {
		t.Errorf("got %+v, %v", s, err)
	}
	for _, list := range []string{"", "x.y.z"} {
		info.SupportedVersions = list
		var failed *registration.Error
		if s, err := client.SupportIn(info); !errors.As(err, &failed) || failed.Reason() == "" || len(failed.Remedies) == 0 || s.State != registration.SupportUnknown {
			t.Errorf("the list %q: %+v, %v", list, s, err)
		}
	}
	if n := len(ws.History()) + len(fake.History()); n != 0 {
		t.Errorf("it asked %d times", n)
	}
}
