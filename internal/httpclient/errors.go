package httpclient

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"
)

// NotSentError means that the request provably never left: nothing listened, the name is unknown, the certificate was
// refused, or the context had ended before.
type NotSentError struct{ Err error }

func (e *NotSentError) Error() string { return "not sent: " + e.Err.Error() }

// Unwrap returns the cause.
func (e *NotSentError) Unwrap() error { return e.Err }

// LostError means that no whole reply came, although the request may have arrived and may have been carried out.
type LostError struct{ Err error }

func (e *LostError) Error() string { return "no reply: " + e.Err.Error() }

// Unwrap returns the cause.
func (e *LostError) Unwrap() error { return e.Err }

// TooLargeError means that a reply came which is larger than what is read. Status is its HTTP status.
type TooLargeError struct {
	Limit  int64 // bytes
	Status int
}

func (e *TooLargeError) Error() string {
	return fmt.Sprintf("the reply is larger than %d bytes", e.Limit)
}

// RedirectError means that the server points elsewhere and that following would be wrong: to another host, to plain
// HTTP, or with a request that writes.
type RedirectError struct {
	Status int
	// To is the scheme and host of the other place, such as https://example.com, or empty when it cannot be read.
	To string
}

func (e *RedirectError) Error() string {
	if e.To == "" {
		return fmt.Sprintf("the server redirects (HTTP %d) to an unreadable place", e.Status)
	}
	return fmt.Sprintf("the server redirects (HTTP %d) to %s", e.Status, e.To)
}

// ProxyError means that the proxy on the way refused the tunnel to the server, so that nothing reached the server.
type ProxyError struct{ Status int }

func (e *ProxyError) Error() string {
	return fmt.Sprintf("the proxy refuses the connection (HTTP %d)", e.Status)
}

// IsNotSent tells whether an error of a dial or of a round trip proves that the request never left. TLS alerts are not
// among them: they may come at any time, and after the handshake they prove nothing. A RoundTripper of our own says so with
// a *NotSentError.
func IsNotSent(err error) bool {
	var (
		held         *NotSentError
		verification *tls.CertificateVerificationError
		record       tls.RecordHeaderError
		proxy        *ProxyError
	)
	return isDial(err) || isUnknownHost(err) || errors.Is(err, http.ErrSchemeMismatch) ||
		errors.As(err, &held) || errors.As(err, &verification) || errors.As(err, &record) || errors.As(err, &proxy)
}

// isDial tells whether a connection could not be made. That may pass, unless nobody knows the name of the host.
func isDial(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect") && !isUnknownHost(err)
}

func isUnknownHost(err error) bool {
	var dns *net.DNSError
	return errors.As(err, &dns) && dns.IsNotFound
}

// Failure wraps the error of a round trip: *NotSentError or *LostError. The *url.Error of net/http is dropped, because it
// quotes the query.
func Failure(err error) error {
	err = withoutURL(err)
	if IsNotSent(err) {
		return &NotSentError{err}
	}
	return &LostError{err}
}

// withoutURL returns what a *url.Error wraps.
func withoutURL(err error) error {
	var outer *url.Error
	if errors.As(err, &outer) {
		return outer.Err
	}
	return err
}

// notBefore returns an error when the context has ended: then there is no need to send anything.
func notBefore(ctx context.Context) error {
	if err := context.Cause(ctx); err != nil {
		return &NotSentError{err}
	}
	return nil
}

// WaitError means that the wait before another attempt was given up.
type WaitError struct {
	// Until is when the server wants to be asked again; zero when it did not say.
	Until time.Time
	// Err is why: the context ended, or Until is further away than anything that is waited for.
	Err error
}

func (e *WaitError) Error() string { return "gave up waiting to repeat the call: " + e.Err.Error() }

// Unwrap returns the cause.
func (e *WaitError) Unwrap() error { return e.Err }
