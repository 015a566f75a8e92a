package offline_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/offline"
	"github.com/rcreg/registration/registrationtest"
)

// A workspace asks, a courier answers, and the answer comes back. Here the exchange folder is one for both; in the field it is carried.
func Example() {
	work, err := os.MkdirTemp("", "gap")
	check(err)
	defer func() { _ = os.RemoveAll(work) }()
	fake, err := registrationtest.StartCloud() // in the place of Rocket.Chat Cloud
	check(err)
	defer fake.Close()
	folder, err := offline.OpenFolder(filepath.Join(work, "exchange"))
	check(err)

	// On the workspace's side. The registration data comes from the workspace.
	state, err := offline.OpenState(filepath.Join(work, "state"))
	check(err)
	requester := &offline.Requester{Folder: folder, State: state}
	data := base64.StdEncoding.EncodeToString([]byte(`{"uniqueId":"7bcda132","address":"https://chat.example.com","siteName":"Chat","version":"6.13.0"}`))
	request, err := requester.Ask(offline.Registration, data)
	check(err)
	_, err = requester.Answer(request.ID())
	fmt.Println(errors.Is(err, offline.ErrNoAnswer))

	// On the side that reaches the Cloud.
	fmt.Println(deliver(filepath.Join(work, "ledger"), folder, fake))

	// On the workspace's side again.
	answer, err := requester.Answer(request.ID())
	check(err)
	fmt.Println(answer.Sealed(), answer.Request().Workspace())
	// Now hand answer.Grant().Blob() to the workspace, and once it is seen registered:
	check(requester.Close(request.ID()))
	// Output:
	// true
	// 1 answered
	// true https://chat.example.com
}

func deliver(ledgerPath string, folder *offline.Folder, fake *registrationtest.Cloud) string {
	tokens, err := offline.ParseTokens([]byte("7bcda132 " + fake.IssueToken())) // ReadTokens, for a file
	check(err)
	client, err := cloud.New(cloud.WithURL(fake.URL()))
	check(err)
	ledger, err := offline.OpenLedger(ledgerPath)
	check(err)
	defer func() { check(ledger.Close()) }()
	defer client.CloseIdleConnections()
	courier := &offline.Courier{Cloud: client, Tokens: tokens, Folder: folder, Ledger: ledger}
	report, err := courier.Run(context.Background())
	check(err)
	return fmt.Sprint(report.Count(offline.Answered), " ", offline.Answered)
}

func ExampleParseTokens() {
	_, err := offline.ParseTokens([]byte("# workspace    token\nhttps://chat.example.com  a-token\nhttps://chat.example.com  another-one\n"))
	fmt.Println(err)
	// Output: read the registration tokens: the file of registration tokens cannot be used: line 3: the workspace has a token already
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
