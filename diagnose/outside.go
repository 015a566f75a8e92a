package diagnose

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/workspace"
)

// lookAtAddress looks at what can be seen without credentials, with one call: GET /api/info. It reports whether a Rocket.Chat answered.
func (e *examination) lookAtAddress(ctx context.Context) bool {
	var handshake atomic.Pointer[tls.ConnectionState]
	limited, cancel := look(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(got httptrace.GotConnInfo) {
			if conn, ok := got.Conn.(*tls.Conn); ok {
				state := conn.ConnectionState()
				handshake.Store(&state)
			}
		},
	}))
	defer cancel()
	info, err := e.workspace.Info(limited)
	var failed *workspace.Error
	switch {
	case err == nil:
	case ctx.Err() != nil, !errors.As(err, &failed):
		e.failed(ctx, CheckAddress, err)
		return false
	case isAboutTLS(failure.Remedies(err)):
		e.add(CheckAddress, OK, "something answers there", nil)
		e.stop(CheckTLS, failed.Reason(), failure.Remedies(err))
		return false
	case errors.Is(err, workspace.ErrAddress):
		e.stop(CheckAddress, failed.Reason(), failure.Remedies(err))
		return false
	case failed.Status == 0:
		e.stop(CheckAddress, failed.Reason(), failure.Ways(actOnAddress(err)))
		return false
	}
	e.add(CheckAddress, OK, "it answers", nil)
	e.foundTLS(handshake.Load())
	if err != nil {
		e.notRocketChat(failed)
		return false
	}
	e.info, e.found.Version = info, info.Version
	e.add(CheckRocketChat, OK, "GET /api/info answers as Rocket.Chat does", nil)
	return true
}

// isAboutTLS reports whether TLS has refused a connection: the first way out says so.
func isAboutTLS(remedies []failure.Remedy) bool {
	if len(remedies) == 0 {
		return false
	}
	switch remedies[0].Act {
	case failure.TrustAuthority, failure.MatchCertificate, failure.RenewCertificate, failure.UseTLSPort, failure.CheckTLS:
		return true
	}
	return false
}

// actOnAddress is the way out where nothing answers at an address.
func actOnAddress(err error) failure.Act {
	var name *net.DNSError
	switch {
	case errors.As(err, &name):
		return failure.CheckName
	case errors.Is(err, context.DeadlineExceeded):
		return failure.CheckSilence
	}
	return failure.CheckHost
}

// expiresSoon is how long before its end a certificate, or the support of a version, is worth a warning.
const expiresSoon = 30 * 24 * time.Hour

// foundTLS judges the connection of an address that answers. A RoundTripper of the caller may hide the handshake.
func (e *examination) foundTLS(handshake *tls.ConnectionState) {
	if !strings.HasPrefix(e.found.Workspace, "https:") {
		e.foundPlain()
		return
	}
	if handshake == nil {
		e.add(CheckTLS, OK, "the certificate is trusted", nil)
		return
	}
	until := handshake.PeerCertificates[0].NotAfter
	evidence := fmt.Sprintf("%s; the certificate ends on %s", tls.VersionName(handshake.Version), until.UTC().Format(time.DateOnly))
	if until.Before(e.workspace.Clock().Now().Add(expiresSoon)) {
		e.add(CheckTLS, Warning, evidence, failure.Ways(failure.RenewCertificate))
		return
	}
	e.add(CheckTLS, OK, evidence, nil)
}

// foundPlain judges an address without TLS.
func (e *examination) foundPlain() {
	if u, err := url.Parse(e.found.Workspace); err == nil && (u.Hostname() == "localhost" || net.ParseIP(u.Hostname()).IsLoopback()) {
		e.add(CheckTLS, Info, "plain HTTP, on this machine alone", nil)
		return
	}
	e.add(CheckTLS, Warning, "plain HTTP: tokens and passwords travel in clear", failure.Ways(failure.ServeHTTPS))
}

// notRocketChat says what answered instead of Rocket.Chat.
func (e *examination) notRocketChat(failed *workspace.Error) {
	evidence, remedies := failed.Reason(), failure.Ways(failure.CheckAddress)
	switch {
	case failed.Status == http.StatusUnauthorized || failed.Status == http.StatusForbidden:
		evidence += "; it is open to all in Rocket.Chat: something in front of the workspace asks for a login"
		remedies = failure.Way(failure.LetPass, "GET /api/*")
	case failed.Status == http.StatusTooManyRequests:
		remedies = failure.Ways(failure.Wait, failure.RaiseLimit)
	case failed.Status >= http.StatusInternalServerError:
		remedies = failure.Ways(failure.CheckServer)
	}
	e.stop(CheckRocketChat, evidence, remedies)
}

// lookAtVersion judges the version, and makes the client. It reports whether the server can be asked anything.
func (e *examination) lookAtVersion(ctx context.Context) bool {
	client, err := e.open(ctx, e.info.Version)
	switch {
	case errors.Is(err, registration.ErrUnsupportedVersion):
		e.stop(CheckVersion, e.info.Version+" is older than 3.0", failure.Remedies(err))
		return false
	case err != nil:
		e.failed(ctx, CheckVersion, err)
		return false
	}
	e.client = client
	if can := client.Capabilities(); can.Newer {
		e.add(CheckVersion, Info, e.info.Version+" is newer than any version known here, and is treated as the newest known", failure.Ways(failure.UpdateTool))
	} else {
		e.add(CheckVersion, OK, e.info.Version+" speaks the dialect of "+can.Dialect, nil)
	}
	return true
}
