package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/rcreg/registration/internal/safedir"
	"github.com/rcreg/registration/internal/secret"
	"github.com/rcreg/registration/internal/shell"
	"github.com/rcreg/registration/temporal"
)

// maxKeys is far above any file of keys, in bytes.
const maxKeys = 64 << 10

// keys are those of histories: of the embedded server, of a file, or of the environment.
func (a *app) keys() (*temporal.Keyring, error) {
	if a.server.dev {
		return a.devKeys()
	}
	if a.server.keyFile == "" {
		text := a.system.Getenv("RCREG_HISTORY_KEY")
		if text == "" {
			return nil, usage("there is no key to encrypt histories with", "make one with openssl rand -base64 32, the same for all workers and all who start workflows, "+
				"and name its file with --key-file, or set RCREG_HISTORY_KEY")
		}
		return keyring("RCREG_HISTORY_KEY", text)
	}
	text, err := safedir.ReadPrivate(a.server.keyFile, maxKeys)
	if errors.Is(err, safedir.ErrReadableByOthers) {
		return nil, usage(fmt.Sprintf("the file of --key-file is refused: %v", err), "chmod 600 "+shell.Word(a.server.keyFile)+", and see who could read it: a key that others know is to be replaced")
	}
	if err != nil {
		return nil, usage(fmt.Sprintf("the file of --key-file cannot be read: %v", err), "name the file that has the keys of histories, one a line")
	}
	return keyring("the file of --key-file", string(text))
}

// keyring reads keys, one a line; lines that begin with # do not count. No error repeats one.
func keyring(source, text string) (*temporal.Keyring, error) {
	var keys []secret.Secret
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			keys = append(keys, secret.New(line))
		}
	}
	ring, err := temporal.NewKeyring(keys...)
	if err != nil {
		return nil, usage(fmt.Sprintf("%s holds no usable keys: %v", source, err), "put a key on each line, as openssl rand -base64 32 prints it; the first one encrypts")
	}
	return ring, nil
}
