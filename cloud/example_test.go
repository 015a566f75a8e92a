package cloud_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/registrationtest"
)

// A machine that reaches the Cloud exchanges a registration token for a workspace that does not.
func Example() {
	fake, err := registrationtest.StartCloud() // stands for https://cloud.rocket.chat
	if err != nil {
		fmt.Println(err)
		return
	}
	defer fake.Close()
	client, err := cloud.New(cloud.WithURL(fake.URL()))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.CloseIdleConnections()

	// What GET cloud.workspaceRegisterData, or the method cloud:getWorkspaceRegisterData, says of the workspace.
	data, err := cloud.ParseRegistrationText("eyJ1bmlxdWVJZCI6InUtMSIsImFkZHJlc3MiOiJodHRwczovL2NoYXQuZXhhbXBsZS5jb20iLCJzaXRlTmFtZSI6IkV4YW1wbGUifQ==")
	if err != nil {
		fmt.Println(err)
		return
	}
	token := fake.IssueToken() // from the Cloud console
	grant, err := client.ExchangeToken(context.Background(), token, data)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := grant.Check(); err != nil {
		fmt.Println(err)
		return
	}
	_ = grant.Blob() // for POST cloud.manualRegister
	fmt.Println("granted to", grant.ClientName)

	_, err = client.ExchangeToken(context.Background(), token, data)
	fmt.Println("a token works once:", errors.Is(err, cloud.ErrTokenUsed))
	// Output:
	// granted to Example
	// a token works once: true
}

func ExampleParseBlob() {
	_, err := cloud.ParseBlob("eyJ1bmlxdWVJZCI6InUtMSIsImFkZHJlc3MiOiJodHRwczovL2NoYXQuZXhhbXBsZS5jb20ifQ==")
	fmt.Println(errors.Is(err, cloud.ErrInvalidGrant), errors.Is(err, cloud.ErrRegistrationData))
	_, err = cloud.ParseBlob("e30=")
	fmt.Println(err)
	// Output:
	// true true
	// the grant is not valid: it is an empty object
}

func ExampleGrant_Check() {
	grant, err := cloud.ParseGrant([]byte(`{"workspaceId": "ws-1", "client_name": "Example", "client_id": "c-1", "client_secret": "…", "publicKey": "…"}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(grant)
	fmt.Println(grant.Check())
	// Output:
	// grant{workspace "ws-1", client "c-1"}
	// the grant is not valid: it lacks registration_client_uri, licenseData.license, client_secret_expires_at
}
