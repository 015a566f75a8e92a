package httpclient_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/rcreg/registration/internal/httpclient"
	"github.com/rcreg/registration/registrationtest"
)

var start = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)

// in answers with a status and headers whose values are written when they are known.
func in(status int, headers map[string]string) httpmock.Responder {
	return func(*http.Request) (*http.Response, error) {
		response := httpmock.NewStringResponse(status, "")
		for key, value := range headers {
			response.Header.Set(key, value)
		}
		return response, nil
	}
}

func TestDoRepeats(t *testing.T) {
	t.Parallel()
	dial := httpmock.NewErrorResponder(&net.OpError{Op: "dial", Err: errors.New("refused")})
	unknown := httpmock.NewErrorResponder(&net.OpError{Op: "dial", Err: &net.DNSError{IsNotFound: true}})
	reset := httpmock.NewErrorResponder(&net.OpError{Op: "read", Err: errors.New("reset")})
	ms := strconv.FormatInt(start.Add(40*time.Second).UnixMilli(), 10)
	good := in(http.StatusOK, nil)
	tests := map[string]struct {
		request  *httpclient.Request
		first    httpmock.Responder
		attempts int
		least    time.Duration // that passes on the clock
	}{
		"good":                           {read(), good, 1, 0},
		"read, refused once":             {read(), dial, 2, time.Millisecond},
		"read, reset once":               {read(), reset, 2, time.Millisecond},
		"read, cut off":                  {read(), httpmock.NewErrorResponder(io.ErrUnexpectedEOF), 2, time.Millisecond},
		"read, unknown host":             {read(), unknown, 1, 0},
		"read, 500":                      {read(), in(500, nil), 2, time.Millisecond},
		"read, 503 with a date":          {read(), in(503, map[string]string{"Retry-After": start.Add(20 * time.Second).Format(http.TimeFormat)}), 2, 20 * time.Second},
		"read, 501":                      {read(), in(501, nil), 1, 0},
		"read, 404":                      {read(), in(404, nil), 1, 0},
		"read, 429 with milliseconds":    {read(), in(429, map[string]string{"X-RateLimit-Reset": ms, "Retry-After": "1"}), 2, 40 * time.Second},
		"read, 429 with seconds":         {read(), in(429, map[string]string{"Retry-After": "30"}), 2, 30 * time.Second},
		"read, 429 with nonsense":        {read(), in(429, map[string]string{"X-RateLimit-Reset": "soon", "Retry-After": "-5"}), 2, time.Millisecond},
		"read, 429 in no year":           {read(), in(429, map[string]string{"X-RateLimit-Reset": "9223372036854775807"}), 2, time.Millisecond},
		"read, 429, reset is in seconds": {read(), in(429, map[string]string{"X-RateLimit-Reset": "1795476342"}), 2, time.Millisecond},
		"write, refused once":            {write(), dial, 2, time.Millisecond},
		"write, 429":                     {write(), in(429, map[string]string{"X-RateLimit-Reset": ms}), 2, 40 * time.Second},
		"write, reset":                   {write(), reset, 1, 0},
		"write, 408":                     {write(), in(408, map[string]string{"Retry-After": "1"}), 1, 0},
		"write, 499":                     {write(), in(499, nil), 1, 0},
		"write, 425":                     {write(), in(425, nil), 1, 0},
		"write, 500":                     {write(), in(500, nil), 1, 0},
		"write, 503":                     {write(), in(503, map[string]string{"Retry-After": "1"}), 1, 0},
		"write, cut off":                 {write(), httpmock.NewErrorResponder(io.ErrUnexpectedEOF), 1, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := registrationtest.NewClock(start)
			mock := httpmock.NewMockTransport()
			mock.RegisterResponder(test.request.Verb, address, test.first.Then(good))
			client := httpclient.New(httpclient.Config{RoundTripper: mock, Clock: clock})
			reply, err := client.Do(t.Context(), test.request)
			if got := mock.GetTotalCallCount(); got != test.attempts {
				t.Errorf("made %d attempts (%v)", got, err)
			}
			if test.attempts == 2 && (err != nil || reply.Status != http.StatusOK) {
				t.Errorf("the second attempt gave %v", err)
			}
			if passed := clock.Now().Sub(start); passed < test.least || passed > test.least+5*time.Second {
				t.Errorf("%s passed, want a little more than %s", passed, test.least)
			}
		})
	}
}

func TestDoGivesUp(t *testing.T) {
	t.Parallel()
	clock := registrationtest.NewClock(start)
	mock := httpmock.NewMockTransport()
	mock.RegisterResponder(http.MethodGet, address, in(500, nil))
	reply, err := httpclient.New(httpclient.Config{RoundTripper: mock, Clock: clock}).Do(t.Context(), read())
	if err != nil || reply.Status != http.StatusInternalServerError {
		t.Fatalf("the last reply got lost: %v", err)
	}
	if got := mock.GetTotalCallCount(); got != 5 {
		t.Errorf("made %d attempts", got)
	}
	if passed := clock.Now().Sub(start); passed > 10*time.Second {
		t.Errorf("waited %s", passed)
	}
}

// A server that asks for a pause in every reply must not hold a caller for ever.
func TestDoBoundsAllWaitsTogether(t *testing.T) {
	t.Parallel()
	clock := registrationtest.NewClock(start)
	mock := httpmock.NewMockTransport()
	mock.RegisterResponder(http.MethodGet, address, in(429, map[string]string{"Retry-After": "80"}))
	_, _ = httpclient.New(httpclient.Config{RoundTripper: mock, Clock: clock}).Do(t.Context(), read())
	if passed := clock.Now().Sub(start); passed > 5*time.Minute {
		t.Errorf("waited %s", passed)
	}
}

func TestDoDoesNotSleepAbsurdlyLong(t *testing.T) {
	t.Parallel()
	clock := registrationtest.NewClock(start)
	far := start.Add(24 * time.Hour)
	mock := httpmock.NewMockTransport()
	mock.RegisterResponder(http.MethodGet, address, in(429, map[string]string{"X-RateLimit-Reset": strconv.FormatInt(far.UnixMilli(), 10)}))
	client := httpclient.New(httpclient.Config{RoundTripper: mock, Clock: clock})

	reply, err := client.Do(t.Context(), read())
	if err != nil || !reply.RetryAt(start).Equal(far) {
		t.Fatalf("the reply that says when is lost: %v", err)
	}
	if mock.GetTotalCallCount() != 1 || !clock.Now().Equal(start) {
		t.Errorf("made %d attempts until %s", mock.GetTotalCallCount(), clock.Now())
	}

	tries := client.Tries(httpclient.Read)
	another, err := tries.Another(t.Context(), httpclient.Verdict{Again: httpclient.Always, NotBefore: far})
	var wait *httpclient.WaitError
	if another || !errors.As(err, &wait) || !wait.Until.Equal(far) {
		t.Errorf("got %v", err)
	}
}

func TestDoDoesNotWaitBeyondTheDeadline(t *testing.T) {
	t.Parallel()
	clock := registrationtest.NewClock(time.Now())
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	mock := httpmock.NewMockTransport()
	mock.RegisterResponder(http.MethodPost, address, httpmock.NewErrorResponder(&net.OpError{Op: "dial", Err: errors.New("refused")}))
	client := httpclient.New(httpclient.Config{RoundTripper: mock, Clock: clock})
	before := clock.Now()
	tries := client.Tries(httpclient.Read)
	another, err := tries.Another(ctx, httpclient.Verdict{Again: httpclient.Always, NotBefore: before.Add(time.Minute)})
	var wait *httpclient.WaitError
	if another || !errors.As(err, &wait) || !wait.OutOfTime() || errors.Is(err, context.DeadlineExceeded) || !clock.Now().Equal(before) {
		t.Errorf("got %v at %s", err, clock.Now())
	}
}

// sleepless is a clock on which every wait is cut short.
type sleepless struct {
	registrationtest.Clock
	cause error
}

func (s *sleepless) Sleep(context.Context, time.Duration) error { return s.cause }

func TestDoKeepsTheErrorWhenAWaitIsCutShort(t *testing.T) {
	t.Parallel()
	cause := errors.New("shutting down")
	mock := httpmock.NewMockTransport()
	mock.RegisterResponder(http.MethodPost, address, httpmock.NewErrorResponder(&net.OpError{Op: "dial", Err: io.ErrClosedPipe}))
	client := httpclient.New(httpclient.Config{RoundTripper: mock, Clock: &sleepless{cause: cause}})
	_, err := client.Do(t.Context(), write())
	var notSent *httpclient.NotSentError
	if !errors.As(err, &notSent) || !errors.Is(err, io.ErrClosedPipe) || !errors.Is(err, cause) {
		t.Errorf("got %v", err)
	}
}

func TestDoStopsWhenTheContextHasEnded(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	mock := httpmock.NewMockTransport()
	mock.RegisterResponder(http.MethodGet, address, func(*http.Request) (*http.Response, error) {
		cancel()
		return nil, io.ErrUnexpectedEOF
	})
	_, err := httpclient.New(httpclient.Config{RoundTripper: mock, Clock: registrationtest.NewClock(start)}).Do(ctx, read())
	if err == nil || mock.GetTotalCallCount() != 1 {
		t.Errorf("made %d attempts: %v", mock.GetTotalCallCount(), err)
	}
}

func TestReplyKinds(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ json, html bool }{
		"application/json":                {json: true},
		"Application/JSON; charset=utf-8": {json: true},
		"application/problem+json":        {json: true},
		"text/html; charset=utf-8":        {html: true},
		"application/xhtml+xml":           {html: true},
		"text/plain":                      {},
		"":                                {},
	}
	for media, want := range tests {
		reply := &httpclient.Reply{Header: http.Header{"Content-Type": {media}}}
		if reply.IsJSON() != want.json || reply.IsHTML() != want.html {
			t.Errorf("%q is JSON %v, HTML %v", media, reply.IsJSON(), reply.IsHTML())
		}
	}
}
