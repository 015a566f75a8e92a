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

// Signer signs licenses and support lists. It remembers what it signed, since that costs more than the rest of a call.
// It is safe for concurrent use.
type Signer struct {
	key *rsa.PrivateKey

	mu     sync.Mutex
	signed map[string]string // by the claims as JSON
}

// NewSigner returns a signer. All of them have the same key.
func NewSigner() (*Signer, error) {
	key, err := jwt.ParseRSAPrivateKeyFromPEM([]byte(strings.ReplaceAll(signingPEM, "TESTING KEY", "PRIVATE KEY")))
	if err != nil {
		return nil, fmt.Errorf("the signing key: %w", err)
	}
	return &Signer{key: key, signed: map[string]string{}}, nil
}

// sign returns the claims as a JWT, RS256.
func (s *Signer) sign(claims jwt.Claims) (string, error) {
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
	s.signed[string(text)] = token
	return token, nil
}

// Signer returns what the Cloud signs with, for another Cloud to share.
func (c *Cloud) Signer() *Signer { return c.signer }

// public is the key that what was signed can be checked with.
func (s *Signer) public() *rsa.PublicKey { return &s.key.PublicKey }
