package cloud_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/rcreg/registration/cloud"
)

func TestNewRefusesAddresses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		option  cloud.Option
		problem string
	}{
		"no scheme":    {cloud.WithURL("cloud.example.com"), "the Cloud"},
		"plain HTTP":   {cloud.WithURL("http://cloud.example.com"), "the Cloud"},
		"billing":      {cloud.WithBillingURL("ftp://billing.example.com"), "the billing"},
		"releases":     {cloud.WithReleasesURL("https://releases.example.com:0"), "the releases"},
		"a password":   {cloud.WithURL("https://user:pw-secret@cloud.example.com"), "the Cloud"},
		"no text":      {cloud.WithURL(" "), "the Cloud"},
		"a query":      {cloud.WithBillingURL("https://billing.example.com/?a=b"), "the billing"},
		"no host":      {cloud.WithReleasesURL("https:///v2"), "the releases"},
		"dot elements": {cloud.WithURL("https://cloud.example.com/a/../b"), "the Cloud"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := cloud.New(test.option)
			if err == nil || !strings.Contains(err.Error(), test.problem) || strings.Contains(err.Error(), "pw-secret") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestNewTakesAddresses(t *testing.T) {
	t.Parallel()
	for want, options := range map[string][]cloud.Option{
		cloud.DefaultURL:                 nil,
		base:                             {cloud.WithURL(base + "/")},
		"http://127.0.0.1:3001":          {cloud.WithURL("http://127.0.0.1:3001")},
		"http://cloud.example.com:3001":  {cloud.WithURL("http://cloud.example.com:3001"), cloud.WithPlainHTTP()},
		"https://cloud.example.com:8443": {cloud.WithURL("HTTPS://Cloud.example.com:8443")},
	} {
		client, err := cloud.New(options...)
		if err != nil {
			t.Fatal(err)
		}
		if client.URL() != want {
			t.Errorf("got %s, want %s", client.URL(), want)
		}
	}
}

func TestCloseIdleConnections(t *testing.T) {
	t.Parallel()
	closed := make(chan struct{})
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"id":"notice-1"}`)) }))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateClosed {
			close(closed)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	client, err := cloud.New(cloud.WithURL(server.URL))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Register(t.Context(), data(t), false); err != nil {
		t.Fatal(err)
	}
	client.CloseIdleConnections()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	select {
	case <-closed:
	case <-ctx.Done():
		t.Error("the connection is still open")
	}
}

func TestClientSaysWhoItIs(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t, cloud.WithUserAgent("example/1"))
	mock.RegisterResponder(http.MethodGet, "https://releases.example.com/v2/server/supportedVersions", func(r *http.Request) (*http.Response, error) {
		if r.UserAgent() != "example/1" || r.URL.Query().Get("domain") != "chat.example.com" || r.URL.Query().Get("uniqueId") != "u-1" {
			t.Errorf("%s asks %s", r.UserAgent(), r.URL)
		}
		return httpmock.NewJsonResponse(http.StatusOK, map[string]string{"signed": "a.b.c"})
	})
	list, err := client.SupportedVersions(t.Context(), "chat.example.com", "u-1")
	if err != nil || list.Signed != "a.b.c" {
		t.Errorf("got %v, %v", list, err)
	}
}

func TestSupportedVersionsOfNoWorkspace(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	mock.RegisterResponder(http.MethodGet, "https://releases.example.com/v2/server/supportedVersions", func(r *http.Request) (*http.Response, error) {
		if r.URL.RawQuery != "" {
			t.Errorf("asks %s", r.URL)
		}
		return httpmock.NewStringResponse(http.StatusOK, `{"signed":"a.b.c"}`), nil
	})
	if list, err := client.SupportedVersions(t.Context(), "", ""); err != nil || list.Signed != "a.b.c" {
		t.Errorf("got %v, %v", list, err)
	}
}

// TestNoClientAndNoContext: every call says what is missing, and sends nothing.
func TestNoClientAndNoContext(t *testing.T) {
	t.Parallel()
	whole, mock := mocked(t)
	var none context.Context
	for name, tc := range map[string]struct {
		ctx    context.Context
		client *cloud.Client
		says   string
	}{
		"no client":    {t.Context(), nil, "cloud.New"},
		"an empty one": {t.Context(), &cloud.Client{}, "cloud.New"},
		"no context":   {none, whole, "the context is nil"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			grant := grantOf(t, nil)
			failures := failuresOf(tc.ctx, t, tc.client, grant)
			_, err := tc.client.AccessToken(tc.ctx, grant, cloud.ScopeWorkspace)
			failures = append(failures, err, tc.client.Prove(tc.ctx, grant), tc.client.Revoke(tc.ctx, grant, cloud.AccessToken{}))
			for _, err := range failures {
				if !errors.Is(err, cloud.ErrInvalidArgument) || !strings.Contains(err.Error(), tc.says) {
					t.Errorf("got %v", err)
				}
			}
			if tc.client != whole && tc.client.URL() != "" {
				t.Errorf("it asks %q", tc.client.URL())
			}
			tc.client.CloseIdleConnections()
		})
	}
	t.Cleanup(func() {
		if n := mock.GetTotalCallCount(); n != 0 {
			t.Errorf("%d requests were sent", n)
		}
	})
	if client, err := cloud.New(nil); client != nil || err == nil {
		t.Errorf("no option: %v, %v", client, err)
	}
}

// TestNothingShowsSecrets runs every call with credentials and looks at the log and at the client itself.
func TestNothingShowsSecrets(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	client, mock := mocked(t, cloud.WithLogger(slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))))
	allow(mock)
	mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) { // a refusal that echoes what was sent
		sent := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ") + r.URL.Query().Get("token")
		return httpmock.NewStringResponse(http.StatusBadRequest, `{"error":"`+sent+`"}`), nil
	})
	grant := grantOf(t, nil)
	failures := failuresOf(t.Context(), t, client, grant)
	if token, err := client.AccessToken(t.Context(), grant, cloud.ScopeWorkspace); err != nil || strings.Contains(fmt.Sprintf("%+v", token), accessToken) {
		t.Errorf("got %v, %v", token, err)
	}
	out := log.String() + fmt.Sprintf("%+v %#v", client, client)
	out += errors.Join(failures...).Error()
	for _, secret := range []string{clientSecret, accessToken, "token-secret", "device-secret", "stats-secret", licenseText} {
		if strings.Contains(out, secret) {
			t.Errorf("%s shows up in %s", secret, out)
		}
	}
	for _, want := range []string{"POST oauth/clients", "POST sync", "GET register/workspace/poll"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %s", want)
		}
	}
}

// failuresOf makes every call but those for access tokens, which have to fail.
func failuresOf(ctx context.Context, t *testing.T, client *cloud.Client, grant cloud.Grant) []error {
	t.Helper()
	d := data(t)
	calls := map[string]func() error{
		"ExchangeToken":  func() error { _, err := client.ExchangeToken(ctx, "token-secret", d); return err },
		"Sync":           func() error { _, err := client.Sync(ctx, grant, d); return err },
		"SyncLegacy":     func() error { _, err := client.SyncLegacy(ctx, grant, d); return err },
		"License":        func() error { _, err := client.License(ctx, grant, 2); return err },
		"Downgrade":      func() error { return client.Downgrade(ctx, grant) },
		"Communications": func() error { _, err := client.Communications(ctx, grant, d); return err },
		"Checkout": func() error {
			_, err := client.Checkout(ctx, grant, "https://a.example.com", "https://b.example.com")
			return err
		},
		"Register":          func() error { _, err := client.Register(ctx, d, false); return err },
		"Intent":            func() error { _, err := client.Intent(ctx, d, false); return err },
		"PreIntent":         func() error { return client.PreIntent(ctx, d) },
		"Poll":              func() error { _, _, err := client.Poll(ctx, "device-secret"); return err },
		"SupportedVersions": func() error { _, err := client.SupportedVersions(ctx, "", ""); return err },
	}
	failures := make([]error, 0, len(calls))
	for name, call := range calls {
		err := call()
		if err == nil {
			t.Errorf("%s did not fail", name)
			continue
		}
		failures = append(failures, err)
	}
	return failures
}
