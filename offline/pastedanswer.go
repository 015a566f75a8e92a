package offline

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/internal/document"
	"github.com/rcreg/registration/internal/pasted"
	"github.com/rcreg/registration/internal/secret"
)

// readPasted reads what a person saved: the code from the Cloud console, or a license.
func readPasted(text []byte, r Request) (payload, error) {
	if len(text) > document.MaxSize {
		return payload{}, ErrTooLarge
	}
	code := pasted.Text(string(text))
	if code == "" {
		return payload{}, ErrTruncated
	}
	if r.Kind() == License {
		if isRegistration(code) {
			return payload{}, fmt.Errorf("%w: this is the code or the data of a registration, where a license belongs", ErrUnusable)
		}
		license, err := readLicense(code)
		return payload{License: license.Reveal(), InClear: true}, err
	}
	if isCutOff(code) {
		return payload{}, fmt.Errorf("the code: %w", ErrTruncated)
	}
	grant, err := readGrant(string(text)) // as it was pasted, so that an error has the place of what is foreign
	if err != nil {
		return payload{}, err
	}
	return payload{CloudBlob: grant.Blob(), InClear: true}, nil
}

// isRegistration tells the code from the Cloud console, and the text that is pasted there, from a license: no license is base64 of JSON.
func isRegistration(code string) bool {
	text, err := decodeBeginning(code)
	return err == nil && strings.HasPrefix(string(text), `{"`) && utf8.Valid(text)
}

// isCutOff reports whether a code is the beginning of one.
func isCutOff(code string) bool {
	text, err := decodeBeginning(code)
	return err == nil && len(text) > 0 && errors.Is(document.CheckJSON(text), ErrTruncated)
}

// decodeBeginning decodes base64 that may be cut off anywhere.
func decodeBeginning(code string) ([]byte, error) {
	code = strings.TrimRight(code, "=")
	if len(code)%4 == 1 {
		code = code[:len(code)-1] // six bits make no byte
	}
	return base64.RawStdEncoding.DecodeString(code)
}

// readLicense looks whether a text can be a license. Only the workspace knows whether it is a good one.
func readLicense(text string) (cloud.Secret, error) {
	unusable := func(why string) (cloud.Secret, error) {
		return cloud.Secret{}, fmt.Errorf("%w: %s", ErrUnusable, why)
	}
	switch {
	case text == "":
		return unusable("there is no license in it")
	case strings.HasPrefix(text, "{") || strings.HasPrefix(text, "<"):
		return unusable("this is no license, but JSON or a web page")
	case pasted.Foreign(text, isVisibleASCII) != "":
		return unusable("a license has only letters, digits and some signs: " + pasted.Foreign(text, isVisibleASCII))
	}
	return secret.New(text), nil
}

func isVisibleASCII(c rune) bool { return c > ' ' && c <= '~' }
