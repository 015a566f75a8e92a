package httpclient

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"

	"github.com/rcreg/registration/failure"
)

// IsTLS reports whether a connection failed over TLS.
func IsTLS(err error) bool {
	var (
		verification *tls.CertificateVerificationError
		record       tls.RecordHeaderError
		op           *net.OpError
	)
	return errors.As(err, &verification) || errors.As(err, &record) || errors.Is(err, http.ErrSchemeMismatch) ||
		errors.As(err, &op) && op.Op == "remote error"
}

// ActOnTLS is the way out where a connection failed over TLS.
func ActOnTLS(err error) failure.Act {
	var (
		authority x509.UnknownAuthorityError
		name      x509.HostnameError
		invalid   x509.CertificateInvalidError
		record    tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &authority):
		return failure.TrustAuthority
	case errors.As(err, &name):
		return failure.MatchCertificate
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return failure.RenewCertificate
	case errors.As(err, &record), errors.Is(err, http.ErrSchemeMismatch):
		return failure.UseTLSPort
	}
	return failure.CheckTLS
}
