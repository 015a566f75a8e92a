package offline_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/offline"
	"github.com/rcreg/registration/registrationtest"
)

// A workspace that reaches nothing asks; a courier answers on another machine. What is carried between the two is a folder.
func ExampleNewTransport() {
	ws, rocketChat, done := clienttest.FakeWorkspace("6.13.0") // in your program: workspace.New("https://chat.example.com", workspace.Token(userID, authToken))
	defer done()
	work, err := os.MkdirTemp("", "gap")
	check(err)
	defer func() { check(os.RemoveAll(work)) }()
	here, there := filepath.Join(work, "here"), filepath.Join(work, "there") // in the field: two machines
	ctx := context.Background()

	// On the workspace's side.
	folder, err := offline.OpenFolder(here)
	check(err)
	state, err := offline.OpenState(filepath.Join(work, "state")) // it holds the key that opens the answer: it is not carried
	check(err)
	transport, err := offline.NewTransport(folder, state)
	check(err)
	client, err := registration.New(ctx, ws, registration.WithTransport(transport))
	check(err)
	_, err = client.Register(ctx, registration.Request{})
	var pending *registration.PendingError
	if !errors.As(err, &pending) {
		log.Fatal(err)
	}
	saved, err := json.Marshal(pending.Ticket)
	check(err)

	// The folder is carried to the other side, where a courier answers, and back.
	check(os.CopyFS(there, os.DirFS(here)))
	fmt.Println(courierIn(there, work, rocketChat))
	check(os.RemoveAll(here))
	check(os.CopyFS(here, os.DirFS(there)))

	// On the workspace's side again, perhaps in another process.
	ticket, err := registration.ParseTicket(saved)
	check(err)
	result, err := client.Wait(ctx, ticket)
	check(err)
	fmt.Println(result.Before.State, "→", result.After.State)
	fmt.Println("tokens spent:", len(rocketChat.SpentTokens()))
	// Output:
	// answered: 1
	// unregistered → registered
	// tokens spent: 1
}

// courierIn runs a courier in a folder that was carried to where the Cloud can be reached.
func courierIn(path, work string, rocketChat *registrationtest.Cloud) string {
	client, err := cloud.New(cloud.WithURL(rocketChat.URL())) // in your program: cloud.New()
	check(err)
	defer client.CloseIdleConnections()
	folder, err := offline.OpenFolder(path)
	check(err)
	ledger, err := offline.OpenLedger(filepath.Join(work, "ledger")) // it keeps a token from being spent twice
	check(err)
	defer func() { check(ledger.Close()) }()
	courier := &offline.Courier{Cloud: client, Tokens: offline.OneToken(rocketChat.IssueToken()), Folder: folder, Ledger: ledger}
	report, err := courier.Run(context.Background())
	check(err)
	return fmt.Sprint(offline.Answered, ": ", report.Count(offline.Answered))
}

// The courier's place may be taken by a person, who uses the Cloud console.
func Example_offlineByHand() {
	ws, rocketChat, done := clienttest.FakeWorkspace("8.6.1")
	defer done()
	work, err := os.MkdirTemp("", "gap")
	check(err)
	defer func() { check(os.RemoveAll(work)) }()
	folder, err := offline.OpenFolder(filepath.Join(work, "exchange"))
	check(err)
	state, err := offline.OpenState(filepath.Join(work, "state"))
	check(err)
	ctx := context.Background()
	transport, err := offline.NewTransport(folder, state)
	check(err)
	client, err := registration.New(ctx, ws, registration.WithTransport(transport))
	check(err)
	_, err = client.Register(ctx, registration.Request{})
	var pending *registration.PendingError
	if !errors.As(err, &pending) {
		log.Fatal(err)
	}

	// A person pastes the text of the request under "Continue offline", and saves the code that the console shows.
	text, err := os.ReadFile(filepath.Join(folder.Path(), "requests", pending.Ticket.Request+".txt"))
	check(err)
	code, err := rocketChat.RegisterOffline(string(text))
	check(err)
	answers := filepath.Join(folder.Path(), "answers")
	check(os.MkdirAll(answers, 0o700))
	check(os.WriteFile(filepath.Join(answers, pending.Ticket.Request+".txt"), []byte(code+"\r\n"), 0o600))

	result, err := client.Register(ctx, registration.Request{})
	check(err)
	fmt.Println(result.After.State)
	fmt.Println(result.Notes[0])
	// Output:
	// registered
	// the answer was not sealed: whoever saw it on its way knows the workspace's client secret
}
