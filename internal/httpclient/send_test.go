package httpclient_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/rcreg/registration/internal/httpclient"
)

const address = "https://chat.example.com/api/info"

// secretQuery must never show up in an error or a log.
var secretQuery = url.Values{"deviceCode": {"dev-secret"}}

func read() *httpclient.Request {
	return &httpclient.Request{Operation: "GET info", Verb: http.MethodGet, URL: address, Query: secretQuery}
}

func write() *httpclient.Request {
	return &httpclient.Request{
		Operation: "POST sync", Verb: http.MethodPost, URL: address, ContentType: "application/json",
		Body: []byte(`{"token":"body-secret"}`), Effect: httpclient.Write,
	}
}

func TestOnceSendsWhatIsAsked(t *testing.T) {
	t.Parallel()
	var got *http.Request
	var body []byte
	mock := httpmock.NewMockTransport()
	mock.RegisterResponder(http.MethodPost, address, func(r *http.Request) (*http.Response, error) {
		got = r
		body, _ = io.ReadAll(r.Body)
		return httpmock.NewStringResponse(http.StatusTeapot, "tea"), nil
	})
	request := write()
	request.Query = secretQuery
	request.Header = http.Header{"X-Auth-Token": {"t"}}
	client := httpclient.New(httpclient.Config{RoundTripper: mock, UserAgent: "test/1"})
	reply, err := client.Once(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	if reply.Status != http.StatusTeapot || string(reply.Body) != "tea" {
		t.Errorf("reply is %d %s", reply.Status, reply.Body)
	}
	if got.URL.String() != address+"?deviceCode=dev-secret" || string(body) != string(request.Body) {
		t.Errorf("sent %s with %s", got.URL, body)
	}
	for key, want := range map[string]string{"X-Auth-Token": "t", "Content-Type": "application/json", "User-Agent": "test/1"} {
		if got.Header.Get(key) != want {
			t.Errorf("%s is %q", key, got.Header.Get(key))
		}
	}
	if len(request.Header) != 1 {
		t.Errorf("the header of the caller was changed: %v", request.Header)
	}
}

// endless is a body that never ends.
type endless struct{ read int64 }

func (e *endless) Read(p []byte) (int, error) {
	e.read += int64(len(p))
	return len(p), nil
}

func (e *endless) Close() error { return nil }

func TestOnceStopsAtTheLimit(t *testing.T) {
	t.Parallel()
	const limit = 64 << 10
	tests := map[string]struct {
		announced int64
		mostRead  int64
	}{
		"endless":             {-1, 3 * limit},
		"100 MB announced":    {100 << 20, 0},
		"more than announced": {10, 3 * limit},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body := &endless{}
			mock := httpmock.NewMockTransport()
			mock.RegisterResponder(http.MethodGet, address, func(*http.Request) (*http.Response, error) {
				return &http.Response{StatusCode: http.StatusOK, Body: body, ContentLength: test.announced}, nil
			})
			_, err := httpclient.New(httpclient.Config{RoundTripper: mock, MaxReply: limit}).Once(t.Context(), read())
			var tooLarge *httpclient.TooLargeError
			if !errors.As(err, &tooLarge) || tooLarge.Limit != limit || tooLarge.Status != http.StatusOK {
				t.Fatalf("got %v", err)
			}
			if body.read > test.mostRead {
				t.Errorf("read %d bytes", body.read)
			}
		})
	}
}

func TestOnceTakesAReplyOfTheLimit(t *testing.T) {
	t.Parallel()
	mock := httpmock.NewMockTransport()
	mock.RegisterResponder(http.MethodGet, address, httpmock.NewStringResponder(http.StatusOK, strings.Repeat("x", 2048)))
	reply, err := httpclient.New(httpclient.Config{RoundTripper: mock, MaxReply: 2048}).Once(t.Context(), read())
	if err != nil || len(reply.Body) != 2048 {
		t.Fatalf("got %v", err)
	}
}

func TestOnceTellsNotSentFromLost(t *testing.T) {
	t.Parallel()
	inner := errors.New("inner")
	tests := map[string]struct {
		err     error
		notSent bool
	}{
		"refused":         {&net.OpError{Op: "dial", Err: inner}, true},
		"proxy refused":   {&net.OpError{Op: "proxyconnect", Err: inner}, true},
		"unknown host":    {&net.OpError{Op: "dial", Err: &net.DNSError{IsNotFound: true, Err: "no such host"}}, true},
		"certificate":     {&tls.CertificateVerificationError{Err: inner}, true},
		"not TLS":         {tls.RecordHeaderError{Msg: "x"}, true},
		"HTTP, not HTTPS": {http.ErrSchemeMismatch, true},
		"reset":           {&net.OpError{Op: "read", Err: inner}, false},
		"written in part": {&net.OpError{Op: "write", Err: inner}, false},
		"end":             {io.ErrUnexpectedEOF, false},
		"TLS alert":       {tls.AlertError(80), false},
		"anything else":   {inner, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mock := httpmock.NewMockTransport()
			mock.RegisterResponder(http.MethodGet, address, httpmock.NewErrorResponder(test.err))
			_, err := httpclient.New(httpclient.Config{RoundTripper: mock}).Once(t.Context(), read())
			var (
				notSent *httpclient.NotSentError
				lost    *httpclient.LostError
			)
			if errors.As(err, &notSent) != test.notSent || errors.As(err, &lost) == test.notSent {
				t.Errorf("got %T %v", err, err)
			}
			if strings.Contains(err.Error(), "dev-secret") {
				t.Errorf("the error shows the query: %v", err)
			}
		})
	}
}

func TestOnceLosesACutOffBody(t *testing.T) {
	t.Parallel()
	mock := httpmock.NewMockTransport()
	mock.RegisterResponder(http.MethodGet, address, func(*http.Request) (*http.Response, error) {
		body := io.MultiReader(strings.NewReader("{"), iotestErr{})
		return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(body), ContentLength: -1}, nil
	})
	_, err := httpclient.New(httpclient.Config{RoundTripper: mock}).Once(t.Context(), read())
	var lost *httpclient.LostError
	if !errors.As(err, &lost) || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatalf("got %v", err)
	}
}

type iotestErr struct{}

func (iotestErr) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestOnceSendsNothingAfterTheEnd(t *testing.T) {
	t.Parallel()
	cause := errors.New("shutting down")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(cause)
	mock := httpmock.NewMockTransport()
	mock.RegisterResponder(http.MethodGet, address, httpmock.NewStringResponder(http.StatusOK, ""))
	_, err := httpclient.New(httpclient.Config{RoundTripper: mock}).Once(ctx, read())
	var notSent *httpclient.NotSentError
	if !errors.As(err, &notSent) || !errors.Is(err, cause) || mock.GetTotalCallCount() != 0 {
		t.Fatalf("got %v after %d requests", err, mock.GetTotalCallCount())
	}
}

func TestOnceRefusesAnUnusableRequest(t *testing.T) {
	t.Parallel()
	for name, request := range map[string]*httpclient.Request{
		"verb": {Verb: "BAD VERB", URL: address, Query: secretQuery},
		"URL":  {Verb: http.MethodGet, URL: "https://example.com/%zz", Query: secretQuery},
	} {
		_, err := httpclient.New(httpclient.Config{}).Once(t.Context(), request)
		var notSent *httpclient.NotSentError
		if !errors.As(err, &notSent) || strings.Contains(err.Error(), "dev-secret") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestLogHasNoSecrets(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	mock := httpmock.NewMockTransport()
	mock.RegisterResponder(http.MethodGet, address, httpmock.NewErrorResponder(errors.New("quotes dev-secret")))
	mock.RegisterResponder(http.MethodPost, address, httpmock.NewStringResponder(http.StatusOK, "answer-secret"))
	client := httpclient.New(httpclient.Config{RoundTripper: mock, Logger: logger})
	_, _ = client.Once(t.Context(), read())
	request := write()
	request.Header = http.Header{"X-Auth-Token": {"header-secret"}}
	_, _ = client.Once(t.Context(), request)
	out := log.String()
	if strings.Contains(out, "secret") {
		t.Errorf("the log shows a secret: %s", out)
	}
	for _, want := range []string{`"operation":"GET info"`, `"operation":"POST sync"`, `"status":200`, `"bytes":13`, "LostError", address} {
		if !strings.Contains(out, want) {
			t.Errorf("the log lacks %s: %s", want, out)
		}
	}
}

func TestDefaultsAreThoseOfNetHTTP(t *testing.T) {
	t.Parallel()
	client := httpclient.New(httpclient.Config{})
	transport := ownTransport(t)
	if transport == http.DefaultTransport || transport.Proxy == nil || transport.MaxResponseHeaderBytes > 1<<20 {
		t.Error("the transport is not a copy of the default with its proxy")
	}
	if client.MaxReply() != httpclient.DefaultMaxReply || client.Clock() == nil || client.UserAgent() != "" {
		t.Error("a default is missing")
	}
	client.CloseIdleConnections()
}
