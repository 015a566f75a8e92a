package registration

import (
	"errors"
	"fmt"
	"io"
	"net/mail"
	"strings"
	"unicode"
)

// Request says how to register: with Token or with Email, not both. Across an air gap it is empty.
type Request struct {
	// Token is a registration token from the Cloud console. It works once.
	Token string
	// Email is the address that the Cloud asks to confirm (from 4.4; through a relay at any version).
	Email string
	// Resend asks the Cloud to send the message once more; only with Email.
	Resend bool
}

// maxTokenLength is far above any token that the Cloud is known to issue.
const maxTokenLength = 64 << 10

// checkFor refuses what a transport does not take.
func (r Request) checkFor(t Info) error {
	switch {
	case t.takesNothing() && r != (Request{}):
		return fmt.Errorf("the transport %q carries no token and no e-mail address", t.Name)
	case t.takesNothing():
		return nil
	case r.Token != "" && !t.TakesToken:
		return fmt.Errorf("the transport %q carries no token", t.Name)
	case r.Email != "" && !t.TakesEmail:
		return fmt.Errorf("the transport %q carries no e-mail address", t.Name)
	case r.Token == "" && r.Email == "":
		return errors.New("neither a registration token nor an e-mail address was given")
	}
	return nil
}

// check refuses what cannot work over any transport.
func (r Request) check() error {
	switch {
	case r.Token != "" && r.Email != "":
		return errors.New("both a registration token and an e-mail address were given")
	case r.Resend && r.Token != "":
		return errors.New("only a registration by e-mail can be resent")
	case r.Email != "":
		return checkEmail(r.Email)
	case len(r.Token) > maxTokenLength:
		return errors.New("the registration token is far too long")
	case strings.ContainsFunc(r.Token, func(c rune) bool { return unicode.IsSpace(c) || !unicode.IsPrint(c) }):
		return errors.New("the registration token holds white space or control characters")
	}
	return nil
}

func checkEmail(text string) error {
	address, err := mail.ParseAddress(text)
	if err != nil || address.Address != text {
		return errors.New("the e-mail address is not one: it needs the form name@example.com")
	}
	return nil
}

// String describes the request without its token.
func (r Request) String() string {
	if r.Token != "" {
		return "register with a token [redacted]"
	}
	if r.Email != "" {
		return fmt.Sprintf("register by e-mail %q", r.Email)
	}
	return "register across an air gap"
}

// GoString is String: a request never prints its token.
func (r Request) GoString() string { return r.String() }

// Format prints the request without its token, whatever the verb.
func (r Request) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, r.String()) }

// MarshalText describes the request without its token, so that no JSON or slog line holds it.
func (r Request) MarshalText() ([]byte, error) { return []byte(r.String()), nil }
