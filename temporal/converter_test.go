package temporal

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"

	common "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/internal/secret"
)

// newKeyring makes a keyring whose keys are made of these letters, the newest first.
func newKeyring(t *testing.T, letters ...string) *Keyring {
	t.Helper()
	keys := make([]cloud.Secret, 0, len(letters))
	for _, letter := range letters {
		keys = append(keys, secret.New(base64.StdEncoding.EncodeToString([]byte(strings.Repeat(letter, keySize)))))
	}
	ring, err := NewKeyring(keys...)
	if err != nil {
		t.Fatal(err)
	}
	return ring
}

func TestNothingReadableEntersAHistory(t *testing.T) {
	t.Parallel()
	step := Step{Ticket: &registration.Ticket{DeviceCode: "device-secret-1"}}
	payload, err := NewDataConverter(newKeyring(t, "a")).ToPayload(step)
	if err != nil {
		t.Fatal(err)
	}
	if text := payload.String(); strings.Contains(text, "device") || bytes.Contains(payload.GetData(), []byte("device")) {
		t.Errorf("it can be read: %s", text)
	}
}

func TestAKeyIsReplaced(t *testing.T) {
	t.Parallel()
	old, err := NewDataConverter(newKeyring(t, "a")).ToPayload("text")
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		keys []string
		want string // of the error
	}{
		"the same key":             {keys: []string{"a"}},
		"a newer one in front":     {keys: []string{"b", "a"}},
		"the old one is taken out": {keys: []string{"b"}, want: "is not in the keyring"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var text string
			err := NewDataConverter(newKeyring(t, test.keys...)).FromPayload(old, &text)
			switch {
			case test.want == "" && (err != nil || text != "text"):
				t.Errorf("%q, %v", text, err)
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
				t.Errorf("error %v, want %q", err, test.want)
			}
		})
	}
}

func TestWhatWasAlteredIsRefused(t *testing.T) {
	t.Parallel()
	codec := NewCodec(newKeyring(t, "a"))
	plain, err := converter.GetDefaultDataConverter().ToPayload("text")
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := codec.Encode([]*common.Payload{plain})
	if err != nil {
		t.Fatal(err)
	}
	encoded[0].Data[len(encoded[0].Data)-1] ^= 1
	for name, payload := range map[string]*common.Payload{"altered": encoded[0], "plain": plain, "nil": nil, "short": {Metadata: encoded[0].GetMetadata()}} {
		if _, err := codec.Decode([]*common.Payload{payload}); err == nil {
			t.Errorf("%s: it was taken", name)
		}
	}
}

func TestNewKeyringRefuses(t *testing.T) {
	t.Parallel()
	for name, keys := range map[string][]cloud.Secret{
		"no key":       nil,
		"an empty one": {{}},
		"no base64":    {secret.New("hunter2-hunter2!")},
		"a short one":  {secret.New(base64.StdEncoding.EncodeToString([]byte("hunter2")))},
	} {
		if _, err := NewKeyring(keys...); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}
