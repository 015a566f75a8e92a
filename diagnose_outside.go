package registration

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-version"

	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/advice"
	"github.com/rcreg/registration/internal/httpclient"
	"github.com/rcreg/registration/workspace"
)

// lookAtAddress looks at what can be seen without credentials, with one call: GET /api/info. It reports whether a Rocket.Chat answered.
func (e *examination) lookAtAddress(ctx context.Context) bool {
	if e.client.hostedByRocketChat() {
		e.broken = CheckAddress
		e.add(CheckAddress, SeverityInfo, "this workspace is hosted by Rocket.Chat, and was not asked", "nothing: its host keeps it connected; ask Rocket.Chat's support when it is not")
		return false
	}
	var handshake atomic.Pointer[tls.ConnectionState]
	limited, cancel := e.look(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(got httptrace.GotConnInfo) {
			if conn, ok := got.Conn.(*tls.Conn); ok {
				state := conn.ConnectionState()
				handshake.Store(&state)
			}
		},
	}))
	defer cancel()
	info, err := e.client.workspace.Info(e.client.reading(limited))
	var failed *workspace.Error
	switch {
	case err == nil:
	case ctx.Err() != nil, !errors.As(err, &failed):
		e.failed(ctx, CheckAddress, err)
		return false
	case httpclient.IsTLS(err):
		e.add(CheckAddress, SeverityOK, "something answers there", "")
		e.stop(CheckTLS, brief(err), advice.InGo(failure.Ways(httpclient.ActOnTLS(err))))
		return false
	case errors.Is(err, workspace.ErrAddress):
		e.stop(CheckAddress, brief(err), "use the address that it leads to, and see that no login page stands before the API")
		return false
	case failed.Status == 0:
		e.stop(CheckAddress, brief(err), advice.InGo(failure.Ways(actOnAddress(err))))
		return false
	}
	e.add(CheckAddress, SeverityOK, "it answers", "")
	e.foundTLS(handshake.Load())
	if err != nil {
		e.foundStranger(err, failed.Status)
		return false
	}
	e.info, e.found.Version = info, info.Version
	e.add(CheckRocketChat, SeverityOK, "GET /api/info answers as Rocket.Chat does", "")
	return true
}

// actOnAddress is the way out where nothing answers at an address.
func actOnAddress(err error) failure.Act {
	var (
		name   *net.DNSError
		silent *httpclient.SilentError
	)
	switch {
	case errors.As(err, &name):
		return failure.CheckName
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &silent):
		return failure.CheckSilence
	}
	return failure.CheckHost
}

// expiresSoon is how long before its end a certificate, or the support of a version, is worth a warning.
const expiresSoon = 30 * 24 * time.Hour

// foundTLS judges the connection of an address that answers. A transport of the caller may hide the handshake.
func (e *examination) foundTLS(handshake *tls.ConnectionState) {
	if !strings.HasPrefix(e.found.Workspace, "https:") {
		e.foundPlain()
		return
	}
	if handshake == nil {
		e.add(CheckTLS, SeverityOK, "the certificate is trusted", "")
		return
	}
	until := handshake.PeerCertificates[0].NotAfter
	evidence := fmt.Sprintf("%s; the certificate ends on %s", tls.VersionName(handshake.Version), until.UTC().Format(time.DateOnly))
	if until.Before(e.client.workspace.Clock().Now().Add(expiresSoon)) {
		e.add(CheckTLS, SeverityWarning, evidence, "see that it is renewed in time")
		return
	}
	e.add(CheckTLS, SeverityOK, evidence, "")
}

// foundPlain judges an address without TLS.
func (e *examination) foundPlain() {
	if host := e.client.domain(); host == "localhost" || net.ParseIP(host).IsLoopback() {
		e.add(CheckTLS, SeverityInfo, "plain HTTP, on this machine alone", "")
		return
	}
	e.add(CheckTLS, SeverityWarning, "plain HTTP: tokens and passwords travel in clear", "serve the workspace over HTTPS")
}

// foundStranger says what answered instead of Rocket.Chat.
func (e *examination) foundStranger(err error, status int) {
	next := "check the address, the sub-path, and what else may answer there: a proxy, a login page, another program"
	switch {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		next = "GET /api/info is open to anybody: something before the workspace asks for a login; let the API pass there"
	case status == http.StatusTooManyRequests:
		next = "wait, then run it again: something before the workspace limits the rate of calls"
	case status >= 500:
		next = "see whether the server runs behind its proxy, and read its log"
	}
	e.stop(CheckRocketChat, brief(err), next)
}

// lookAtVersion judges the version, and opens the session. It reports whether the server can be asked anything.
func (e *examination) lookAtVersion() bool {
	v, err := version.NewVersion(e.info.Version)
	if err != nil {
		e.stop(CheckVersion, fmt.Sprintf("%.40q is no version", e.info.Version), "check what answers there")
		return false
	}
	server, ok := versionOf(v)
	if !ok {
		e.stop(CheckVersion, e.info.Version+" is older than 3.0", "upgrade the server: nothing below 3.0 can be registered with the Cloud")
		return false
	}
	// The session of a client that is open already stays: it has learned which calls there are.
	if known := e.client.session; known == nil || known.server.since != server.since {
		e.client.session = e.client.newSession(server)
	}
	e.client.version = e.info.Version
	if server.newer {
		e.add(CheckVersion, SeverityInfo, e.info.Version+" is newer than any version known here, and is treated as the newest known", "see whether there is a newer version of this program")
		return true
	}
	e.add(CheckVersion, SeverityOK, e.info.Version+" speaks the dialect of "+server.since, "")
	return true
}
