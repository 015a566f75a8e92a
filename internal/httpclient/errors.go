package httpclient

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"
)

// NotSentError means that the request provably never left: nothing listened, the name is unknown, the certificate was
// refused, or the context had ended before.
type NotSentError struct{ Err error }

// Error is the cause alone: the kinds of our callers say that nothing was sent.
func (e *NotSentError) Error() string { return e.Err.Error() }

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

// SilentError means that a server did not answer in the time that one exchange may take.
type SilentError struct{ After time.Duration }

func (e *SilentError) Error() string { return fmt.Sprintf("no whole answer within %s", e.After) }

// IsNotSent reports whether an error of a dial or of a round trip proves that the request never left. TLS alerts are not
// among them: they may come at any time, and after the handshake they prove nothing. A RoundTripper of our own says so with
// a *NotSentError.
func IsNotSent(err error) bool {
	var (
		held  *NotSentError
		proxy *ProxyError
	)
	return isDial(err) || isUnknownHost(err) || errors.Is(err, http.ErrSchemeMismatch) || isCertificate(err) || errors.As(err, &held) || errors.As(err, &proxy)
}

// isCertificate reports whether the server's certificate, or what it sent in place of one, was refused.
func isCertificate(err error) bool {
	var (
		verification *tls.CertificateVerificationError
		record       tls.RecordHeaderError
	)
	return errors.As(err, &verification) || errors.As(err, &record)
}

// isDial reports whether a connection could not be made. That may pass, unless the name of the host is unknown.
func isDial(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect") && !isUnknownHost(err)
}

func isUnknownHost(err error) bool {
	var dns *net.DNSError
	return errors.As(err, &dns) && dns.IsNotFound
}

// isBrokenOff reports whether a connection ended or was reset, such as in the middle of a handshake with a server that restarts.
func isBrokenOff(err error) bool {
	var op *net.OpError
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &op) && (op.Op == "read" || op.Op == "write")
}

// Failure wraps the error of a round trip under ctx: *NotSentError or *LostError. The *url.Error of net/http is dropped, because it
// quotes the query.
func Failure(ctx context.Context, err error) error {
	err = withoutURL(err)
	if IsNotSent(err) {
		return &NotSentError{err}
	}
	return &LostError{ended(ctx, err)}
}

// ended returns why the context ended, if it did, else the error: what net/http and a WebSocket say of it depends on what they were at.
func ended(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
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

func (e *WaitError) Error() string {
	if e.OutOfTime() {
		return "no time was left for another try"
	}
	return "gave up waiting for another try: " + e.Err.Error()
}

// OutOfTime reports whether the deadline of the context left no time for another attempt.
func (e *WaitError) OutOfTime() bool { return errors.Is(e.Err, context.DeadlineExceeded) }

// Unwrap returns the cause, unless that is a deadline: what the attempt before met says more, such as a closed port, and must not read as a timeout.
func (e *WaitError) Unwrap() error {
	if e.OutOfTime() {
		return nil
	}
	return e.Err
}
