package registration_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/clienttest"
)

func Example() {
	ws, cloud, done := clienttest.FakeWorkspace("6.13.0") // in your program: workspace.New("https://chat.example.com", workspace.Token(userID, authToken))
	defer done()
	ctx := context.Background()

	client, err := registration.New(ctx, ws)
	if err != nil {
		log.Fatal(err)
	}
	result, err := client.Register(ctx, registration.Request{Token: cloud.IssueToken()})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Before.State, "→", result.After.State)

	again, err := client.Register(ctx, registration.Request{Token: cloud.IssueToken()})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("changed:", again.Changed, "tokens spent:", len(cloud.SpentTokens()))
	// Output:
	// unregistered → registered
	// changed: false tokens spent: 1
}

func ExampleClient_Wait() {
	ws, cloud, done := clienttest.FakeWorkspace("5.4.0")
	defer done()
	ctx := context.Background()
	client, err := registration.New(ctx, ws)
	if err != nil {
		log.Fatal(err)
	}

	_, err = client.Register(ctx, registration.Request{Email: "ops@example.com"})
	var pending *registration.PendingError
	if !errors.As(err, &pending) {
		log.Fatal(err)
	}
	saved, err := json.Marshal(pending.Ticket) // keep it like a password
	if err != nil {
		log.Fatal(err)
	}

	if err := cloud.ConfirmDevice(pending.Ticket.DeviceCode); err != nil { // what a person does in the mail program
		log.Fatal(err)
	}

	ticket, err := registration.ParseTicket(saved) // in another process, perhaps
	if err != nil {
		log.Fatal(err)
	}
	result, err := client.Wait(ctx, ticket)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.After.State)
	// Output: registered
}

func ExampleClient_Sync_removedFromCloud() {
	ws, cloud, done := clienttest.FakeWorkspace("8.7.0")
	defer done()
	ctx := context.Background()
	client, err := registration.New(ctx, ws)
	if err != nil {
		log.Fatal(err)
	}
	result, err := client.Register(ctx, registration.Request{Token: cloud.IssueToken()})
	if err != nil {
		log.Fatal(err)
	}
	if err := cloud.Remove(result.After.WorkspaceID); err != nil {
		log.Fatal(err)
	}

	_, err = client.Sync(ctx) // the workspace answers success
	fmt.Println(errors.Is(err, registration.ErrRemovedFromCloud))
	// Output: true
}

func ExampleClient_Disconnect() {
	ws, _, done := clienttest.FakeWorkspace("6.5.0")
	defer done()
	ctx := context.Background()
	client, err := registration.New(ctx, ws)
	if err != nil {
		log.Fatal(err)
	}

	_, err = client.Disconnect(ctx)
	var failure *registration.Error
	if errors.As(err, &failure) && errors.Is(err, registration.ErrUnsupported) {
		fmt.Println(failure.Advice())
	}
	// Output: remove the workspace in the Cloud console, then sync it once: it forgets its registration; or disconnect with ForgetIdentity, which also gives it a new unique id
}

func ExampleClient_Capabilities() {
	ws, _, done := clienttest.FakeWorkspace("3.1.0")
	defer done()
	client, err := registration.New(context.Background(), ws)
	if err != nil {
		log.Fatal(err)
	}
	for _, ability := range client.Capabilities().Abilities[:4] {
		fmt.Printf("%s: %v %s\n", ability.Name, ability.Supported, ability.Calls)
	}
	// Output:
	// status: true [method cloud:checkRegisterStatus GET cloud.registrationStatus]
	// register with a token: true [method cloud:connectWorkspace POST cloud.connectWorkspace]
	// register by e-mail: false []
	// poll a registration by e-mail: false []
}
