package relay_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/grants"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/relay"
)

func Example() {
	ws, console, done := clienttest.FakeWorkspace("6.13.0") // in your program: workspace.New, with the address that this machine reaches it at
	defer done()
	ctx := context.Background()
	state, err := os.MkdirTemp("", "relay")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(state)

	pending, err := grants.Open(filepath.Join(state, "grants"))
	if err != nil {
		log.Fatal(err)
	}
	registered, err := grants.Open(filepath.Join(state, "registered"))
	if err != nil {
		log.Fatal(err)
	}
	rocketCloud, err := cloud.New(cloud.WithURL(console.URL())) // in your program: cloud.New()
	if err != nil {
		log.Fatal(err)
	}
	defer rocketCloud.CloseIdleConnections()
	transport, err := relay.New(rocketCloud, pending, relay.LicensesWith(registered))
	if err != nil {
		log.Fatal(err)
	}
	client, err := registration.New(ctx, ws, registration.WithTransport(transport))
	if err != nil {
		log.Fatal(err)
	}

	result, err := client.Register(ctx, registration.Request{Token: console.IssueToken()})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Before.State, "→", result.After.State)
	result, err = client.Sync(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("license:", result.License.After.State)
	// Output:
	// unregistered → registered
	// license: in-force
}
