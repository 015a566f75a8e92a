// Command quickstart registers a workspace with a token from the Cloud console.
//
//	go run ./examples/quickstart
//
// As it is, it registers a fake workspace in this process. To register a real one, set RCREG_WORKSPACE, RCREG_USER_ID, RCREG_AUTH_TOKEN
// and RCREG_REGISTRATION_TOKEN.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/workspace"
)

func main() {
	if err := run(context.Background(), os.Stdout, os.Getenv); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, out io.Writer, getenv func(string) string) error {
	address, token := getenv("RCREG_WORKSPACE"), getenv("RCREG_REGISTRATION_TOKEN")
	credentials := workspace.Token(getenv("RCREG_USER_ID"), getenv("RCREG_AUTH_TOKEN"))
	if address == "" {
		fake, err := registrationtest.StartWorkspace("9.0.0") //nolint:contextcheck // it is closed, not cancelled
		if err != nil {
			return err
		}
		defer fake.Close()
		admin := fake.Admin()
		address, token = fake.URL(), fake.Cloud().IssueToken()
		credentials = workspace.Token(admin.UserID, admin.AuthToken)
	}
	return register(ctx, out, address, credentials, token)
}

// register is all that a program needs. Running it again changes nothing and spends no token.
func register(ctx context.Context, out io.Writer, address string, credentials workspace.Credentials, token string) error {
	ws, err := workspace.New(address, credentials)
	if err != nil {
		return err
	}
	defer func() { _ = ws.Close(ctx) }() // ends a login, which a token does not need
	client, err := registration.New(ctx, ws)
	if err != nil {
		return err
	}
	result, err := client.Register(ctx, registration.Request{Token: token})
	if err != nil {
		return err // it says what went wrong, and what to do next
	}
	_, err = fmt.Fprintf(out, "was %s, is %s as workspace %s\n", result.Before.State, result.After.State, result.After.WorkspaceID)
	return err
}
