package workspace

import (
	"log/slog"
	"net/http"

	"github.com/rcreg/registration/internal/clock"
	"github.com/rcreg/registration/internal/httpclient"
)

// Clock tells the time and waits, so that tests need not.
type Clock = clock.Clock

// Option changes how a Client works.
type Option func(*settings) error

type settings struct {
	http      httpclient.Config
	plainHTTP bool
	twoFactor TwoFactor
}

// WithRoundTripper sends requests through another transport than a copy of http.DefaultTransport.
func WithRoundTripper(transport http.RoundTripper) Option {
	return func(s *settings) error { s.http.RoundTripper = transport; return nil }
}

// WithLogger writes one debug record for each attempt, without tokens, bodies and queries.
func WithLogger(logger *slog.Logger) Option {
	return func(s *settings) error { s.http.Logger = logger; return nil }
}

// WithClock waits between attempts on another clock than the machine's.
func WithClock(c Clock) Option {
	return func(s *settings) error { s.http.Clock = c; return nil }
}

// WithTwoFactor answers when the workspace asks for a second factor.
func WithTwoFactor(answer TwoFactor) Option {
	return func(s *settings) error { s.twoFactor = answer; return nil }
}

// WithPlainHTTP allows http addresses of other machines. Credentials then travel in clear.
func WithPlainHTTP() Option {
	return func(s *settings) error { s.plainHTTP = true; return nil }
}

// WithMaxReply limits how many bytes of a reply are read.
func WithMaxReply(bytes int64) Option {
	return func(s *settings) error { s.http.MaxReply = bytes; return nil }
}

// WithUserAgent names the program in every request.
func WithUserAgent(name string) Option {
	return func(s *settings) error { s.http.UserAgent = name; return nil }
}
