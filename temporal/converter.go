package temporal

import (
	"errors"
	"fmt"

	common "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
	sdk "go.temporal.io/sdk/temporal"
	"google.golang.org/protobuf/proto"
)

const (
	encodingKey = "encoding" // the SDK's own name, see converter.MetadataEncoding
	sealed      = "binary/rcreg-aes256gcm"
	keyIDKey    = "rcreg-key"
)

// ErrDecrypt is the kind of errors when something cannot be decrypted: most often this process has other keys than those who wrote it.
var ErrDecrypt = errors.New("decrypt")

// NewDataConverter returns the converter that encrypts all that enters a history. Whoever starts, asks or runs a workflow needs one with the same keys:
// give it to client.Options.
func NewDataConverter(keys *Keyring) converter.DataConverter {
	return keyConverter{DataConverter: converter.NewCodecDataConverter(converter.GetDefaultDataConverter(), NewCodec(keys))}
}

// NewFailureConverter returns the converter that encrypts what errors say, and where they come from. Without it the messages of errors stand in a history as they
// are: with names and addresses of workspaces, never with secrets. Give it to client.Options.
func NewFailureConverter(keys *Keyring) converter.FailureConverter {
	return sdk.NewDefaultFailureConverter(sdk.DefaultFailureConverterOptions{DataConverter: NewDataConverter(keys), EncodeCommonAttributes: true})
}

// NewCodec returns the codec of [NewDataConverter], for a codec server that shows histories to people who may see them.
func NewCodec(keys *Keyring) converter.PayloadCodec { return codec{keys} }

type codec struct{ keys *Keyring }

// Encode encrypts each payload as a whole, with its metadata.
func (c codec) Encode(payloads []*common.Payload) ([]*common.Payload, error) {
	if err := c.keys.usable(); err != nil {
		return nil, fmt.Errorf("encrypt: %w", err)
	}
	encoded := make([]*common.Payload, len(payloads))
	for i, payload := range payloads {
		plain, err := proto.Marshal(payload)
		if err != nil {
			return nil, fmt.Errorf("encrypt: %w", err)
		}
		encoded[i] = &common.Payload{
			Metadata: map[string][]byte{encodingKey: []byte(sealed), keyIDKey: []byte(c.keys.newest)},
			Data:     c.keys.ciphers[c.keys.newest].Seal(nil, nil, plain, []byte(sealed)), //nolint:gosec // this cipher makes a random nonce itself
		}
	}
	return encoded, nil
}

var errUnknownKey = errors.New("is not in the keyring")

// Decode decrypts what Encode has encrypted. What was never encrypted is refused: only who holds a key may start work here.
func (c codec) Decode(payloads []*common.Payload) ([]*common.Payload, error) {
	if err := c.keys.usable(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDecrypt, err)
	}
	decoded := make([]*common.Payload, len(payloads))
	for i, payload := range payloads {
		if string(payload.GetMetadata()[encodingKey]) != sealed {
			return nil, fmt.Errorf("%w: it is not encrypted: start workflows with the data converter of this package", ErrDecrypt)
		}
		id := string(payload.GetMetadata()[keyIDKey])
		aead, ok := c.keys.ciphers[id]
		if !ok {
			return nil, fmt.Errorf("%w: the key %.16q %w: give this process the keys that the workers have", ErrDecrypt, id, errUnknownKey)
		}
		plain, err := aead.Open(nil, nil, payload.GetData(), []byte(sealed))
		if err != nil {
			return nil, fmt.Errorf("%w: it was altered, or is not what its key says", ErrDecrypt)
		}
		decoded[i] = new(common.Payload)
		if err := proto.Unmarshal(plain, decoded[i]); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrDecrypt, err)
		}
	}
	return decoded, nil
}
