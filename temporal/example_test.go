package temporal_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"

	"go.temporal.io/sdk/client"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/temporal"
)

// Workers, and all who start workflows or ask them, make their client with the same keys: what enters a history is encrypted.
func ExampleNewDataConverter() {
	file := filepath.Join(os.TempDir(), "rcreg-example.key") // made once: (umask 077; openssl rand -base64 32 > history.key)
	key := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{7}, 32))
	if err := os.WriteFile(file, []byte(key), 0o600); err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.Remove(file) }()

	secret, err := fleet.Reference{File: file}.Read()
	if err != nil {
		fmt.Println(err)
		return
	}
	keys, err := temporal.NewKeyring(secret)
	if err != nil {
		fmt.Println(err)
		return
	}
	options := client.Options{DataConverter: temporal.NewDataConverter(keys), FailureConverter: temporal.NewFailureConverter(keys)}

	payload, err := options.DataConverter.ToPayload("unique-1")
	if err != nil {
		fmt.Println(err)
		return
	}
	var back string
	err = options.DataConverter.FromPayload(payload, &back)
	fmt.Println("in the history in clear:", bytes.Contains(payload.Data, []byte("unique-1")))
	fmt.Println("read with the key:", back, err)
	// Output:
	// in the history in clear: false
	// read with the key: unique-1 <nil>
}

// A workspace is registered by one workflow at a time: start it under this id.
func ExampleRegisterID() {
	fmt.Println(temporal.RegisterID("alpha"))
	// Output: rcreg/register/alpha
}
