package registration_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/workspace"
)

func jsonReply(body string) httpmock.Responder {
	return httpmock.NewStringResponder(200, body).HeaderSet(http.Header{"Content-Type": {"application/json"}})
}

func answers(status int, kind, body string) httpmock.Responder {
	return httpmock.NewStringResponder(status, body).HeaderSet(http.Header{"Content-Type": {kind}})
}

// mocked makes a workspace client whose every request is answered by the responders; address has no sub-path.
func mocked(t *testing.T, address string, responders map[string]httpmock.Responder) (*workspace.Client, *httpmock.MockTransport) {
	t.Helper()
	mock := httpmock.NewMockTransport()
	for call, responder := range responders {
		verb, path, _ := strings.Cut(call, " ")
		mock.RegisterResponder(verb, address+path, responder)
	}
	ws, err := workspace.New(address, workspace.Token("u", "t"), workspace.WithRoundTripper(mock), workspace.WithClock(registrationtest.NewClock(testStart)))
	if err != nil {
		t.Fatal(err)
	}
	return ws, mock
}

func TestNew(t *testing.T) {
	t.Parallel()
	const plain = "https://chat.example.com"
	cases := map[string]struct {
		address, info string
		kind          error
		asks          int
	}{
		"3.0":                 {plain, `{"version":"3.0.0","success":true}`, nil, 1},
		"2.4":                 {plain, `{"version":"2.4.14","success":true}`, registration.ErrUnsupportedVersion, 1},
		"0.74":                {plain, `{"info":{"version":"0.74.3"},"success":true}`, registration.ErrUnsupportedVersion, 1},
		"hosted":              {"https://open.rocket.chat", `{"version":"8.0","success":true}`, registration.ErrUnsupported, 0},
		"hosted, upper case":  {"https://OPEN.Rocket.Chat", `{"version":"8.0","success":true}`, registration.ErrUnsupported, 0},
		"Rocket.Chat's own":   {"https://rocket.chat", `{"version":"8.0","success":true}`, registration.ErrUnsupported, 0},
		"not hosted":          {"https://rocket.chat.example.com", `{"version":"8.0","success":true}`, nil, 1},
		"not hosted, similar": {"https://notrocket.chat", `{"version":"8.0","success":true}`, nil, 1},
		"another program":     {plain, `{"hello":"world"}`, workspace.ErrNotRocketChat, 1},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ws, mock := mocked(t, tc.address, map[string]httpmock.Responder{"GET /api/info": jsonReply(tc.info)})
			client, err := registration.New(t.Context(), ws)
			if tc.kind == nil && err != nil || tc.kind != nil && (!errors.Is(err, tc.kind) || client != nil) {
				t.Errorf("got %v, want %v", err, tc.kind)
			}
			if asked := mock.GetTotalCallCount(); asked != tc.asks {
				t.Errorf("%d requests, want %d", asked, tc.asks)
			}
		})
	}
}

func TestNewRefusesOptions(t *testing.T) {
	t.Parallel()
	ws, mock := mocked(t, "https://chat.example.com", nil)
	cases := map[string]registration.Option{
		"no transport": registration.WithTransport(nil), "no cloud": registration.WithCloud(nil), "no key": registration.WithSupportKey(nil),
		"no time": registration.WithActTimeout(0), "negative time": registration.WithActTimeout(-time.Second),
		"no option": nil, "no time to read": registration.WithReadTimeout(0), "negative time to read": registration.WithReadTimeout(-time.Second),
	}
	for name, option := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := registration.New(t.Context(), ws, option); !errors.Is(err, registration.ErrInvalidInput) {
				t.Errorf("got %v, want ErrInvalidInput", err)
			}
		})
	}
	if _, err := registration.New(nil, ws); !errors.Is(err, registration.ErrInvalidInput) { //nolint:staticcheck // a nil context is what is tested
		t.Errorf("without a context: got %v, want ErrInvalidInput", err)
	}
	if _, err := cloud.New(nil); err == nil {
		t.Error("the Cloud's client takes a nil option")
	}
	if _, err := workspace.New("https://chat.example.com", workspace.Token("u", "t"), nil); !errors.Is(err, workspace.ErrInvalidRequest) {
		t.Errorf("the workspace's client: got %v", err)
	}
	if _, err := fleet.New(fleet.List{}, nil); err == nil {
		t.Error("a fleet takes a nil option")
	}
	if _, err := registration.New(t.Context(), nil); !errors.Is(err, registration.ErrInvalidInput) {
		t.Errorf("without a workspace: got %v, want ErrInvalidInput", err)
	}
	t.Cleanup(func() {
		if n := mock.GetTotalCallCount(); n != 0 {
			t.Errorf("%d requests were sent", n)
		}
	})
}

// TestNewSaysWhyNothingWasSent: what was seen last decides, not the time that ran out in the wait before another try.
func TestNewSaysWhyNothingWasSent(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // our refusal of its certificate
	server.StartTLS()
	t.Cleanup(server.Close)
	const closed = "http://127.0.0.1:1" // the port of tcpmux; one that was just closed may be another test's by now
	for name, tc := range map[string]struct {
		address, want, not string
	}{
		"certificate": {server.URL, "make this machine trust the certificate's authority", "check address, network"},
		"closed port": {closed, "connection refused", "deadline"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// On this clock there is no time for another try.
			clock := registrationtest.NewClock(time.Now().Add(time.Hour))
			ws, err := workspace.New(tc.address, workspace.Token("u", "t"), workspace.WithClock(clock))
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			_, err = registration.New(ctx, ws)
			text := fmt.Sprint(err)
			if failure.KindOf(err).Name() != "unreachable" || !strings.Contains(text, tc.want) || strings.Contains(text, tc.not) || strings.Contains(text, "not sent: not sent") {
				t.Errorf("got %s, %v", failure.KindOf(err).Name(), err)
			}
		})
	}
}

func TestCapabilities(t *testing.T) {
	t.Parallel()
	cases := []struct {
		version, dialect string
		newer            bool
		can, cannot      []string
	}{
		{"3.0.0", "3.0", false, []string{"status", "sync", "disconnect", "reconnect"}, []string{"register by e-mail", "read the license", "checkout link"}},
		{"5.4.0", "4.6", false, []string{"register by e-mail", "disconnect"}, []string{"ask whether the workspace reaches the Cloud"}},
		{"6.5.0", "6.5", false, []string{"sync", "confirm the deployment"}, []string{"disconnect", "reconnect", "check a license"}},
		{"9.3.0", "9.0", false, []string{"check a license"}, []string{"disconnect"}},
		{"12.0.0", "9.0", true, []string{"sync"}, []string{"disconnect"}},
	}
	for _, tc := range cases {
		t.Run(tc.version, func(t *testing.T) {
			t.Parallel()
			ws, _ := mocked(t, "https://chat.example.com", map[string]httpmock.Responder{"GET /api/info": jsonReply(`{"version":"` + tc.version + `","success":true}`)})
			client := clienttest.ClientOf(t, ws)
			caps := client.Capabilities()
			if caps.Version != tc.version || caps.Dialect != tc.dialect || caps.Newer != tc.newer || caps.Transport != "direct" {
				t.Errorf("got %+v", caps)
			}
			supported := map[string]bool{}
			for _, a := range caps.Abilities {
				supported[a.Name] = a.Supported
				if a.Supported != (len(a.Calls) > 0) {
					t.Errorf("%s: supported is %v over %v", a.Name, a.Supported, a.Calls)
				}
				if a.Name == "disconnect" && a.Until != "before 6.5" || a.Name == "sync" && (a.Since != "" || a.Until != "") || a.Name == "register by e-mail" && (a.Since != "4.4" || a.Until != "") {
					t.Errorf("%s is said to exist since %q, until %q", a.Name, a.Since, a.Until)
				}
			}
			for _, name := range tc.can {
				if !supported[name] {
					t.Errorf("it cannot %s", name)
				}
			}
			for _, name := range tc.cannot {
				if can, known := supported[name]; can || !known {
					t.Errorf("it can %s", name)
				}
			}
		})
	}
}

// TestStrangeStatuses are replies that are no status, and statuses whose fields surprise.
func TestStrangeStatuses(t *testing.T) {
	t.Parallel()
	wrap := func(fields string) string { return `{"registrationStatus":{` + fields + `},"success":true}` }
	cases := map[string]struct {
		body  string
		state registration.State // empty: an error
	}{
		"usual":                     {wrap(`"connectToCloud":true,"workspaceRegistered":true,"workspaceId":"w"`), registration.Registered},
		"connectToCloud absent":     {wrap(`"workspaceRegistered":true`), registration.Registered},
		"connectToCloud false":      {wrap(`"connectToCloud":false,"workspaceRegistered":true`), registration.Disconnected},
		"connectToCloud null":       {wrap(`"connectToCloud":null,"workspaceRegistered":true`), registration.Disconnected},
		"connectToCloud a text":     {wrap(`"connectToCloud":"true","workspaceRegistered":true`), registration.Registered},
		"connectToCloud empty text": {wrap(`"connectToCloud":"","workspaceRegistered":true`), registration.Disconnected},
		"connectToCloud zero":       {wrap(`"connectToCloud":0,"workspaceRegistered":true`), registration.Disconnected},
		"connectToCloud an object":  {wrap(`"connectToCloud":{},"workspaceRegistered":true`), registration.Registered},
		"wish without registration": {wrap(`"connectToCloud":true,"workspaceRegistered":false`), registration.Unregistered},
		"workspaceId null":          {wrap(`"workspaceRegistered":false,"workspaceId":null`), registration.Unregistered},
		"texts of other types":      {wrap(`"workspaceRegistered":true,"workspaceId":42,"uniqueId":{},"email":true`), registration.Registered},
		"nothing":                   {wrap(``), ""},
		"registered null":           {wrap(`"workspaceRegistered":null`), ""},
		"registered a text":         {wrap(`"workspaceRegistered":"yes"`), ""},
		"no status":                 {`{"success":true}`, ""},
		"cut off":                   {`{"registrationStatus":{"workspaceRegistered":true`, ""},
		"another JSON":              {`[1,2,3]`, ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ws, _ := mocked(t, "https://chat.example.com", map[string]httpmock.Responder{
				"GET /api/info":                        jsonReply(`{"version":"6.4.0","success":true}`),
				"GET /api/v1/cloud.registrationStatus": jsonReply(tc.body),
			})
			client := clienttest.ClientOf(t, ws)
			status, err := client.Status(t.Context())
			if tc.state == "" {
				var typed *registration.Error
				if !errors.As(err, &typed) || !errors.Is(err, workspace.ErrBadReply) && !errors.Is(err, workspace.ErrNotRocketChat) || typed.Advice() == "" {
					t.Errorf("got %+v, %v; want a typed error", status, err)
				}
				return
			}
			if err != nil || status.State != tc.state {
				t.Errorf("got %+v, %v; want %s", status, err, tc.state)
			}
		})
	}
}

// TestWithVersion: New asks nothing where the version is given, and believes it.
func TestWithVersion(t *testing.T) {
	t.Parallel()
	for version, tc := range map[string]struct {
		kind    error
		dialect string
		email   bool
	}{
		"3.10.2": {nil, "3.10", false},
		"6.5":    {nil, "6.5", true},
		"2.4.14": {registration.ErrUnsupportedVersion, "", false},
		"latest": {registration.ErrInvalidInput, "", false},
		"":       {registration.ErrInvalidInput, "", false},
	} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			ws, mock := mocked(t, "https://chat.example.com", nil)
			client, err := registration.New(t.Context(), ws, registration.WithVersion(version))
			can := client.Capabilities()
			if !errors.Is(err, tc.kind) || can.Dialect != tc.dialect || can.Can("register by e-mail") != tc.email || can.Can("fly") || mock.GetTotalCallCount() != 0 {
				t.Errorf("got %+v, %v, after %d calls", can, err, mock.GetTotalCallCount())
			}
			if err == nil && client.Transport() != registration.Direct().Info() {
				t.Errorf("the transport is %+v", client.Transport())
			}
		})
	}
}
