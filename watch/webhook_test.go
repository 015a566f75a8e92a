package watch_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/secret"
	"github.com/rcreg/registration/watch"
)

const hookAddress = "https://open.example.com/hooks/64f0/s3cr3tToken"

func hookOver(t *testing.T, mock http.RoundTripper) *watch.Webhook {
	t.Helper()
	hook, err := watch.NewWebhook(secret.New(hookAddress), watch.WithWebhookTransport(mock))
	if err != nil {
		t.Fatal(err)
	}
	return hook
}

func someEvents() []watch.Event {
	return []watch.Event{
		{Workspace: "alpha", URL: "https://alpha.example.com", Name: watch.NotRegistered, Text: "it is not registered", Advice: "run rcreg register"},
		{Workspace: "beta", URL: "https://beta.example.com", Name: watch.NotRegistered, Text: "it is not registered", Advice: "run rcreg register"},
		{Workspace: "gamma", URL: "https://gamma.example.com", Name: watch.NoAnswer, Mended: true, Text: "it answers again"},
		{Workspace: "delta", URL: "https://delta.example.com", Name: watch.Refused, Text: "it cannot be read: @all\n`rm`", Advice: "check it"},
	}
}

// TestWebhook sends one message for all events, in which the same is said once and nothing of a workspace calls a channel.
func TestWebhook(t *testing.T) {
	t.Parallel()
	mock := httpmock.NewMockTransport()
	var body []byte
	mock.RegisterResponder(http.MethodPost, hookAddress, func(r *http.Request) (*http.Response, error) {
		body, _ = io.ReadAll(r.Body)
		return httpmock.NewStringResponse(200, `{"success":true}`), nil
	})
	if err := hookOver(t, mock).Tell(t.Context(), someEvents()); err != nil {
		t.Fatal(err)
	}
	var sent map[string]string
	if err := json.Unmarshal(body, &sent); err != nil || len(sent) != 1 {
		t.Fatalf("%v: %s", err, body)
	}
	want := "rcreg watch: 3 worse, 1 mended\n" +
		":warning: 2 workspaces (alpha, beta): it is not registered. *Next:* run rcreg register\n" +
		":warning: delta (https://delta.example.com): it cannot be read: ＠all\\n'rm'. *Next:* check it\n" +
		":white_check_mark: gamma (https://gamma.example.com): it answers again"
	if sent["text"] != want {
		t.Errorf("sent\n%s\nwant\n%s", sent["text"], want)
	}
}

// TestMessageOfAlikes: events that differ in their details alone are one line, with one of them.
func TestMessageOfAlikes(t *testing.T) {
	t.Parallel()
	got := watch.Message([]watch.Event{
		{Workspace: "alpha", Name: watch.NoAnswer, Text: "it does not answer: port 1"}, {Workspace: "beta", Name: watch.NoAnswer, Text: "it does not answer: port 2"},
	})
	if want := "rcreg watch: 2 worse, 0 mended\n:warning: 2 workspaces (alpha, beta), such as alpha: it does not answer: port 1"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestLongMessage is cut.
func TestLongMessage(t *testing.T) {
	t.Parallel()
	events := make([]watch.Event, 0, 50)
	for i := range 50 {
		events = append(events, watch.Event{Workspace: "w", Name: watch.Name(strings.Repeat("x", i+1))})
	}
	if got := watch.Message(events); strings.Count(got, "\n") != 21 || !strings.HasSuffix(got, "… and 30 more: see the page of the watch") {
		t.Errorf("%d lines: %s", strings.Count(got, "\n"), got)
	}
}

// TestWebhookFails: an error says why and when to come back, and has neither the address nor what was answered.
func TestWebhookFails(t *testing.T) {
	t.Parallel()
	reply := func(status int, header ...string) httpmock.Responder {
		responder := httpmock.NewStringResponder(status, "echo "+hookAddress)
		if len(header) == 2 {
			responder = responder.HeaderSet(http.Header{header[0]: {header[1]}})
		}
		return responder
	}
	for name, test := range map[string]struct {
		responder httpmock.Responder
		says      string
		held      time.Duration
	}{
		"away":          {httpmock.NewErrorResponder(errors.New("connection refused")), "could not be reached: connection refused", 0},
		"refused":       {reply(403), "HTTP 403", 0},
		"redirect":      {reply(302, "Location", "https://elsewhere.example.com/"), "HTTP 302", 0},
		"limited":       {reply(429, "Retry-After", "90"), "HTTP 429", 90 * time.Second},
		"limited oddly": {reply(429, "Retry-After", "99999999999"), "HTTP 429", 0},
		"by date":       {reply(503, "Retry-After", time.Now().Add(time.Hour).UTC().Format(http.TimeFormat)), "HTTP 503", time.Hour},
		"long ago":      {reply(503, "Retry-After", time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat)), "HTTP 503", 0},
	} {
		mock := httpmock.NewMockTransport()
		mock.RegisterResponder(http.MethodPost, hookAddress, test.responder)
		err := hookOver(t, mock).Tell(t.Context(), someEvents())
		failed := (*watch.DeliveryError)(nil)
		if !errors.As(err, &failed) || !strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), "s3cr3t") || mock.GetTotalCallCount() != 1 {
			t.Errorf("%s: %v after %d calls", name, err, mock.GetTotalCallCount())
			continue
		}
		if held := time.Until(failed.RetryAt); test.held == 0 != failed.RetryAt.IsZero() || test.held > 0 && (held-test.held).Abs() > 10*time.Second {
			t.Errorf("%s: held for %s, want %s", name, held, test.held)
		}
	}
	for _, address := range []string{"", "chat", "ftp://chat.example.com", "https://", "https://chat.example.com/%zz"} {
		if _, err := watch.NewWebhook(secret.New(address)); !errors.Is(err, registration.ErrInvalidInput) || address != "" && strings.Contains(err.Error(), address) {
			t.Errorf("%q: %v", address, err)
		}
	}
}
