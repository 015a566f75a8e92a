// Command airgap registers a workspace across an air gap: two folders are two machines, and a copy between them is the stick that is carried.
//
//	go run ./examples/airgap
//
// It plays on a fake workspace in this process. For a real one each side is a program, or a command, of its own: rcreg register --via offline on the
// workspace's side, and rcreg courier run on the side that reaches the Cloud.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/offline"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/workspace"
)

func main() {
	if err := play(context.Background(), os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// play is the way of a registration over the gap and back: here is the workspace's machine, there is one that reaches the Cloud.
func play(ctx context.Context, out io.Writer) error {
	fake, err := registrationtest.StartWorkspace("6.13.0") //nolint:contextcheck // it is closed, not cancelled
	if err != nil {
		return err
	}
	defer fake.Close()
	fake.Set("Cloud_Url", "http://127.0.0.1:1") // where no server listens
	here, there, remove, err := machines()
	if err != nil {
		return err
	}
	defer remove()
	ws, err := workspace.New(fake.URL(), workspace.Token(fake.Admin().UserID, fake.Admin().AuthToken))
	if err != nil {
		return err
	}
	defer func() { _ = ws.Close(ctx) }() // ends a login, which a token does not need
	client, err := open(ctx, ws, here)
	if err != nil {
		return err
	}

	// There is no answer yet. The ticket is plain JSON: a program may save it, end, and go on with it days later.
	var pending *registration.PendingError
	if _, err := client.Register(ctx, registration.Request{}); !errors.As(err, &pending) {
		return fmt.Errorf("the registration is not pending: %w", err)
	}
	fmt.Fprintf(out, "here:  request %s is written\n", pending.Ticket.Request)
	if err := carry("requests", here, there); err != nil {
		return err
	}
	if err := deliver(ctx, out, there, fake.Cloud().URL(), fake.Cloud().IssueToken()); err != nil {
		return err
	}
	if err := carry("answers", there, here); err != nil {
		return err
	}
	// Wait looks until there is an answer, hands it over, and sees in the status that it took. Resume takes one look.
	result, err := client.Wait(ctx, pending.Ticket)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "here:  was %s, is %s as workspace %s\n", result.Before.State, result.After.State, result.After.WorkspaceID)
	return err
}

// open makes a client that reaches the Cloud by files alone.
func open(ctx context.Context, ws *workspace.Client, machine string) (*registration.Client, error) {
	folder, err := offline.OpenFolder(filepath.Join(machine, exchange))
	if err != nil {
		return nil, err
	}
	// The key that opens the answer is made with the request. It stays here: never carry this folder along.
	state, err := offline.OpenState(filepath.Join(machine, "state"))
	if err != nil {
		return nil, err
	}
	transport, err := offline.NewTransport(folder, state)
	if err != nil {
		return nil, err
	}
	return registration.New(ctx, ws, registration.WithTransport(transport))
}

// deliver answers every request in the folder of a machine that reaches the Cloud. It knows no workspace and no key: it can seal an answer, not open one.
func deliver(ctx context.Context, out io.Writer, machine, cloudURL, token string) error {
	folder, err := offline.OpenFolder(filepath.Join(machine, exchange))
	if err != nil {
		return err
	}
	// The ledger knows which token was spent for what, so that no token is spent twice and an answer that got lost can be written again.
	ledger, err := offline.OpenLedger(filepath.Join(machine, "ledger"))
	if err != nil {
		return err
	}
	defer func() { _ = ledger.Close() }() // what it knows is on disk already
	client, err := cloud.New(cloud.WithURL(cloudURL))
	if err != nil {
		return err
	}
	defer client.CloseIdleConnections()
	courier := offline.Courier{Cloud: client, Tokens: offline.OneToken(token), Folder: folder, Ledger: ledger}
	report, err := courier.Run(ctx)
	if err != nil {
		return err
	}
	for _, item := range report.Items {
		fmt.Fprintf(out, "there: request %s is %s\n", item.Request, item.Outcome)
		if item.Err != nil {
			return item.Err
		}
	}
	return nil
}

// exchange is the folder of each machine that is carried.
const exchange = "exchange"

// carry copies a part of the exchange folder from one machine to the other.
func carry(part, from, to string) error {
	return os.CopyFS(filepath.Join(to, exchange, part), os.DirFS(filepath.Join(from, exchange, part)))
}

// machines makes two folders that share nothing.
func machines() (here, there string, remove func(), err error) {
	root, err := os.MkdirTemp("", "")
	if err != nil {
		return "", "", nil, err
	}
	here, there = filepath.Join(root, "here"), filepath.Join(root, "there")
	err = errors.Join(os.Mkdir(here, 0o700), os.Mkdir(there, 0o700))
	return here, there, func() { _ = os.RemoveAll(root) }, err
}
