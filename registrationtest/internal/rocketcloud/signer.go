package rocketcloud

import (
	"crypto/rsa"
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"github.com/golang-jwt/jwt/v5"
)

// The key is public on purpose: it signs nothing but the licenses and support lists of fake Clouds, and making one for
// each Cloud would cost more than all the rest. Its header says "TESTING KEY", so that no tool takes it for a secret.
//
//go:embed signing.pem
var signingPEM string

// theSigner is the one of the program: to read the key, and to sign, costs more than all else that starts a workspace.
var theSigner = sync.OnceValues(newSigner) //nolint:gochecknoglobals // what it remembers follows from what it is given

// signer signs licenses and support lists, and remembers what it signed last. It is safe for concurrent use.
type signer struct {
	key *rsa.PrivateKey

	mu     sync.Mutex
	signed map[string]string // by the claims as JSON
}

// maxSigned is how much a signer remembers: a simulation may run for weeks.
const maxSigned = 1_000

func newSigner() (*signer, error) {
	key, err := jwt.ParseRSAPrivateKeyFromPEM([]byte(strings.ReplaceAll(signingPEM, "TESTING KEY", "PRIVATE KEY")))
	if err != nil {
		return nil, fmt.Errorf("the signing key: %w", err)
	}
	return &signer{key: key, signed: map[string]string{}}, nil
}

// sign returns the claims as a JWT, RS256.
func (s *signer) sign(claims jwt.Claims) (string, error) {
	text, err := json.Marshal(claims)
	if err != nil {
		return "", fmt.Errorf("sign claims: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if known, ok := s.signed[string(text)]; ok {
		return known, nil
	}
	token, err := jwt.NewWithClaims(jwt.SigningMethodRS256, claims).SignedString(s.key)
	if err != nil {
		return "", fmt.Errorf("sign claims: %w", err)
	}
	if len(s.signed) == maxSigned {
		clear(s.signed)
	}
	s.signed[string(text)] = token
	return token, nil
}

// public is the key that what was signed can be checked with.
func (s *signer) public() *rsa.PublicKey { return &s.key.PublicKey }
