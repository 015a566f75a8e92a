package registration_test

import (
	"crypto/rand"
	"crypto/rsa"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/jarcoal/httpmock"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/registrationtest/faults"
)

// TestSupportByTwoLists: the workspace has a list of its own, and the Cloud's is another one, or cannot be read.
func TestSupportByTwoLists(t *testing.T) {
	t.Parallel()
	later, past := testStart.AddDate(0, 3, 0), testStart.AddDate(0, -3, 0)
	ended := registrationtest.Support{Versions: []registrationtest.SupportedVersion{entry("6.13.0", past)}}
	for name, tc := range map[string]struct {
		remote registrationtest.Support
		down   bool
		state  registration.SupportState
		source string
	}{
		"the Cloud's is newer":      {registrationtest.Support{Versions: []registrationtest.SupportedVersion{entry("6.13.0", later)}}, false, registration.Supported, "cloud"},
		"the Cloud's says less":     {registrationtest.Support{}, false, registration.Unsupported, "workspace"},
		"the Cloud cannot be asked": {ended, true, registration.Unsupported, "workspace"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := registrationtest.NewClock(testStart)
			fake := registrationtest.NewCloud(t, registrationtest.WithClock(clock))
			fake.SetSupport(ended)
			ws := registrationtest.NewWorkspace(t, "6.13.0", registrationtest.WithClock(clock), registrationtest.WithCloud(fake))
			client := clienttest.OpenWithToken(t, ws, clock, withFakeCloud(t, ws, clock)...)
			fake.SetSupport(tc.remote)
			if tc.down {
				fake.SetFault(faults.Fault{Call: faults.CallSupportedVersions, Kind: faults.ServerError})
			}
			got, err := client.Support(t.Context())
			if err != nil || got.State != tc.state || got.Source != tc.source {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}

// TestSupportByUniqueID: exceptions are for a unique id where the list and the workspace have one, and for a domain elsewhere.
func TestSupportByUniqueID(t *testing.T) {
	t.Parallel()
	later, past := testStart.AddDate(0, 3, 0), testStart.AddDate(0, -3, 0)
	for name, tc := range map[string]struct {
		uniqueID string // that the exceptions are for; "ours" for the workspace's
		domain   string
		hidden   bool // nobody may read the unique id
		want     registration.SupportState
	}{
		"ours":                           {"ours", "chat.example.com", false, registration.Supported},
		"the list has a domain alone":    {"", "127.0.0.1", false, registration.Supported},
		"another's":                      {"another", "127.0.0.1", false, registration.Unsupported},
		"hidden, our domain":             {"ours", "127.0.0.1", true, registration.Supported},
		"hidden, somebody else's domain": {"ours", "chat.example.com", true, registration.Unsupported},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ws, clock := clienttest.Start(t, "5.4.0")
			client := clienttest.OpenWithToken(t, ws, clock, withFakeCloud(t, ws, clock)...)
			status, err := client.Status(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			id := tc.uniqueID
			if id == "ours" {
				id = status.UniqueID
			}
			ws.Cloud().SetSupport(registrationtest.Support{
				Versions:   []registrationtest.SupportedVersion{entry("5.4.0", past)},
				Exceptions: &registrationtest.SupportExceptions{Domain: tc.domain, UniqueID: id, Versions: []registrationtest.SupportedVersion{entry("5.4.0", later)}},
			})
			if tc.hidden {
				ws.SetFault(faults.Fault{Call: "cloud.registrationStatus", Kind: faults.ServerError})
			}
			ws.Cloud().ClearHistory()
			got, err := client.Support(t.Context())
			if err != nil || got.State != tc.want || got.Exception != (tc.want == registration.Supported) {
				t.Errorf("got %+v, %v", got, err)
			}
			if query := ws.Cloud().History()[0].Query; strings.Contains(query, "uniqueId="+status.UniqueID) == tc.hidden {
				t.Errorf("the Cloud was asked for %s", query)
			}
		})
	}
}

// TestSupportWithoutAnyList says why there is none, of both.
func TestSupportWithoutAnyList(t *testing.T) {
	t.Parallel()
	releases := httpmock.NewMockTransport()
	releases.RegisterNoResponder(answers(500, "application/json", `{"error":"broken"}`))
	broken, err := cloud.New(cloud.WithRoundTripper(releases), cloud.WithClock(registrationtest.NewClock(testStart)))
	if err != nil {
		t.Fatal(err)
	}
	infos := jsonReply(`{"version":"8.7.0","success":true}`)
	for name, tc := range map[string]struct {
		again httpmock.Responder // the second answer to GET /api/info
		says  string
	}{
		"no list":    {infos, "it has none (servers have one from 6.5)"},
		"no answer":  {answers(403, "text/html", "<html>"), "HTTP 403"},
		"not signed": {jsonReply(`{"version":"8.7.0","supportedVersions":{"signed":"x"},"success":true}`), "not signed by Rocket.Chat"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ws, _ := mocked(t, "https://chat.example.com", map[string]httpmock.Responder{"GET /api/info": infos.Then(tc.again)})
			client := clienttest.ClientOf(t, ws, registration.WithCloud(broken))
			got, err := client.Support(t.Context())
			if err == nil || !strings.Contains(err.Error(), tc.says) || failure.KindOf(err).Name() != "cloud_failed" || got.Version != "8.7.0" {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}

// TestSupportListThatDoesNotCount says of a list that Rocket.Chat has signed why it does not count, and never that it is not signed.
func TestSupportListThatDoesNotCount(t *testing.T) {
	t.Parallel()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	const critical = "not known here"
	before, after := testStart.Add(-48*time.Hour), testStart.Add(48*time.Hour)
	for name, tc := range map[string]struct {
		claims jwt.MapClaims
		header map[string]any
		says   string // empty where it counts
	}{
		"as usual":                {nil, nil, ""},
		"a header of no matter":   {nil, map[string]any{"kid": "2"}, ""},
		"expired":                 {jwt.MapClaims{"exp": before.Unix()}, nil, "has expired on " + before.Format(time.DateOnly)},
		"not yet":                 {jwt.MapClaims{"nbf": after.Unix()}, nil, "does not count before " + after.Format(time.DateOnly)},
		"issued later":            {jwt.MapClaims{"iat": after.Unix()}, nil, ""},
		"an expiry of words":      {jwt.MapClaims{"exp": "tomorrow"}, nil, "fields are not those"},
		"versions as an object":   {jwt.MapClaims{"versions": map[string]any{"6.13.0": "2099"}}, nil, "fields are not those"},
		"a time stamp as number":  {jwt.MapClaims{"timestamp": 5}, nil, "fields are not those"},
		"critical and unknown":    {nil, map[string]any{"crit": []string{"foo"}, "foo": 1}, critical},
		"critical and registered": {nil, map[string]any{"crit": []string{"exp"}, "exp": 1}, critical},
		"critical and empty":      {nil, map[string]any{"crit": []string{}}, critical},
		"critical and a word":     {nil, map[string]any{"crit": "foo"}, critical},
		"critical and null":       {nil, map[string]any{"crit": nil}, critical},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			claims := jwt.MapClaims{"versions": []map[string]string{{"version": "6.13.0", "expiration": "2099-01-01T00:00:00Z"}}, "timestamp": before.Format(time.RFC3339)}
			maps.Copy(claims, tc.claims)
			token := jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
			maps.Copy(token.Header, tc.header)
			signed, err := token.SignedString(key)
			if err != nil {
				t.Fatal(err)
			}
			got, err := supportSaidByCloud(t, signed, &key.PublicKey)
			if tc.says == "" {
				if err != nil || got.State != registration.Supported {
					t.Errorf("got %+v, %v", got, err)
				}
				return
			}
			if err == nil || got.State != registration.SupportUnknown || strings.Contains(err.Error(), "\n") {
				t.Fatalf("got %+v, %v", got, err)
			}
			_, said, _ := strings.Cut(err.Error(), "the Cloud's list: ") // the workspace's own has another key
			if !strings.HasPrefix(said, "it is signed, and ") || !strings.Contains(said, tc.says) {
				t.Errorf("got %+v, %v", got, err)
			}
			if tc.says != critical && strings.Contains(err.Error(), "check the clock") != (name == "expired" || name == "not yet") {
				t.Errorf("the next step does not fit: %v", err)
			}
		})
	}
}

// TestSupportByAWrongClock believes the list that it is at least as late as when that was signed.
func TestSupportByAWrongClock(t *testing.T) {
	t.Parallel()
	later := testStart.AddDate(5, 0, 0)
	list := func(until time.Time) registrationtest.Support {
		return registrationtest.Support{Timestamp: later, EnforcementStartDate: testStart, Versions: []registrationtest.SupportedVersion{entry("6.13.0", until)}}
	}
	for until, want := range map[time.Time]registration.SupportState{
		later.AddDate(0, -1, 0): registration.Unsupported,
		later.AddDate(0, 1, 0):  registration.Supported,
	} {
		if got, err := supportOf(t, "6.13.0", list(until)); err != nil || got.State != want || !got.Issued.Equal(later) {
			t.Errorf("until %s: got %+v, %v", until, got, err)
		}
	}
}
