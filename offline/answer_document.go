package offline

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"filippo.io/age"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/internal/document"
)

// answerContent is the content of an answer's file. docs/exchange-format.md describes it.
type answerContent struct {
	Kind          answerKind `json:"kind"`
	Request       string     `json:"request"`
	Nonce         string     `json:"nonce"`
	RequestSHA256 string     `json:"request_sha256"`
	Workspace     Workspace  `json:"workspace"`
	Created       time.Time  `json:"created"`
	Sealed        string     `json:"sealed"`
}

// answerKind is the kind of an answer's file, so that none is taken for a request.
type answerKind string

func answerTo(k Kind) answerKind { return answerKind(k) + "-answer" }

// payload is what is sealed in an answer.
type payload struct {
	// RequestSHA256 binds the payload to one request: its wrapping could be changed on the way.
	RequestSHA256 string `json:"request_sha256"`
	CloudBlob     string `json:"cloud_blob,omitempty"` // the cloudBlob of cloud.manualRegister
	License       string `json:"license,omitempty"`    // the license of licenses.add
	// InClear tells that the answer came in clear, and was sealed where it arrived.
	InClear bool `json:"in_clear,omitempty"`
}

// sealAnswer writes the file of an answer.
func sealAnswer(r Request, p payload, now time.Time) ([]byte, error) {
	recipient, err := age.ParseX25519Recipient(r.content.Recipient)
	if err != nil {
		return nil, fmt.Errorf("%w: its recipient is no age recipient", ErrMalformed)
	}
	p.RequestSHA256 = r.digest
	plain, plainErr := json.Marshal(p)
	sealed, sealErr := document.Seal(recipient, plain)
	text, _, err := document.Write(answerContent{
		Kind:          answerTo(r.Kind()),
		Request:       r.ID(),
		Nonce:         r.content.Nonce,
		RequestSHA256: r.digest,
		Workspace:     r.Workspace(),
		Created:       now.UTC().Truncate(time.Second),
		Sealed:        sealed,
	})
	return text, errors.Join(plainErr, sealErr, err)
}

// parseAnswer reads the file of an answer, without opening it.
func parseAnswer(text []byte) (answerContent, error) {
	var content answerContent
	if _, err := document.Read(text, &content); err != nil {
		return answerContent{}, err
	}
	if content.Kind != answerTo(Registration) && content.Kind != answerTo(License) {
		return answerContent{}, fmt.Errorf("%w: it is no answer", ErrMalformed)
	}
	if err := checkID(content.Request); err != nil {
		return answerContent{}, fmt.Errorf("the id of the request: %w", err)
	}
	return content, nil
}

// isAnswerTo returns what finds the answer to a request among the files under temporary names.
func isAnswerTo(id string) func(text []byte) bool {
	return func(text []byte) bool {
		content, err := parseAnswer(text)
		return err == nil && content.Request == id
	}
}

// isFor reports whether an answer is for a request.
func (c answerContent) isFor(r Request) error {
	switch {
	case c.Workspace.UniqueID != r.Workspace().UniqueID:
		return ErrOtherWorkspace
	case c.Request != r.ID() || c.Nonce != r.content.Nonce || c.RequestSHA256 != r.digest || c.Kind != answerTo(r.Kind()):
		return ErrOtherRequest
	}
	return nil
}

// open decrypts an answer that is for a request, and checks what it holds.
func (c answerContent) open(r Request, identity age.Identity) (Answer, error) {
	plain, err := document.Unseal(c.Sealed, identity)
	if err != nil {
		return Answer{}, err
	}
	var p payload
	if err := json.Unmarshal(plain, &p); err != nil {
		return Answer{}, fmt.Errorf("%w: what is sealed is no answer", ErrUnusable)
	}
	if p.RequestSHA256 != r.digest {
		return Answer{}, ErrOtherRequest
	}
	answer, err := p.answer(r)
	if err != nil {
		return Answer{}, err
	}
	answer.created = c.Created
	return answer, nil
}

// answer checks what is to be handed to the workspace.
func (p payload) answer(r Request) (Answer, error) {
	answer := Answer{request: r, sealed: !p.InClear}
	if r.Kind() == License {
		license, err := readLicense(p.License)
		answer.license = license
		return answer, err
	}
	grant, err := readGrant(p.CloudBlob)
	answer.grant, answer.doubt = grant, whoseGrant(grant, r.Workspace())
	return answer, err
}

// readGrant reads a code, and refuses every grant that must not be sent to the workspace.
func readGrant(code string) (cloud.Grant, error) {
	grant, err := cloud.ParseBlob(code)
	if err == nil {
		err = grant.Check()
	}
	if err != nil {
		return cloud.Grant{}, fmt.Errorf("%w: %w", ErrUnusable, err)
	}
	return grant, nil
}

// grantDigest tells grants apart, so that none is used twice.
func grantDigest(g cloud.Grant) string { return document.Digest(g.Reveal()) }
