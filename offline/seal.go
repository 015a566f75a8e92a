package offline

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"
	"filippo.io/age/armor"
)

// seal encrypts a text to a recipient, in the text form that the command age reads.
func seal(to age.Recipient, plain []byte) (string, error) {
	var out bytes.Buffer
	armored := armor.NewWriter(&out)
	sealed, err := age.Encrypt(armored, to)
	if err != nil {
		return "", fmt.Errorf("seal: %w", err)
	}
	if _, err := sealed.Write(plain); err != nil {
		return "", fmt.Errorf("seal: %w", err)
	}
	if err := sealed.Close(); err != nil {
		return "", fmt.Errorf("seal: %w", err)
	}
	if err := armored.Close(); err != nil {
		return "", fmt.Errorf("seal: %w", err)
	}
	return out.String(), nil
}

// unseal decrypts what seal has made. The error is [ErrCannotOpen] with its cause.
func unseal(sealed string, with ...age.Identity) ([]byte, error) {
	if len(with) == 0 {
		return nil, fmt.Errorf("%w: no key was given", ErrCannotOpen)
	}
	plain, err := age.Decrypt(armor.NewReader(strings.NewReader(sealed)), with...)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCannotOpen, err)
	}
	text, err := io.ReadAll(io.LimitReader(plain, maxDocument+1))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCannotOpen, err)
	}
	if len(text) > maxDocument {
		return nil, ErrTooLarge
	}
	return text, nil
}
