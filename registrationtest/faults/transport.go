package faults

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"syscall"
)

// RoundTripper returns a transport that sends over next what is carried out, with the faults on the way. Nothing waits
// for real: what would be too late is context.DeadlineExceeded at once, and the errors are those that net/http has for
// the kind. Its CloseIdleConnections is that of next.
func (p *Plan) RoundTripper(next http.RoundTripper) http.RoundTripper {
	return newTransport(p, next, AnySide)
}

// WorkspaceRoundTripper is [Plan.RoundTripper] for the way from a workspace to its Cloud: Step.By is [Workspace] then.
// registrationtest.WithCloudFaults uses it.
func (p *Plan) WorkspaceRoundTripper(next http.RoundTripper) http.RoundTripper {
	return newTransport(p, next, Workspace)
}

// transport makes exchanges fail on the way to a server. It waits for nothing: what would be too late is an error at once.
type transport struct {
	plan *Plan
	next http.RoundTripper
	by   Side
}

func newTransport(plan *Plan, next http.RoundTripper, by Side) *transport {
	return &transport{plan: plan, next: next, by: by}
}

// CloseIdleConnections drops the connections that wait for another request.
func (t *transport) CloseIdleConnections() {
	if next, ok := t.next.(interface{ CloseIdleConnections() }); ok {
		next.CloseIdleConnections()
	}
}

// RoundTrip makes one exchange. Its errors are those that net/http has for the kind, or of the transport behind it.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Hostname() == elsewhere {
		if t.by == AnySide {
			t.plan.follow()
		}
		closeBody(r)
		return newReply(http.StatusOK, htmlType, pageText).response(r), nil
	}
	step := stepOf(AnySide, r)
	step.By = t.by
	fault := t.meet(step)
	if fault.Do != nil {
		fault.Do()
	}
	if fault.isLater() {
		if err := t.later(r, fault.Later); err != nil {
			return nil, err
		}
	}
	if !fault.CarriedOut() || fault.isLater() {
		if fault.Kind == NotProcessed {
			return t.sendAgain(r)
		}
		closeBody(r)
		return t.refuse(r, step, fault)
	}
	response, err := t.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if fault.Kind == Slow {
		// The request has arrived: who leaves now leaves a server that has done it.
		if err := t.plan.clock.Sleep(r.Context(), slowness); err != nil {
			_ = response.Body.Close()
			return nil, err
		}
	}
	return t.spoil(r, step, fault, response)
}

func (t *transport) meet(step Step) Fault { return t.plan.meet(step, place{}) }

// refuse answers a request that is not carried out.
func (t *transport) refuse(r *http.Request, step Step, fault Fault) (*http.Response, error) {
	switch fault.Kind {
	case Refused:
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	case Certificate:
		return nil, wrongCertificate(r.URL.Hostname())
	case Reset:
		return nil, connectionReset()
	case Hang, Timeout:
		return nil, context.DeadlineExceeded
	case Switching:
		return switching(r), nil
	case Flood:
		return nil, errFlood
	case Cached:
		return t.plan.cached(step).response(r), nil
	}
	return fault.reply(step, r.URL.RawQuery, nil, t.plan.clock.Now()).response(r), nil
}

// spoil does to the real reply what the fault wants.
func (t *transport) spoil(r *http.Request, step Step, fault Fault, response *http.Response) (*http.Response, error) {
	switch fault.Kind {
	case None, Restart, Slow:
		if socket, ok := response.Body.(io.ReadWriteCloser); ok && step.Call == CallSocket {
			response.Body = &clientSocket{ReadWriteCloser: socket, talk: newTalk(step, t.meet)}
			return response, nil
		}
		return t.remembered(step, response)
	}
	body, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	if err != nil {
		return nil, err
	}
	half := body[:len(body)/2]
	switch fault.Kind {
	case Reset:
		return nil, connectionReset()
	case Hang, Timeout:
		return nil, context.DeadlineExceeded
	case Switching:
		return switching(r), nil
	case Flood:
		return nil, errFlood
	case NotProcessed:
		return t.sendAgain(r)
	case Cut:
		response.Body = &brokenBody{left: half, end: io.ErrUnexpectedEOF, piece: len(half)}
	case Drip:
		response.Body = &brokenBody{left: body, end: io.EOF, piece: 1}
	case Stall:
		response.Body = &brokenBody{left: half, end: context.DeadlineExceeded, piece: 1}
	default:
		actual := reply{response.StatusCode, response.Header, body}
		return fault.reply(step, r.URL.RawQuery, &actual, t.plan.clock.Now()).response(r), nil
	}
	return response, nil
}

// remembered is a response that a cache in front may give again.
func (t *transport) remembered(s Step, response *http.Response) (*http.Response, error) {
	if !(Fault{Kind: Cached}).Fits(s) || response.StatusCode != http.StatusOK {
		return response, nil
	}
	body, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	if err != nil {
		return nil, err
	}
	t.plan.remember(s, reply{response.StatusCode, response.Header, body})
	response.Body = io.NopCloser(bytes.NewReader(body))
	return response, nil
}

// sendAgain does what net/http does when a server says over HTTP/2 that it has not processed a request: it sends it again, behind the back of its caller,
// as far as it can. Each time is an exchange.
func (t *transport) sendAgain(r *http.Request) (*http.Response, error) {
	closeBody(r)
	if err := context.Cause(r.Context()); err != nil {
		return nil, err
	}
	again := r.Clone(r.Context())
	switch {
	case r.Body == nil || r.Body == http.NoBody:
	case r.GetBody == nil:
		return nil, errNotProcessed
	default:
		body, err := r.GetBody()
		if err != nil {
			return nil, err
		}
		again.Body = body
	}
	tries, _ := r.Context().Value(triesKey{}).(int)
	if tries++; tries == maxTries {
		return nil, errNotProcessed
	}
	return t.RoundTrip(again.WithContext(context.WithValue(r.Context(), triesKey{}, tries)))
}

// maxTries is how often a transport sends one request at most that is said not to have been processed. That of net/http goes on for as long as it may.
const maxTries = 10

type triesKey struct{}

// The errors that net/http has where it names no type.
var (
	errFlood        = errors.New("net/http: server response headers exceeded 10485760 bytes; aborted")
	errNotProcessed = errors.New("http2: Transport received Server's graceful shutdown GOAWAY")
)

// switching is how net/http hands out the connection of a server that switches protocols. Nothing ever comes over it.
func switching(r *http.Request) *http.Response {
	response := reply{status: http.StatusSwitchingProtocols, header: http.Header{"Connection": {"Upgrade"}, "Upgrade": {"other"}}}.response(r)
	response.Body = silentSocket{}
	response.ContentLength = 0
	return response
}

// silentSocket is a connection over which nothing comes. No caller waits for that.
type silentSocket struct{}

func (silentSocket) Read([]byte) (int, error)       { return 0, context.DeadlineExceeded }
func (silentSocket) Write(text []byte) (int, error) { return len(text), nil }
func (silentSocket) Close() error                   { return nil }

func closeBody(r *http.Request) {
	if r.Body != nil {
		_ = r.Body.Close()
	}
}

// response is the reply as net/http hands it out.
func (a reply) response(r *http.Request) *http.Response {
	header := a.header.Clone()
	header.Del("Content-Length") // of another body
	return &http.Response{
		Status:        http.StatusText(a.status),
		StatusCode:    a.status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        header,
		Body:          io.NopCloser(bytes.NewReader(a.body)),
		ContentLength: int64(len(a.body)),
		Request:       r,
	}
}

func connectionReset() error {
	return &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}
}

// wrongCertificate is the error of a handshake with a server that has the certificate of another host.
func wrongCertificate(host string) error {
	certificate := &x509.Certificate{DNSNames: []string{elsewhere}}
	return &tls.CertificateVerificationError{
		UnverifiedCertificates: []*x509.Certificate{certificate},
		Err:                    x509.HostnameError{Certificate: certificate, Host: host},
	}
}

// brokenBody is a body that comes in pieces, and ends in its own way.
type brokenBody struct {
	left  []byte
	piece int // bytes that one Read returns at most
	end   error
}

func (b *brokenBody) Read(into []byte) (int, error) {
	if len(b.left) == 0 {
		return 0, b.end
	}
	n := copy(into, b.left[:min(b.piece, len(b.left))])
	b.left = b.left[n:]
	return n, nil
}

func (b *brokenBody) Close() error { return nil }
