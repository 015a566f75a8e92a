// Command transport registers a workspace over a transport of its own: one that asks a ticket desk over HTTP for the registration token, where an administrator has to
// approve it first. It uses public names only.
//
//	go run ./examples/transport
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/workspace"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := play(ctx, os.Stdout)
	stop()
	if err != nil {
		log.Fatal(err)
	}
}

// play registers a fake workspace, in this process: first the desk has to approve it.
func play(ctx context.Context, out io.Writer) error {
	fake, err := registrationtest.StartWorkspace("8.9.0") //nolint:contextcheck // it is closed, not cancelled
	if err != nil {
		return err
	}
	defer fake.Close()
	office := newOffice(fake.Cloud().IssueToken)
	defer office.Close()
	ws, err := workspace.New(fake.URL(), workspace.Token(fake.Admin().UserID, fake.Admin().AuthToken))
	if err != nil {
		return err
	}
	transport, err := newDesk(office.URL)
	if err != nil {
		return err
	}
	client, err := registration.New(ctx, ws, registration.WithTransport(transport))
	if err != nil {
		return err
	}
	_, err = client.Register(ctx, registration.Request{})
	var pending *registration.PendingError
	if !errors.As(err, &pending) {
		return fmt.Errorf("the desk was to wait for an approval: %w", err)
	}
	fmt.Fprintf(out, "the desk has request %s\n", pending.Ticket.Request)
	office.approve(pending.Ticket.Request)
	result, err := client.Resume(ctx, pending.Ticket)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "was %s, is %s as workspace %s\n", result.Before.State, result.After.State, result.After.WorkspaceID)
	return err
}
