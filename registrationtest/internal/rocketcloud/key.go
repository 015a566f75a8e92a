package rocketcloud

import (
	"crypto/rsa"
	_ "embed"
	"strings"

	"github.com/golang-jwt/jwt/v5"
)

// The key is public on purpose: it signs nothing but the licences and support lists of fake Clouds, and making one for
// each Cloud would cost more than all the rest. Its header says "TESTING KEY", so that no tool takes it for a secret.
//
//go:embed signing.pem
var signingPEM string

// signingKey returns the key that signs licences and support lists.
func signingKey() (*rsa.PrivateKey, error) {
	return jwt.ParseRSAPrivateKeyFromPEM([]byte(strings.ReplaceAll(signingPEM, "TESTING KEY", "PRIVATE KEY")))
}
