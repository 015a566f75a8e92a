package command

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/spf13/pflag"

	"github.com/rcreg/registration/internal/httpclient"
	"github.com/rcreg/registration/internal/safedir"
)

// TLSFiles are the flags --ca-file, --client-cert and --client-key: whom a command trusts over TLS, and as whom it connects, to workspaces and to the Cloud.
type TLSFiles struct {
	authorities, certificate, key string
	opened                        *http.Transport
}

// Add adds the flags.
func (f *TLSFiles) Add(flags *pflag.FlagSet) {
	flags.StringVar(&f.authorities, "ca-file", "", "trust the certificate authorities in this PEM `FILE` too (RCREG_CA_FILE)")
	flags.StringVar(&f.certificate, "client-cert", "", "show the client certificate in this PEM `FILE` (RCREG_CLIENT_CERT)")
	flags.StringVar(&f.key, "client-key", "", "PEM `FILE` with its key, where another one has it (RCREG_CLIENT_KEY)")
}

// RoundTripper is the transport that the flags, or their variables, ask for: the same one for every call, until Close. It is nil where none is given. Errors: *UsageError.
func (f *TLSFiles) RoundTripper(getenv func(name string) string) (http.RoundTripper, error) {
	if f.opened != nil {
		return f.opened, nil
	}
	authorities, certificate, key := tlsFile{"--ca-file", f.authorities}, tlsFile{"--client-cert", f.certificate}, tlsFile{"--client-key", f.key}
	authorities.orFrom("RCREG_CA_FILE", getenv)
	certificate.orFrom("RCREG_CLIENT_CERT", getenv)
	key.orFrom("RCREG_CLIENT_KEY", getenv)
	if authorities.path == "" && certificate.path == "" && key.path == "" {
		return nil, nil //nolint:nilnil // the default transport
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	var err error
	if authorities.path != "" {
		if config.RootCAs, err = authorities.pool(); err != nil {
			return nil, err
		}
	}
	if certificate.path != "" || key.path != "" {
		pair, err := clientCertificate(certificate, key)
		if err != nil {
			return nil, err
		}
		config.Certificates = []tls.Certificate{pair}
	}
	f.opened = httpclient.TransportOver(config)
	return f.opened, nil
}

// Close drops the connections that wait for another call.
func (f *TLSFiles) Close() {
	if f.opened != nil {
		f.opened.CloseIdleConnections()
	}
}

// tlsFile is a file of one of the flags, and what named it.
type tlsFile struct{ name, path string }

func (f *tlsFile) orFrom(variable string, getenv func(string) string) {
	if f.path == "" {
		if f.path = getenv(variable); f.path != "" {
			f.name = variable
		}
	}
}

// maxPEM is far above the certificates of all public authorities together, in bytes.
const maxPEM = 4 << 20

// read reads a file, one that holds a key only where no other user can.
func (f *tlsFile) read() ([]byte, error) {
	data, err := safedir.ReadPrivate(f.path, maxPEM)
	if errors.Is(err, safedir.ErrReadableByOthers) {
		if public, failed := safedir.ReadPublic(f.path, maxPEM); failed == nil && !bytes.Contains(public, []byte("PRIVATE KEY-----")) {
			return public, nil
		}
	}
	return data, err
}

// blocks reads the PEM blocks of a file.
func (f *tlsFile) blocks() (data []byte, all []*pem.Block, err error) {
	if data, err = f.read(); err != nil {
		if errors.Is(err, safedir.ErrReadableByOthers) {
			return nil, nil, f.refused(err.Error(), "chmod 600 "+f.path+", and see who could read it")
		}
		return nil, nil, f.refused("it cannot be read: "+err.Error(), "name a file in PEM")
	}
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		all = append(all, block)
	}
	switch {
	case len(strings.TrimSpace(string(data))) == 0:
		err = f.refused("it is empty", "name a file in PEM")
	case len(all) == 0:
		err = f.refused("it is not PEM: it has no line such as -----BEGIN CERTIFICATE-----",
			"convert it: openssl x509 -inform DER -in FILE -out FILE.pem, or openssl pkcs12 -in FILE -out FILE.pem -nodes for a file that ends in .p12 or .pfx")
	}
	return data, all, err
}

// refused is wrong usage. It never repeats what is in the file.
func (f *tlsFile) refused(problem, next string) error {
	return &UsageError{fmt.Sprintf("the file of %s is refused: %s", f.name, problem), next}
}

// pool is the system's authorities, and those of the file.
func (f *tlsFile) pool() (*x509.CertPool, error) {
	_, blocks, err := f.blocks()
	if err != nil {
		return nil, err
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool() // a machine without any
	}
	for _, block := range blocks {
		if block.Type != "CERTIFICATE" {
			return nil, f.refused(fmt.Sprintf("it holds a %.40q", block.Type), "name a file with certificates alone, those of the authorities")
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, f.refused("a certificate in it cannot be read: "+err.Error(), "write it again, as the authority gives it out")
		}
		pool.AddCert(certificate)
	}
	return pool, nil
}

// clientCertificate reads a certificate, with those that lead to its authority, and its key, which may be in the same file.
func clientCertificate(certificate, key tlsFile) (pair tls.Certificate, err error) {
	switch {
	case certificate.path == "":
		return pair, key.refused("there is no certificate for the key", "name it with --client-cert")
	case key.path == "":
		key = certificate
	}
	chain, blocks, err := certificate.blocks()
	if err != nil {
		return pair, err
	}
	if !hasBlock(blocks, "CERTIFICATE") {
		return pair, certificate.refused("it holds no certificate", "name the file with the client certificate")
	}
	secret := chain
	if key != certificate {
		if secret, blocks, err = key.blocks(); err != nil {
			return pair, err
		}
	}
	switch {
	case !hasBlock(blocks, "PRIVATE KEY"):
		return pair, key.refused("it holds no private key", "name the file with the key of the certificate with --client-key")
	case isEncrypted(blocks):
		return pair, key.refused("its private key is encrypted with a password", "write it without one into a file that only you can read: openssl pkey -in FILE -out KEY")
	}
	if pair, err = tls.X509KeyPair(chain, secret); err != nil {
		return pair, certificate.refused(strings.TrimPrefix(err.Error(), "tls: "), "name the certificate and the key that belongs to it")
	}
	return pair, nil
}

// hasBlock reports whether there is a block of this kind, such as RSA PRIVATE KEY for PRIVATE KEY.
func hasBlock(blocks []*pem.Block, kind string) bool {
	for _, block := range blocks {
		if strings.HasSuffix(block.Type, kind) {
			return true
		}
	}
	return false
}

func isEncrypted(blocks []*pem.Block) bool {
	for _, block := range blocks {
		if strings.HasPrefix(block.Type, "ENCRYPTED") || strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED") {
			return true
		}
	}
	return false
}
