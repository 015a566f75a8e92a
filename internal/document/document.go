// Package document has the form of the files that are carried between the sides of an air gap, and of those that are kept in private folders: JSON that says its format,
// its version and the SHA-256 of its content.
//
//	err := document.Keep(dir, document.Name("pending", id), content)
//	text, err := dir.Read(document.Name("pending", id), document.MaxKept)
//	digest, err := document.Read(text, &content)
package document

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/rcreg/registration/failure"
)

const (
	// Format is what every file of the exchange format says it is.
	Format = "rcreg-exchange"
	// Version is the newest version of the format that this package writes and reads.
	Version = 1

	// MaxSize is how long a file may be, in bytes; real ones have a few thousand.
	MaxSize = 1 << 20

	// ByteOrderMark is what some editors put before a text. It means nothing here.
	ByteOrderMark = "\uFEFF"
)

// outer is the outer form of every structured file.
type outer struct {
	Format  string          `json:"format"`
	Version int             `json:"version"`
	Content json.RawMessage `json:"content"`
	SHA256  string          `json:"sha256"`
}

// Write returns the text of a file with a content, and the digest of the content.
func Write(content any) (text []byte, digest string, err error) {
	raw, err := json.Marshal(content)
	if err != nil {
		return nil, "", err
	}
	digest = Digest(raw)
	compact := fmt.Appendf(nil, `{"format":%q,"version":%d,"content":%s,"sha256":%q}`, Format, Version, raw, digest)
	var indented bytes.Buffer
	err = json.Indent(&indented, compact, "", "  ")
	return append(indented.Bytes(), '\n'), digest, err
}

// Digest is the SHA-256 of a text, in hexadecimal. That of a content is of its bytes without the white space that means nothing in JSON.
func Digest(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// Read checks the outer form of a file and reads its content. It returns the digest of the content. Errors: [failure.TooLarge], [failure.Truncated],
// [failure.Malformed], [failure.NewerFormat], [failure.Edited].
func Read(text []byte, content any) (digest string, err error) {
	if len(text) > MaxSize {
		return "", failure.TooLarge
	}
	text = bytes.TrimPrefix(text, []byte(ByteOrderMark))
	if err := CheckJSON(text); err != nil {
		return "", err
	}
	var whole outer
	err = json.Unmarshal(text, &whole)
	switch {
	case whole.Version > Version && whole.Format == Format: // what else it has may have another shape
		return "", fmt.Errorf("it has version %d, this program knows up to %d: %w", whole.Version, Version, failure.NewerFormat)
	case err != nil, whole.Version < 1, whole.Format != Format:
		return "", failure.Malformed
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, whole.Content); err != nil {
		return "", failure.Malformed
	}
	if digest = Digest(compact.Bytes()); digest != whole.SHA256 {
		return "", failure.Edited
	}
	return digest, readContent(compact.Bytes(), content)
}

// readContent decodes a content. The errors of encoding/json may quote it, so they go no further.
func readContent(text []byte, content any) error {
	var wrongType *json.UnmarshalTypeError
	switch err := json.Unmarshal(text, content); {
	case errors.As(err, &wrongType):
		return fmt.Errorf("%w: %s is not a %s", failure.Malformed, wrongType.Field, wrongType.Type)
	case err != nil:
		return failure.Malformed
	}
	return nil
}

// CheckJSON tells what is cut off from what is no JSON at all: [failure.Truncated] from [failure.Malformed]. A file system that was pulled out while it wrote may leave
// zeros at the end.
func CheckJSON(text []byte) error {
	whole := bytes.TrimRight(text, "\x00")
	if len(whole) < len(text) {
		return failure.Truncated
	}
	if json.Valid(text) {
		return nil
	}
	var syntax *json.SyntaxError
	if errors.As(json.Unmarshal(text, new(any)), &syntax) && syntax.Offset >= int64(len(text)) {
		return failure.Truncated
	}
	return failure.Malformed
}
