package cloudmodule

import (
	"context"
	"encoding/base64"
	"strings"

	"github.com/rcreg/registration/registrationtest/internal/server"
)

// manualRegister applies an offline answer. It is the only call that refuses on a registered workspace, and does so
// before it looks at the blob.
func (m *Module) manualRegister(ctx context.Context, blob string) error {
	status, err := m.registration()
	if err != nil {
		return err
	}
	if m.refusesBlob(status) {
		return errAlreadyRegistered
	}
	grant, err := server.ParseJSON(m.rel, decodeLeniently(blob))
	if err != nil {
		return err
	}
	return m.saveGrantManually(ctx, grant)
}

// refusesBlob reports whether the workspace counts as registered: 3.0 looks at the wish, which is true out of the box.
func (m *Module) refusesBlob(status registration) bool {
	if m.rel.Before("3.1") {
		return truthy(status.wish)
	}
	return status.registered
}

// decodeLeniently is the server's base64 decoder: both alphabets, padding or not, and what is no base64 is left out.
func decodeLeniently(blob string) string {
	var kept strings.Builder
	for _, b := range []byte(blob) {
		switch {
		case b == '=':
			return decodeKept(kept.String())
		case b == '-':
			kept.WriteByte('+')
		case b == '_':
			kept.WriteByte('/')
		case isBase64(b):
			kept.WriteByte(b)
		}
	}
	return decodeKept(kept.String())
}

func isBase64(b byte) bool {
	return b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == '+' || b == '/'
}

func decodeKept(kept string) string {
	if len(kept)%4 == 1 { // six bits make no byte
		kept = kept[:len(kept)-1]
	}
	raw, _ := base64.RawStdEncoding.DecodeString(kept) // nothing is left that it could refuse
	return strings.ToValidUTF8(string(raw), "\ufffd")
}
