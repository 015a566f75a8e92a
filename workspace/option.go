package workspace

import (
	"errors"
	"log/slog"
	"net/http"

	"github.com/rcreg/registration/internal/clock"
	"github.com/rcreg/registration/internal/httpclient"
)

// Clock tells the time and waits, so that tests need not.
type Clock = clock.Clock

// Option changes how a Client works. New refuses one that makes no sense with ErrInvalidRequest.
type Option func(*settings) error

type settings struct {
	http      httpclient.Config
	plainHTTP bool
	twoFactor TwoFactor
}

// WithRoundTripper sends requests through another transport than a copy of http.DefaultTransport, which honours
// HTTP_PROXY and HTTPS_PROXY. It has to obey the context of a request, and closing a body has to end a read of it; the
// body of a reply with status 101 must stay writable, for the DDP WebSocket.
func WithRoundTripper(transport http.RoundTripper) Option {
	return func(s *settings) error {
		if transport == nil {
			return errors.New("WithRoundTripper: the transport is nil")
		}
		s.http.RoundTripper = transport
		return nil
	}
}

// WithLogger writes one debug record for each attempt, without tokens, bodies and queries.
func WithLogger(logger *slog.Logger) Option {
	return func(s *settings) error {
		if logger == nil {
			return errors.New("WithLogger: the logger is nil")
		}
		s.http.Logger = logger
		return nil
	}
}

// WithClock waits between attempts on another clock than the machine's.
func WithClock(c Clock) Option {
	return func(s *settings) error {
		if c == nil {
			return errors.New("WithClock: the clock is nil")
		}
		s.http.Clock = c
		return nil
	}
}

// WithTwoFactor answers when the workspace asks for a second factor.
func WithTwoFactor(answer TwoFactor) Option {
	return func(s *settings) error {
		if answer == nil {
			return errors.New("WithTwoFactor: the function is nil")
		}
		s.twoFactor = answer
		return nil
	}
}

// WithPlainHTTP allows http addresses of other machines. Credentials then travel in clear.
func WithPlainHTTP() Option {
	return func(s *settings) error {
		s.plainHTTP = true
		return nil
	}
}

// WithMaxReply limits how many bytes of a reply are read: 4 MiB by default, at least 1 KiB.
func WithMaxReply(bytes int64) Option {
	return func(s *settings) error {
		if bytes < 1024 {
			return errors.New("WithMaxReply: less than 1024 bytes hold no reply")
		}
		s.http.MaxReply = bytes
		return nil
	}
}

// WithUserAgent names the program in every request.
func WithUserAgent(name string) Option {
	return func(s *settings) error {
		for i := range len(name) {
			if name[i] < ' ' || name[i] > '~' {
				return errors.New("WithUserAgent: the name holds control characters or is not ASCII")
			}
		}
		if name == "" {
			return errors.New("WithUserAgent: the name is empty")
		}
		s.http.UserAgent = name
		return nil
	}
}
