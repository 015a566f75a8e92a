package registration_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/registrationtest/faults"
	"github.com/rcreg/registration/workspace"
)

func TestLicense(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.10", "", func(t *testing.T, v string) {
		ws, clock := clienttest.Start(t, v)
		client := clienttest.OpenWithToken(t, ws, clock)
		none, err := client.License(t.Context())
		if err != nil || none.State != registration.NoLicense || none.Modules == nil || !json.Valid(none.Raw) {
			t.Errorf("without one: %+v, %v", none, err)
		}
		until := time.Date(2077, 5, 1, 0, 0, 0, 0, time.UTC)
		text := clienttest.LicenseText(t, ws, registrationtest.LicenseSpec{Modules: []string{"canned-responses", "auditing"}, ValidUntil: until})
		result, err := client.ApplyLicense(t.Context(), text)
		if err != nil || !result.Changed || len(result.Calls) == 0 {
			t.Fatalf("apply: %+v, %v", result, err)
		}
		got, err := client.License(t.Context())
		if err != nil || got.State != registration.LicenseInForce || !got.Expires.Equal(until) {
			t.Errorf("got %+v, %v", got, err)
		}
		if !slices.Contains(got.Modules, "auditing") || !slices.Contains(got.Modules, "canned-responses") || !slices.IsSorted(got.Modules) {
			t.Errorf("modules %q", got.Modules)
		}
		again, err := client.ApplyLicense(t.Context(), "\ufeff\n "+text[:20]+"\r\n"+text[20:]+" \n")
		if err != nil || again.Changed {
			t.Errorf("again: %+v, %v", again, err)
		}
	})
}

func TestLicenseBelow310(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.0", "3.10", func(t *testing.T, v string) {
		ws, clock := clienttest.Start(t, v)
		client := clienttest.OpenWithToken(t, ws, clock)
		ws.ClearHistory()
		_, err := client.License(t.Context())
		clienttest.Expect(t, "read", registration.Result{}, err, registration.ErrUnsupported, false)
		if !strings.Contains(err.Error(), "from 3.10") {
			t.Errorf("no remedy: %v", err)
		}
		_, err = client.ApplyLicense(t.Context(), "text")
		clienttest.Expect(t, "apply", registration.Result{}, err, registration.ErrUnsupported, false)
		if !strings.Contains(err.Error(), "from 3.10") {
			t.Errorf("no remedy: %v", err)
		}
		if n := len(ws.History()); n != 0 {
			t.Errorf("%d requests were sent", n)
		}
	})
}

func TestApplyLicenseRefusesWhatCannotBeOne(t *testing.T) {
	t.Parallel()
	ws, clock := clienttest.Start(t, "8.7.0")
	client := clienttest.OpenWithToken(t, ws, clock)
	ws.ClearHistory()
	for name, text := range map[string]string{
		"empty": "", "blank": " \t\r\n", "mark alone": "\ufeff", "huge": strings.Repeat("x", 64<<10+1), "control": "RCV3_\x00", "not ASCII": "RCV3_é", "cut off": "RCV3_e30.eyB9!!!!.x", "of another product": "e30.e30.x", "without claims": licenseOf(`{"iss":"https://other.example.com"}`), "not UTF-8": "\xff\xfe",
	} {
		result, err := client.ApplyLicense(t.Context(), text)
		clienttest.Expect(t, name, registration.Result{}, err, registration.ErrInvalidInput, false)
		if result.Operation == "" || len(err.Error()) > 500 {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(ws.History()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

func TestApplyLicenseThatIsNotSigned(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.10", "", func(t *testing.T, v string) {
		ws, clock := clienttest.Start(t, v)
		client := clienttest.OpenWithToken(t, ws, clock)
		if _, err := client.ApplyLicense(t.Context(), clienttest.LicenseText(t, ws, registrationtest.LicenseSpec{})); err != nil {
			t.Fatal(err)
		}
		const secret = "garbage-that-nobody-may-see"
		result, err := client.ApplyLicense(t.Context(), secret)
		clienttest.Expect(t, "garbage", registration.Result{}, err, registration.ErrLicenseRefused, false)
		if result.Changed || result.After.State != registration.LicenseInForce || strings.Contains(err.Error(), secret) {
			t.Errorf("got %+v, %v", result, err)
		}
	})
}

func TestA14AddedIsNotInForce(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.10", "", func(t *testing.T, v string) {
		for _, licensed := range []bool{false, true} {
			ws, clock := clienttest.Start(t, v)
			client := clienttest.OpenWithToken(t, ws, clock)
			if licensed {
				if _, err := client.ApplyLicense(t.Context(), clienttest.LicenseText(t, ws, registrationtest.LicenseSpec{})); err != nil {
					t.Fatal(err)
				}
			}
			foreign := clienttest.LicenseText(t, ws, registrationtest.LicenseSpec{Address: "elsewhere.example.com"})
			result, err := client.ApplyLicense(t.Context(), foreign)
			clienttest.Expect(t, "foreign", registration.Result{}, err, registration.ErrLicenseRefused, false)
			if result.Changed || slices.ContainsFunc(result.Calls, func(c workspace.Call) bool { return c.Name == "POST licenses.add" }) {
				t.Errorf("it was handed over all the same: %+v", result)
			}
			expectWayBack(t, err, failure.ForceLicense, licensed)
			result, err = client.ForceLicense(t.Context(), foreign)
			clienttest.Expect(t, "foreign with force", registration.Result{}, err, registration.ErrLicenseNotInForce, false)
			if result.Changed != licensed {
				t.Errorf("forced, it did %+v", result)
			}
			expectWayBack(t, err, failure.RestoreLicense, licensed)
			clienttest.Claims(t, func() error { return client.Session().ApplyLicense(t.Context(), foreign) }, true)
		}
	})
}

// expectWayBack: a failure names the license in force that would end, or has ended, and that its text is to be applied again; it speaks of none where none was in force.
func expectWayBack(t *testing.T, err error, act failure.Act, licensed bool) {
	t.Helper()
	named := slices.ContainsFunc(failure.Remedies(err), func(r failure.Remedy) bool { return r.Act == act && strings.Contains(r.With, "until 2099-01-01") })
	if said := fmt.Sprint(err); named != licensed || licensed != strings.Contains(said, "text") || licensed != strings.Contains(said, "in force (") {
		t.Errorf("licensed %v: %s", licensed, said)
	}
}

func TestA9RemoveLicenseIsASuccessAnyway(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "6.5", "", func(t *testing.T, v string) {
		t.Run("the Cloud refuses", func(t *testing.T) {
			t.Parallel()
			ws, client := registeredWorkspace(t, v)
			ws.Cloud().SetFault(faults.Fault{Call: faults.CallDowngrade, Kind: faults.ServerError})
			result, err := client.RemoveLicense(t.Context())
			if err != nil || !result.Changed || len(result.Notes) == 0 {
				t.Errorf("got %+v, %v", result, err)
			}
			again, err := client.RemoveLicense(t.Context())
			if err != nil || again.Changed {
				t.Errorf("again: %+v, %v", again, err)
			}
		})
		t.Run("the Cloud has dropped it", func(t *testing.T) {
			t.Parallel()
			ws, client := registeredWorkspace(t, v)
			if err := ws.Cloud().Remove(ws.Cloud().Workspaces()[0].ID); err != nil {
				t.Fatal(err)
			}
			result, err := client.RemoveLicense(t.Context())
			clienttest.Expect(t, "remove", registration.Result{}, err, registration.ErrRemovedFromCloud, false)
			if len(result.Calls) == 0 {
				t.Errorf("got %+v", result)
			}
		})
	})
}

// TestRemoveLicenseThatComesBack: the Cloud of the test hands a license out in every sync.
func TestRemoveLicenseThatComesBack(t *testing.T) {
	t.Parallel()
	const licensed = `{"license":{"license":{"information":{"id":"l"}},"activeModules":["auditing"],"limits":{"activeUsers":{"max":-1}}},"success":true}`
	client := licenseClient(t, "8.7.0", map[string]httpmock.Responder{
		"GET /api/v1/licenses.info":            jsonReply(licensed),
		"POST /api/v1/cloud.removeLicense":     jsonReply(`{"success":true}`),
		"GET /api/v1/cloud.registrationStatus": jsonReply(`{"registrationStatus":{"workspaceRegistered":true,"uniqueId":"u"},"success":true}`),
	})
	result, err := client.RemoveLicense(t.Context())
	clienttest.Expect(t, "remove", registration.Result{}, err, err, false)
	if err == nil || result.Changed {
		t.Errorf("got %+v, %v", result, err)
	}
}

func licenseClient(t *testing.T, version string, responders map[string]httpmock.Responder) *registration.Client {
	t.Helper()
	responders["GET /api/info"] = jsonReply(`{"version":"` + version + `","success":true}`)
	ws, _ := mocked(t, "https://chat.example.com", responders)
	return clienttest.ClientOf(t, ws)
}

func TestLicenseReplies(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reply httpmock.Responder
		state registration.LicenseState
		kind  error
	}{
		"none":            {jsonReply(`{"license":{"activeModules":[],"limits":{"activeUsers":{"max":-1}}},"success":true}`), registration.NoLicense, nil},
		"hidden":          {jsonReply(`{"license":{"activeModules":[],"limits":{}},"success":true}`), registration.LicenseHidden, nil},
		"no limits":       {jsonReply(`{"license":{"activeModules":null},"success":true}`), registration.LicenseHidden, nil},
		"modules alone":   {jsonReply(`{"license":{"activeModules":["b","a","a"],"limits":{}},"success":true}`), registration.LicenseInForce, nil},
		"valid, no more":  {jsonReply(`{"license":{"activeModules":[],"limits":{},"hasValidLicense":true},"success":true}`), registration.LicenseInForce, nil},
		"not valid":       {jsonReply(`{"license":{"activeModules":[],"limits":{},"hasValidLicense":false},"success":true}`), registration.NoLicense, nil},
		"ended":           {jsonReply(`{"license":{"license":{},"activeModules":["a"],"hasValidLicense":false},"success":true}`), registration.NoLicense, nil},
		"valid is null":   {jsonReply(`{"license":{"activeModules":[],"hasValidLicense":null},"success":true}`), registration.LicenseHidden, nil},
		"valid is text":   {jsonReply(`{"license":{"activeModules":[],"hasValidLicense":"yes"},"success":true}`), "", workspace.ErrBadReply},
		"old list":        {jsonReply(`{"licenses":[{"url":"*","expiry":"2099-01-01","modules":["auditing"]}],"success":true}`), registration.LicenseInForce, nil},
		"empty list":      {jsonReply(`{"licenses":[],"success":true}`), registration.NoLicense, nil},
		"null list":       {jsonReply(`{"licenses":null,"success":true}`), "", workspace.ErrBadReply},
		"wrong list type": {jsonReply(`{"licenses":5,"success":true}`), "", workspace.ErrBadReply},
		"null":            {jsonReply(`{"license":null,"success":true}`), "", workspace.ErrBadReply},
		"no license":      {jsonReply(`{"success":true}`), "", workspace.ErrBadReply},
		"a text":          {jsonReply(`{"license":"RCV3_x","success":true}`), "", workspace.ErrBadReply},
		"wrong types":     {jsonReply(`{"license":{"activeModules":5},"success":true}`), "", workspace.ErrBadReply},
		"wrong list":      {jsonReply(`{"licenses":[5],"success":true}`), "", workspace.ErrBadReply},
		"cut off":         {jsonReply(`{"license":{`), "", workspace.ErrBadReply},
		"web page":        {httpmock.NewStringResponder(502, "<html>").HeaderSet(map[string][]string{"Content-Type": {"text/html"}}), "", workspace.ErrReplyLost},
		"not logged in":   {httpmock.NewStringResponder(401, `{"status":"error","message":"You must be logged in to do this."}`).HeaderSet(clienttest.JSONHeader()), "", workspace.ErrUnauthorized},
		"not permitted":   {httpmock.NewStringResponder(403, `{"success":false,"error":"unauthorized"}`).HeaderSet(clienttest.JSONHeader()), "", registration.ErrForbidden},
		"no such call":    {httpmock.NewStringResponder(404, "404 Not Found").HeaderSet(map[string][]string{"Content-Type": {"text/plain"}}), "", registration.ErrUnsupported},
		"dead line":       {httpmock.NewErrorResponder(errors.New("dead")), "", workspace.ErrReplyLost},
		"strange expiry":  {jsonReply(`{"licenses":[{"expiry":"soon","modules":[]}],"success":true}`), registration.LicenseInForce, nil},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := licenseClient(t, "8.7.0", map[string]httpmock.Responder{"GET /api/v1/licenses.info": tc.reply, "GET /api/v1/licenses.get": tc.reply})
			license, err := client.License(t.Context())
			if license.State != tc.state || tc.kind == nil && err != nil || tc.kind != nil && !errors.Is(err, tc.kind) {
				t.Errorf("got %+v, %v", license, err)
			}
		})
	}
}
