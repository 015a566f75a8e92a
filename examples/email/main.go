// Command email registers a workspace by e-mail. A message has to be confirmed, so it ends before the registration does: it saves a
// ticket, and the next run goes on with it.
//
//	go run ./examples/email
//
// As it is, it plays both runs on a fake workspace in this process. To register a real one, set RCREG_WORKSPACE, RCREG_USER_ID,
// RCREG_AUTH_TOKEN and RCREG_EMAIL, run it, confirm the message, and run it again.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"os"
	"path/filepath"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/workspace"
)

func main() {
	if err := playOrRun(context.Background(), os.Stdout); err != nil {
		log.Fatal(err)
	}
}

func playOrRun(ctx context.Context, out io.Writer) error {
	address := os.Getenv("RCREG_WORKSPACE")
	if address == "" {
		return play(ctx, out)
	}
	credentials := workspace.Token(os.Getenv("RCREG_USER_ID"), os.Getenv("RCREG_AUTH_TOKEN"))
	return run(ctx, out, address, credentials, os.Getenv("RCREG_EMAIL"), "ticket.json")
}

// run starts a registration, or goes on with the one whose ticket is saved at path.
func run(ctx context.Context, out io.Writer, address string, credentials workspace.Credentials, email, path string) error {
	ws, err := workspace.New(address, credentials)
	if err != nil {
		return err
	}
	defer func() { _ = ws.Close(ctx) }() // ends a login, which a token does not need
	client, err := registration.New(ctx, ws)
	if err != nil {
		return err
	}
	result, err := startOrResume(ctx, client, email, path)
	var pending *registration.PendingError
	if errors.As(err, &pending) {
		_, err = fmt.Fprintf(out, "%s has to confirm the message with the code %s\n", pending.Ticket.Email, pending.Ticket.UserCode)
		return errors.Join(err, save(pending.Ticket, path))
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s as workspace %s\n", result.After.State, result.After.WorkspaceID)
	return errors.Join(err, os.RemoveAll(path))
}

func startOrResume(ctx context.Context, client *registration.Client, email, path string) (registration.Result, error) {
	text, err := os.ReadFile(path) //nolint:gosec // the program's own file
	if errors.Is(err, fs.ErrNotExist) {
		return client.Register(ctx, registration.Request{Email: email})
	}
	if err != nil {
		return registration.Result{}, err
	}
	ticket, err := registration.ParseTicket(text)
	if err != nil {
		return registration.Result{}, err
	}
	return client.Resume(ctx, ticket) // one look; client.Wait looks until the message is confirmed
}

// save keeps a ticket. It is a secret: whoever has it can complete the registration.
func save(ticket registration.Ticket, path string) error {
	text, err := json.Marshal(ticket)
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o600)
}

// play runs the program twice on a fake workspace, and confirms the message in between.
func play(ctx context.Context, out io.Writer) error {
	fake, err := registrationtest.StartWorkspace("6.13.0") //nolint:contextcheck // it is closed, not cancelled
	if err != nil {
		return err
	}
	defer fake.Close()
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	credentials := workspace.Token(fake.Admin().UserID, fake.Admin().AuthToken)
	again := func() error {
		return run(ctx, out, fake.URL(), credentials, "ops@example.com", filepath.Join(dir, "ticket.json"))
	}
	if err := again(); err != nil {
		return err
	}
	if err := fake.Cloud().ConfirmDevice(fake.Cloud().Devices()[0].Code); err != nil {
		return err
	}
	return again()
}
