package cloud_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/rcreg/registration/cloud"
)

const homeURL = base + "/api/v2/workspaces/ws-1"

// expect answers a call with a bearer, after a look at what was sent.
func expect(t *testing.T, mock *httpmock.MockTransport, verb, url, body, reply string) {
	t.Helper()
	mock.RegisterResponder(verb, url, func(r *http.Request) (*http.Response, error) {
		var sent []byte
		if r.Body != nil {
			var err error
			if sent, err = io.ReadAll(r.Body); err != nil {
				t.Error(err)
			}
		}
		if string(sent) != body || r.Header.Get("Authorization") != "Bearer "+accessToken || r.URL.String() != url {
			t.Errorf("sent %q with %q to %s", sent, r.Header.Get("Authorization"), r.URL)
		}
		return httpmock.NewStringResponse(http.StatusOK, reply), nil
	})
}

func TestSyncSendsTheDataByteForByte(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	allow(mock)
	expect(t, mock, http.MethodPost, homeURL+"/sync", registrationJSON,
		`{"workspaceId":"ws-1","publicKey":"key-2","license":"`+licenseText+`","removeLicense":true,"newField":1}`)
	reply, err := client.Sync(t.Context(), grantOf(t, nil), data(t))
	if err != nil || reply.WorkspaceID != "ws-1" || reply.PublicKey != "key-2" || reply.License.Reveal() != licenseText || !reply.RemoveLicense {
		t.Errorf("got %v, %v", reply, err)
	}
}

func TestSyncWithoutALicense(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	allow(mock)
	expect(t, mock, http.MethodPost, homeURL+"/sync", registrationJSON, `{"workspaceId":"ws-1","license":null}`)
	reply, err := client.Sync(t.Context(), grantOf(t, nil), data(t))
	if err != nil || !reply.License.IsEmpty() || reply.RemoveLicense {
		t.Errorf("got %v, %v", reply, err)
	}
}

func TestSyncLegacyPassesOnWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	allow(mock)
	expect(t, mock, http.MethodPost, homeURL+"/client", registrationJSON,
		`{"workspaceId":"ws-1","publicKey":"key-2","trial":{"trialID":"t"},"nps":{"id": 1},"banners":[],"announcements":{}}`)
	reply, err := client.SyncLegacy(t.Context(), grantOf(t, nil), data(t))
	if err != nil || reply.WorkspaceID != "ws-1" || reply.PublicKey != "key-2" || string(reply.Trial) != `{"trialID":"t"}` ||
		string(reply.NPS) != `{"id": 1}` || string(reply.Banners) != "[]" || string(reply.Announcements) != "{}" {
		t.Errorf("got %v, %v", reply, err)
	}
}

func TestLicenseAsksForAFormat(t *testing.T) {
	t.Parallel()
	const reply = `{"version":3,"license":"` + licenseText + `","modules":"a,b","unknown":1.0}`
	for version, query := range map[int]string{0: "", 2: "?version=2", 3: "?version=3"} {
		client, mock := mocked(t)
		allow(mock)
		expect(t, mock, http.MethodGet, homeURL+"/license"+query, "", reply)
		license, err := client.License(t.Context(), grantOf(t, nil), version)
		if err != nil || license.License.Reveal() != licenseText || license.Version != 3 {
			t.Errorf("got %v, %v", license, err)
		}
		whole, err := grantOf(t, map[string]any{"licenseData": nil}).WithLicense(license)
		if err != nil || whole.Check() != nil {
			t.Errorf("got %v, %v", whole, err)
		}
	}
}

// TestCachesOnTheWay: what has become of a registration, and a license, are never those of a cache. The signed list of versions may be.
func TestCachesOnTheWay(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	allow(mock)
	for url, body := range map[string]string{
		homeURL + "/license": `{"version":3,"license":"` + licenseText + `"}`,
		base + "/api/v2/register/workspace/poll?token=dev-1":       `{"status":"authorization_pending"}`,
		"https://releases.example.com/v2/server/supportedVersions": `{"signed":"a.b.c"}`,
	} {
		mock.RegisterResponder(http.MethodGet, url, func(r *http.Request) (*http.Response, error) {
			response := httpmock.NewStringResponse(http.StatusOK, body)
			response.Header.Set("Content-Type", "application/json")
			if strings.Contains(url, "/v2/server/") || r.Header.Get("Cache-Control") == "no-cache" {
				response.Header.Set("X-Cache", "Hit from cloudfront")
			}
			return response, nil
		})
	}
	for name, err := range map[string]error{
		"poll":    func() error { _, _, err := client.Poll(t.Context(), "dev-1"); return err }(),
		"license": func() error { _, err := client.License(t.Context(), grantOf(t, nil), 0); return err }(),
	} {
		if !errors.Is(err, cloud.ErrBadReply) || !strings.Contains(err.Error(), "cache") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if list, err := client.SupportedVersions(t.Context(), "", ""); err != nil || list.Signed != "a.b.c" {
		t.Errorf("got %v, %v", list, err)
	}
}

func TestDowngradeCommunicationsAndCheckout(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	allow(mock)
	grant := grantOf(t, nil)
	expect(t, mock, http.MethodPost, homeURL+"/client/downgrade", "", "")
	if err := client.Downgrade(t.Context(), grant); err != nil {
		t.Error(err)
	}
	expect(t, mock, http.MethodPost, base+"/api/v3/comms/workspace", registrationJSON,
		`{"workspaceId":"ws-1","publicKey":"k","nps":{},"announcements":{"create":[{"_id":"a"}],"delete":[{"_id":"b"}]}}`)
	news, err := client.Communications(t.Context(), grant, data(t))
	if err != nil || news.WorkspaceID != "ws-1" || news.PublicKey != "k" || len(news.Create) != 1 || string(news.Create[0]) != `{"_id":"a"}` || len(news.Delete) != 1 {
		t.Errorf("got %v, %v", news, err)
	}
	expect(t, mock, http.MethodPost, "https://billing.example.com/api/v2/checkout",
		`{"cancelCallback":"https://chat.example.com/no","okCallback":"https://chat.example.com/yes?a=b"}`, `{"url":"https://pay.example.com/1"}`)
	link, err := client.Checkout(t.Context(), grant, "https://chat.example.com/yes?a=b", "https://chat.example.com/no")
	if err != nil || link != "https://pay.example.com/1" {
		t.Errorf("got %v, %v", link, err)
	}
}

func TestCheckoutReturnsToPages(t *testing.T) {
	t.Parallel()
	const page = "https://chat.example.com"
	for _, pages := range [][2]string{
		{"", page}, {page, "javascript:alert(1)"}, {page, "ftp://chat.example.com"}, {"https://", page}, {"https://chat.example.com/%zz", page},
	} {
		client, mock := mocked(t)
		if _, err := client.Checkout(t.Context(), grantOf(t, nil), pages[0], pages[1]); !errors.Is(err, cloud.ErrInvalidArgument) || mock.GetTotalCallCount() != 0 {
			t.Errorf("%q: got %v", pages, err)
		}
	}
	client, mock := mocked(t)
	allow(mock)
	answer(mock, http.MethodPost, "https://billing.example.com/api/v2/checkout", http.StatusOK, `{"url":"https://pay.example.com/1"}`)
	if _, err := client.Checkout(t.Context(), grantOf(t, nil), page, "http://chat.example.com"); err != nil {
		t.Error(err)
	}
}

// TestCredentialsStayAtTheCloud: the registration_client_uri of a grant comes from outside.
func TestCredentialsStayAtTheCloud(t *testing.T) {
	t.Parallel()
	for _, uri := range []string{
		"https://evil.example.com/api/v2/workspaces/ws-1", "https://cloud.example.com.evil.test/", "https://cloud.example.com:8443/base",
		"http://cloud.example.com/base", "http://127.0.0.1:3001/", "http://localhost/", "https://cloud.example.com@evil.example.com/", "file:///etc/passwd",
		"https://cloud.example.com/base?a=b", "https://cloud.example.com/base/../x", "cloud.example.com", "https://169.254.169.254/latest",
		"https://cloud.example.com:443@evil.example.com/", "https://user:pw@cloud.example.com/base", `https://cloud.example.com\@evil.example.com/`,
		`https://evil.example.com\@cloud.example.com/`, `https:\\cloud.example.com\base`, "https:cloud.example.com/base", "https:///cloud.example.com/base",
		"//cloud.example.com/base", "https://cloud.example.com./base", "https://evil.cloud.example.com/", "https://example.com/", "https://cl\u043eud.example.com/",
		"https://xn--clud-qqa.example.com/", "https://cloud\u3002example.com/", "https://cloud.example.com%2eevil.test/", "https://cloud.example.com%00.evil.test/",
		"https://cloud.example.com#@evil.example.com/", "https://cloud.example.com/base#x", "https://cloud.example.com/%2e%2e/x", "https://cloud.example.com/base/..%2f..",
		"https://cloud.example.com/base\r\nHost: evil.example.com", "https://cloud.example.com\t.evil.test/", "https://cloud.example.com:0/", "https://cloud.example.com:443x/",
		"https://[::1]:3001/", "https://0.0.0.0/", "https://2130706433/", "https://0x7f.1/", "https://[::ffff:127.0.0.1]/", "wss://cloud.example.com/base",
		"ftp://cloud.example.com/", "javascript:alert(1)", "data:,x", "blob:https://cloud.example.com/x", " ", "https://",
	} {
		t.Run(uri, func(t *testing.T) {
			t.Parallel()
			client, mock := mocked(t)
			allow(mock)
			grant := grantOf(t, map[string]any{"registration_client_uri": uri})
			for name, err := range workspaceCalls(t, client, grant) {
				if !errors.Is(err, cloud.ErrForeignAddress) {
					t.Errorf("%s: got %v", name, err)
				}
			}
			if mock.GetTotalCallCount() != 0 {
				t.Errorf("sent %d requests", mock.GetTotalCallCount())
			}
		})
	}
	client, _ := mocked(t)
	for uri, problem := range map[string]string{
		"http://cloud.example.com/base": "plain http", "https://evil.example.com": "this client asks " + base + " alone",
	} {
		if _, err := client.License(t.Context(), grantOf(t, map[string]any{"registration_client_uri": uri}), 2); err == nil || !strings.Contains(err.Error(), problem) {
			t.Errorf("%s: got %v", uri, err)
		}
	}
	for name, err := range workspaceCalls(t, client, grantOf(t, map[string]any{"registration_client_uri": nil})) {
		if !errors.Is(err, cloud.ErrInvalidGrant) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// workspaceCalls makes the calls that go where a grant says, and returns their errors.
func workspaceCalls(t *testing.T, client *cloud.Client, grant cloud.Grant) map[string]error {
	t.Helper()
	_, syncErr := client.Sync(t.Context(), grant, data(t))
	_, legacyErr := client.SyncLegacy(t.Context(), grant, data(t))
	_, licenseErr := client.License(t.Context(), grant, 2)
	return map[string]error{"sync": syncErr, "client": legacyErr, "license": licenseErr, "downgrade": client.Downgrade(t.Context(), grant)}
}

func TestLostRepliesOfWritesAreUnknown(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	allow(mock)
	mock.RegisterNoResponder(httpmock.NewErrorResponder(&net.OpError{Op: "read", Err: errors.New("connection reset")}))
	for name, err := range workspaceCalls(t, client, grantOf(t, nil)) {
		want := cloud.ErrOutcomeUnknown
		if name == "license" {
			want = cloud.ErrUnreachable
		}
		if !errors.Is(err, want) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if n := mock.GetCallCountInfo()["NO_RESPONDER"]; n != 3+5 {
		t.Errorf("sent %d requests", n)
	}
}

func TestRepliesOfTheWrongShape(t *testing.T) {
	t.Parallel()
	const oddTypes = `{"workspaceId":5,"license":5,"url":5,"announcements":5,"signed":5,"id":5,"device_code":5,"access_token":5}`
	for body, problem := range map[string]string{
		"": "it is not JSON", "null": "it is not an object", "[]": "it is a list", "5": "it is not an object", `{"workspaceId":`: "its JSON is cut off", "{}": "",
		oddTypes: "the wrong type",
	} {
		t.Run(body, func(t *testing.T) {
			t.Parallel()
			client, mock := mocked(t)
			allow(mock)
			mock.RegisterNoResponder(httpmock.NewStringResponder(http.StatusOK, body))
			grant := grantOf(t, nil)
			failures := workspaceCalls(t, client, grant)
			delete(failures, "downgrade") // it expects nothing
			if body == "{}" {
				delete(failures, "license") // there is none
			}
			if body == oddTypes {
				delete(failures, "license") // it says what is wrong in its own words
			}
			_, failures["comms"] = client.Communications(t.Context(), grant, data(t))
			_, failures["checkout"] = client.Checkout(t.Context(), grant, "https://a.example.com", "https://b.example.com")
			_, failures["supported"] = client.SupportedVersions(t.Context(), "", "")
			_, failures["register"] = client.Register(t.Context(), data(t), false)
			_, failures["intent"] = client.Intent(t.Context(), data(t), false)
			answer(mock, http.MethodPost, tokenURL, http.StatusOK, body)
			_, failures["token"] = client.AccessToken(t.Context(), grant, "another scope")
			for name, err := range failures {
				if !errors.Is(err, cloud.ErrBadReply) || !strings.Contains(err.Error(), problem) {
					t.Errorf("%s: got %v", name, err)
				}
			}
		})
	}
}

func TestCallsNeedRegistrationData(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	grant, none := grantOf(t, nil), cloud.RegistrationData{}
	_, syncErr := client.Sync(t.Context(), grant, none)
	_, commsErr := client.Communications(t.Context(), grant, none)
	_, registerErr := client.Register(t.Context(), none, false)
	_, intentErr := client.Intent(t.Context(), none, false)
	unnamed, err := cloud.ParseRegistrationData([]byte(`{"uniqueId":"u-1"}`))
	if err != nil {
		t.Fatal(err)
	}
	_, unnamedErr := client.Intent(t.Context(), unnamed, false)
	for _, err := range []error{syncErr, commsErr, registerErr, intentErr, unnamedErr, client.PreIntent(t.Context(), none)} {
		if !errors.Is(err, cloud.ErrInvalidRegistrationData) {
			t.Errorf("got %v", err)
		}
	}
	if mock.GetTotalCallCount() != 0 {
		t.Errorf("sent %d requests", mock.GetTotalCallCount())
	}
}
