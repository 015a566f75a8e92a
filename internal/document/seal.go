package document

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"
	"filippo.io/age/armor"

	"github.com/rcreg/registration/failure"
)

// Seal encrypts a text to a recipient, in the text form that the command age reads.
func Seal(to age.Recipient, plain []byte) (string, error) {
	var out bytes.Buffer
	armored := armor.NewWriter(&out)
	sealed, err := age.Encrypt(armored, to)
	if err != nil {
		return "", fmt.Errorf("seal: %w", err)
	}
	_, err = sealed.Write(plain)
	err = errors.Join(err, sealed.Close(), armored.Close())
	return out.String(), err
}

// Unseal decrypts the text that [Seal] has made. The error is [failure.CannotOpen] with its cause.
func Unseal(sealed string, with ...age.Identity) ([]byte, error) {
	plain, err := age.Decrypt(armor.NewReader(strings.NewReader(sealed)), with...)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", failure.CannotOpen, err)
	}
	text, err := io.ReadAll(plain) // which is shorter than what is sealed
	if err != nil {
		return nil, fmt.Errorf("%w: %w", failure.CannotOpen, err)
	}
	return text, nil
}
