package offline

import (
	"fmt"
	"time"

	"filippo.io/age"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/internal/document"
)

// Kind is what a request asks for.
type Kind string

// The kinds of requests.
const (
	// Registration asks the Cloud to register the workspace: the answer holds a grant.
	Registration Kind = "registration"
	// License asks for the present license of a registered workspace: the answer holds its text.
	License Kind = "license"
)

// Request asks for an answer of Rocket.Chat Cloud. It is made by [Requester.Ask] or read by [ParseRequest], and never changes.
//
// It holds no secret: the key that opens the answer stays in the state folder.
type Request struct {
	content requestContent
	data    cloud.RegistrationData
	digest  string
	text    []byte // of the whole file, so that what this version does not know is passed on as well
}

// requestContent is the content of a request's file. docs/exchange-format.md describes it.
type requestContent struct {
	Kind             Kind      `json:"kind"`
	ID               string    `json:"id"`
	Created          time.Time `json:"created"`
	Nonce            string    `json:"nonce"`
	Workspace        Workspace `json:"workspace"`
	RegistrationData string    `json:"registration_data"`
	Recipient        string    `json:"recipient"`
}

// newRequest makes a request, and the identity that opens its answer.
func newRequest(kind Kind, data string, now time.Time) (Request, *age.X25519Identity, error) {
	parsed, err := readRegistrationData(data)
	if err == nil && kind == Registration {
		err = parsed.Check() // the other side would refuse it after the way
	}
	if err != nil {
		return Request{}, nil, err
	}
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return Request{}, nil, err
	}
	content := requestContent{
		Kind:             kind,
		ID:               newID(),
		Created:          now.UTC().Truncate(time.Second),
		Nonce:            newNonce(),
		Workspace:        workspaceOf(parsed),
		RegistrationData: data,
		Recipient:        identity.Recipient().String(),
	}
	text, digest, err := document.Write(content)
	if err != nil {
		return Request{}, nil, err
	}
	return Request{content: content, data: parsed, digest: digest, text: text}, identity, content.checkFields()
}

// ParseRequest reads the file of a request. Errors: [ErrTruncated], [ErrTooLarge], [ErrMalformed], [ErrNewerFormat], [ErrEdited], [ErrInvalidName] for an
// id that is none, and [ErrOtherWorkspace] when the registration data is not of the workspace that the request names.
func ParseRequest(text []byte) (Request, error) {
	var content requestContent
	digest, err := document.Read(text, &content)
	if err != nil {
		return Request{}, failed("read the request", "", err)
	}
	data, err := content.check()
	if err != nil {
		return Request{}, failed("read the request", "", err)
	}
	return Request{content: content, data: data, digest: digest, text: text}, nil
}

// check refuses what newRequest cannot have made, and reads the registration data.
func (c requestContent) check() (cloud.RegistrationData, error) {
	if err := c.checkFields(); err != nil {
		return cloud.RegistrationData{}, err
	}
	data, err := readRegistrationData(c.RegistrationData)
	if err == nil && workspaceOf(data) != c.Workspace {
		err = fmt.Errorf("the registration data: %w", ErrOtherWorkspace)
	}
	return data, err
}

func (c requestContent) checkFields() error {
	if c.Kind != Registration && c.Kind != License {
		return fmt.Errorf("%w: it asks for something else than a registration or a license", ErrMalformed)
	}
	if err := checkID(c.ID); err != nil {
		return fmt.Errorf("the id of the request: %w", err)
	}
	switch {
	case !isHex256(c.Nonce):
		return fmt.Errorf("%w: its nonce is not one", ErrMalformed)
	case c.Created.IsZero():
		return fmt.Errorf("%w: it does not say when it was made", ErrMalformed)
	}
	if _, err := age.ParseX25519Recipient(c.Recipient); err != nil {
		return fmt.Errorf("%w: its recipient is no age recipient", ErrMalformed)
	}
	return nil
}

// ID is the request's id: 16 small letters and digits, which are also the names of its files.
func (r Request) ID() string { return r.content.ID }

// Kind tells what is asked for.
func (r Request) Kind() Kind { return r.content.Kind }

// Created is when the request was made, to the second, in UTC.
func (r Request) Created() time.Time { return r.content.Created }

// Workspace tells who asks.
func (r Request) Workspace() Workspace { return r.content.Workspace }

// RegistrationData is the text as the workspace gave it, byte for byte: what a person pastes into the Cloud console under "Continue offline".
func (r Request) RegistrationData() string { return r.content.RegistrationData }

// Digest is the SHA-256 of the content, in hexadecimal digits.
func (r Request) Digest() string { return r.digest }

// Text is the request as a file for a courier, as it was read. Fields that this version does not know are still in it.
func (r Request) Text() []byte { return append([]byte(nil), r.text...) }

// String names the request and the workspace.
func (r Request) String() string {
	return fmt.Sprintf("%s request %s of %s", r.content.Kind, r.content.ID, r.content.Workspace)
}
