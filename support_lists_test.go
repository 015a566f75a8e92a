package registration_test

import (
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/registrationtest"
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
			client := openWithToken(t, ws, clock, withFakeCloud(t, ws, clock)...)
			fake.SetSupport(tc.remote)
			if tc.down {
				fake.SetFault(registrationtest.Fault{Call: registrationtest.CallSupportedVersions, Kind: registrationtest.FaultServerError})
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
			ws, clock := start(t, "5.4.0")
			client := openWithToken(t, ws, clock, withFakeCloud(t, ws, clock)...)
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
				ws.SetFault(registrationtest.Fault{Call: "cloud.registrationStatus", Kind: registrationtest.FaultServerError})
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
			client := clientOf(t, ws, registration.WithCloud(broken))
			got, err := client.Support(t.Context())
			if err == nil || !strings.Contains(err.Error(), tc.says) || registration.KindName(err) != "cloud_failed" || got.Version != "8.7.0" {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}
