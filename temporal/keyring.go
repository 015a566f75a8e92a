package temporal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/rcreg/registration/cloud"
)

// keySize is that of AES-256, in bytes.
const keySize = 32

// Keyring holds the keys with which histories are encrypted: the first one encrypts, all of them decrypt. So a key is replaced by putting a new one in
// front, on every worker, and is taken out once no workflow that used it runs any more. Make one with [NewKeyring]: with an empty or nil one everything fails.
type Keyring struct {
	newest  string
	ciphers map[string]cipher.AEAD
}

// NewKeyring reads keys: 32 random bytes each, in base64, such as `openssl rand -base64 32` prints. No error shows a key.
func NewKeyring(keys ...cloud.Secret) (*Keyring, error) {
	if len(keys) == 0 {
		return nil, errors.New("no key to encrypt histories with: make one with openssl rand -base64 32")
	}
	ring := &Keyring{ciphers: make(map[string]cipher.AEAD, len(keys))}
	for i, text := range keys {
		key, err := base64.StdEncoding.DecodeString(text.Reveal())
		if err != nil || len(key) != keySize {
			return nil, fmt.Errorf("key %d is not one: it needs %d bytes in base64, such as openssl rand -base64 32 prints", i+1, keySize)
		}
		block, err := aes.NewCipher(key)
		if err != nil {
			return nil, fmt.Errorf("key %d: %w", i+1, err)
		}
		aead, err := cipher.NewGCMWithRandomNonce(block)
		if err != nil {
			return nil, fmt.Errorf("key %d: %w", i+1, err)
		}
		id := keyID(key)
		ring.ciphers[id] = aead
		if i == 0 {
			ring.newest = id
		}
	}
	return ring, nil
}

// usable refuses a keyring that NewKeyring has not made.
func (k *Keyring) usable() error {
	if k == nil || len(k.ciphers) == 0 {
		return errors.New("the keyring is empty: make one with temporal.NewKeyring")
	}
	return nil
}

// keyID tells keys apart, and tells nothing of them.
func keyID(key []byte) string {
	sum := sha256.Sum256(append([]byte("rcreg history key "), key...))
	return hex.EncodeToString(sum[:8])
}
