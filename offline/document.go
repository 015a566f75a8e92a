package offline

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
)

const (
	// FormatName is what every file of the exchange format says it is.
	FormatName = "rcreg-exchange"
	// FormatVersion is the newest version of the format that this package writes and reads.
	FormatVersion = 1

	maxDocument = 1 << 20 // bytes; real ones have a few thousand
)

// document is the outer form of every structured file.
type document struct {
	Format  string          `json:"format"`
	Version int             `json:"version"`
	Content json.RawMessage `json:"content"`
	SHA256  string          `json:"sha256"`
}

// writeDocument returns the text of a file with a content, and the digest of the content.
func writeDocument(content any) (text []byte, digest string, err error) {
	raw, err := json.Marshal(content)
	if err != nil {
		return nil, "", err
	}
	digest = digestOf(raw)
	compact := fmt.Appendf(nil, `{"format":%q,"version":%d,"content":%s,"sha256":%q}`, FormatName, FormatVersion, raw, digest)
	var indented bytes.Buffer
	err = json.Indent(&indented, compact, "", "  ")
	return append(indented.Bytes(), '\n'), digest, err
}

// digestOf is the SHA-256 of a content: of its bytes without the white space that means nothing in JSON.
func digestOf(compact []byte) string {
	sum := sha256.Sum256(compact)
	return hex.EncodeToString(sum[:])
}

// readDocument checks the outer form of a file and reads its content. It returns the digest of the content.
func readDocument(text []byte, content any) (digest string, err error) {
	if len(text) > maxDocument {
		return "", ErrTooLarge
	}
	text = bytes.TrimPrefix(text, []byte(byteOrderMark))
	if err := checkJSON(text); err != nil {
		return "", err
	}
	var whole document
	err = json.Unmarshal(text, &whole)
	switch {
	case whole.Version > FormatVersion && whole.Format == FormatName: // what else it has may have another shape
		return "", fmt.Errorf("it has version %d, this program knows up to %d: %w", whole.Version, FormatVersion, ErrNewerFormat)
	case err != nil, whole.Version < 1, whole.Format != FormatName:
		return "", ErrMalformed
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, whole.Content); err != nil {
		return "", ErrMalformed
	}
	if digest = digestOf(compact.Bytes()); digest != whole.SHA256 {
		return "", ErrEdited
	}
	return digest, readContent(compact.Bytes(), content)
}

// readContent decodes a content. The errors of encoding/json may quote it, so they go no further.
func readContent(text []byte, content any) error {
	var wrongType *json.UnmarshalTypeError
	switch err := json.Unmarshal(text, content); {
	case errors.As(err, &wrongType):
		return fmt.Errorf("%w: %s is not a %s", ErrMalformed, wrongType.Field, wrongType.Type)
	case err != nil:
		return ErrMalformed
	}
	return nil
}

const byteOrderMark = "\uFEFF"

// checkJSON tells what is cut off from what is no JSON at all. A file system that was pulled out while it wrote may leave zeros at the end.
func checkJSON(text []byte) error {
	whole := bytes.TrimRight(text, "\x00")
	if len(whole) < len(text) {
		return ErrTruncated
	}
	if json.Valid(text) {
		return nil
	}
	var syntax *json.SyntaxError
	if errors.As(json.Unmarshal(text, new(any)), &syntax) && syntax.Offset >= int64(len(text)) {
		return ErrTruncated
	}
	return ErrMalformed
}
