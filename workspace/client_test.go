package workspace_test

import (
	"bytes"
	"context"
	"encoding/json"
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

	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/workspace"
)

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	good := workspace.Token("id", "hunter2token")
	tests := map[string]struct {
		address     string
		credentials workspace.Credentials
		option      workspace.Option
		kind        error
		says        string
	}{
		"empty address":        {"", good, nil, workspace.ErrAddress, "https://"},
		"scheme missing":       {"chat.example.com", good, nil, workspace.ErrAddress, "https://"},
		"wrong port":           {"https://example.com:99999", good, nil, workspace.ErrAddress, "port"},
		"password in address":  {"https://u:hunter2@example.com", good, nil, workspace.ErrAddress, "credentials"},
		"plain HTTP":           {"http://chat.example.com", good, nil, workspace.ErrAddress, "plain http"},
		"no credentials":       {base, workspace.Credentials{}, nil, workspace.ErrInvalidRequest, "use Token or Password"},
		"no user id":           {base, workspace.Token("", "hunter2"), nil, workspace.ErrInvalidRequest, "user id"},
		"no token":             {base, workspace.Token("id", ""), nil, workspace.ErrInvalidRequest, "token is empty"},
		"white-space token":    {base, workspace.Token("id", " "), nil, workspace.ErrInvalidRequest, "token"},
		"token with a newline": {base, workspace.Token("id", "hunter2\n"), nil, workspace.ErrInvalidRequest, "token"},
		"token not ASCII":      {base, workspace.Token("id", "hünter2"), nil, workspace.ErrInvalidRequest, "token"},
		"empty password":       {base, workspace.Password("user", ""), nil, workspace.ErrInvalidRequest, "password"},
		"no round tripper":     {base, good, workspace.WithRoundTripper(nil), workspace.ErrInvalidRequest, "WithRoundTripper"},
		"no logger":            {base, good, workspace.WithLogger(nil), workspace.ErrInvalidRequest, "WithLogger"},
		"no clock":             {base, good, workspace.WithClock(nil), workspace.ErrInvalidRequest, "WithClock"},
		"no two-factor":        {base, good, workspace.WithTwoFactor(nil), workspace.ErrInvalidRequest, "WithTwoFactor"},
		"tiny replies":         {base, good, workspace.WithMaxReply(0), workspace.ErrInvalidRequest, "WithMaxReply"},
		"empty user agent":     {base, good, workspace.WithUserAgent(""), workspace.ErrInvalidRequest, "WithUserAgent"},
		"user agent not ASCII": {base, good, workspace.WithUserAgent("tööl"), workspace.ErrInvalidRequest, "WithUserAgent"},
		"user agent of lines":  {base, good, workspace.WithUserAgent("a\r\nb"), workspace.ErrInvalidRequest, "WithUserAgent"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var options []workspace.Option
			if test.option != nil {
				options = append(options, test.option)
			}
			_, err := workspace.New(test.address, test.credentials, options...)
			if !errors.Is(err, test.kind) {
				t.Fatalf("got %v", err)
			}
			if !strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("got %q, want it to say %q and no secret", err, test.says)
			}
			_ = failure(t, err)
		})
	}
}

func TestNewTakesEveryOption(t *testing.T) {
	t.Parallel()
	clock := registrationtest.NewClock(start)
	client, err := workspace.New("http://chat.example.com:3000/sub/", workspace.Password("user", "p w"),
		workspace.WithPlainHTTP(), workspace.WithClock(clock), workspace.WithLogger(slog.New(slog.DiscardHandler)),
		workspace.WithRoundTripper(http.DefaultTransport), workspace.WithMaxReply(1<<20), workspace.WithUserAgent("tool/1.0 (~test)"),
		workspace.WithTwoFactor(func(context.Context, workspace.Challenge) (string, error) { return "", nil }))
	if err != nil {
		t.Fatal(err)
	}
	if client.Address() != "http://chat.example.com:3000/sub" {
		t.Errorf("the address is %s", client.Address())
	}
	if client.Clock() != workspace.Clock(clock) {
		t.Error("the clock is another one")
	}
	if err := client.Close(t.Context()); err != nil {
		t.Errorf("closing without a login: %v", err)
	}
}

func TestCredentialsNameTheUser(t *testing.T) {
	t.Parallel()
	for want, credentials := range map[string]workspace.Credentials{
		"token of ~id!":     workspace.Token("~id!", "hunter2~"),
		"password of admin": workspace.Password("admin", "hunter2"),
	} {
		if got := credentials.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if _, err := workspace.New(base, credentials); err != nil {
			t.Errorf("%s: %v", want, err)
		}
	}
}

func TestCloseDropsIdleConnections(t *testing.T) {
	t.Parallel()
	closed := make(chan struct{})
	server := httptest.NewUnstartedServer(saysVersion("6.4.0", http.NotFoundHandler()))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateClosed {
			close(closed)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	client, err := workspace.New(server.URL, workspace.Token("id", authToken))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Info(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := client.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	select {
	case <-closed:
	case <-time.After(10 * time.Second):
		t.Error("the connection stays open")
	}
}

// TestNothingPrintsSecrets prints whatever holds one, in every way: the credentials, and a client that has logged in with them.
func TestNothingPrintsSecrets(t *testing.T) {
	t.Parallel()
	const password = "hunter2-hunter2"
	m := newMockedAs(t, workspace.Password("admin", password), "6.4.0")
	m.answer(http.MethodPost, "/api/v1/login", respond(http.StatusOK, jsonType, `{"status":"success","data":{"userId":"u","authToken":"`+authToken+`"}}`))
	m.answer(http.MethodGet, "/api/v1/x", respond(http.StatusOK, jsonType, `{"success":true}`))
	if err := m.Get(t.Context(), "x", nil, nil); err != nil {
		t.Fatal(err)
	}
	type holder struct {
		Open   workspace.Credentials
		hidden workspace.Credentials
		Client *workspace.Client
	}
	for _, credentials := range []workspace.Credentials{workspace.Token("id", authToken), workspace.Password("user", password)} {
		h := holder{credentials, credentials, m.Client}
		var out bytes.Buffer
		for _, value := range []any{credentials, &credentials, h, &h, []workspace.Credentials{credentials}, m.Client, m} {
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%X", "%t"} {
				fmt.Fprintf(&out, verb, value)
			}
			for _, handler := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
				slog.New(handler).Info("print", "value", value)
			}
		}
		if err := json.NewEncoder(&out).Encode(h); err != nil {
			t.Error(err)
		}
		for _, secret := range []string{password, authToken, fmt.Sprintf("%x", password), fmt.Sprintf("%X", authToken), fmt.Sprintf("%v", []byte(authToken))} {
			if strings.Contains(out.String(), secret) {
				t.Errorf("%s shows up", secret)
			}
		}
	}
}

func TestUserAgentAndLogger(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	m := newMocked(t, "", workspace.WithUserAgent("tool/1.0"), workspace.WithLogger(logger))
	var asked sent
	m.answer(http.MethodGet, "/api/info", keep(&asked, respond(http.StatusOK, jsonType, `{"version":"6.4"}`)))
	if _, err := m.Info(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := asked.request.Header.Get("User-Agent"); got != "tool/1.0" {
		t.Errorf("User-Agent is %q", got)
	}
	if out := log.String(); !strings.Contains(out, "GET /api/info") || strings.Contains(out, authToken) {
		t.Errorf("the log is %s", out)
	}
}

var errRefusedDial = errors.New("connection refused")

// unreachable is a workspace where nothing listens.
func unreachable() httpmock.Responder { return httpmock.NewErrorResponder(dialError(errRefusedDial)) }
