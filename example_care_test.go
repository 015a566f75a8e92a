package registration_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/registrationtest"
)

func ExampleClient_ConfirmDeployment() {
	ws, cloud, done := clienttest.FakeWorkspace("6.13.0")
	defer done()
	ctx := context.Background()
	client, err := registration.New(ctx, ws)
	if err != nil {
		fmt.Println(err)
		return
	}
	if _, err := client.Register(ctx, registration.Request{Token: cloud.IssueToken()}); err != nil {
		fmt.Println(err)
		return
	}

	result, err := client.ConfirmDeployment(ctx, registration.NewWorkspace) // show registration.NewWorkspace.Warning() before
	fmt.Println(result.Before.State, "→", result.After.State, err)
	fmt.Println("same identity:", result.Before.UniqueID == result.After.UniqueID)
	// Output:
	// registered → unregistered <nil>
	// same identity: false
}

func ExampleClient_ApplyLicense() {
	ws, cloud, done := clienttest.FakeWorkspace("5.4.0")
	defer done()
	ctx := context.Background()
	client, err := registration.New(ctx, ws)
	if err != nil {
		fmt.Println(err)
		return
	}
	text, err := cloud.License(registrationtest.LicenseSpec{Address: "elsewhere.example.com"})
	if err != nil {
		fmt.Println(err)
		return
	}

	_, err = client.ApplyLicense(ctx, text) // it is for another address, and is not sent
	fmt.Println(errors.Is(err, registration.ErrLicenseRefused))
	_, err = client.ForceLicense(ctx, text) // the workspace answers success
	fmt.Println(errors.Is(err, registration.ErrLicenseNotInForce))
	license, err := client.License(ctx)
	fmt.Println(license.State, err)
	// Output:
	// true
	// true
	// none <nil>
}
