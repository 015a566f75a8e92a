// Command relay registers a workspace that cannot reach Rocket.Chat Cloud, from a machine that reaches both, and refreshes its license.
//
//	go run ./examples/relay
//
// As it is, it registers a fake workspace in this process. To register a real one, set RCREG_WORKSPACE, RCREG_USER_ID, RCREG_AUTH_TOKEN
// and RCREG_REGISTRATION_TOKEN; what has to be kept is then in the folder relay-state.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/grants"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/relay"
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
	return run(ctx, out, address, credentials, os.Getenv("RCREG_REGISTRATION_TOKEN"), cloud.DefaultURL, "relay-state")
}

// run registers a workspace through this machine, and refreshes its license. It can be killed at any point and run again: it goes on with what it kept.
func run(ctx context.Context, out io.Writer, address string, credentials workspace.Credentials, token, cloudURL, folder string) error {
	cloudClient, err := cloud.New(cloud.WithURL(cloudURL))
	if err != nil {
		return err
	}
	defer cloudClient.CloseIdleConnections()
	grants, relay, err := openRelay(cloudClient, folder)
	if err != nil {
		return err
	}
	ws, err := workspace.New(address, credentials)
	if err != nil {
		return err
	}
	defer func() { _ = ws.Close(ctx) }() // ends a login, which a token does not need
	client, err := registration.New(ctx, ws, registration.WithTransport(relay))
	if err != nil {
		return err
	}
	result, err := client.Register(ctx, registration.Request{Token: token})
	if err != nil {
		return err // it says what went wrong, and what to do next
	}
	show(out, result)
	kept, err := grants.Has(result.After.UniqueID)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "a grant is still on its way: %t\n", kept)

	result, err = client.Sync(ctx)
	if err != nil {
		return err
	}
	show(out, result)
	return nil
}

// openRelay makes the transport, and returns the store that keeps what the Cloud gives for a token until the workspace is seen registered: the token
// works once, so that would be lost for good with the process.
func openRelay(client *cloud.Client, folder string) (*grants.Store, registration.Transport, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, nil, err
	}
	pending, err := grants.Open(filepath.Join(folder, "grants"))
	if err != nil {
		return nil, nil, err
	}
	// Optional: only who still has the grant can fetch a license later. Guard this folder, it holds the workspace's client secret.
	registered, err := grants.Open(filepath.Join(folder, "registered"))
	if err != nil {
		return nil, nil, err
	}
	transport, err := relay.New(client, pending, relay.LicensesWith(registered))
	return pending, transport, err
}

func show(out io.Writer, result registration.Result) {
	fmt.Fprintf(out, "%s: was %s, is %s as workspace %s\n", result.Operation, result.Before.State, result.After.State, result.After.WorkspaceID)
	if result.License != nil {
		fmt.Fprintf(out, "the license is %s, for %q\n", result.License.After.State, result.License.After.Modules)
	}
	for _, note := range result.Notes {
		fmt.Fprintf(out, "note: %s\n", note)
	}
}

// play runs the program on a fake workspace that has no way to the Cloud.
func play(ctx context.Context, out io.Writer) error {
	fake, err := registrationtest.StartWorkspace("9.0.0") //nolint:contextcheck // it is closed, not cancelled
	if err != nil {
		return err
	}
	defer fake.Close()
	fake.Set("Cloud_Url", "http://127.0.0.1:1") // where no server listens
	folder, err := os.MkdirTemp("", "")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	credentials := workspace.Token(fake.Admin().UserID, fake.Admin().AuthToken)
	return run(ctx, out, fake.URL(), credentials, fake.Cloud().IssueToken(), fake.Cloud().URL(), folder)
}
