package workspace_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/workspace"
)

func Example() {
	fake, err := registrationtest.StartWorkspace("6.4.0") // stands in for https://chat.example.com
	if err != nil {
		fmt.Println(err)
		return
	}
	defer fake.Close()

	ctx := context.Background()
	ws, err := workspace.New(fake.URL(), workspace.Token(fake.Admin().UserID, fake.Admin().AuthToken))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = ws.Close(ctx) }()

	version, err := ws.Version(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	var reply struct {
		RegistrationStatus struct {
			WorkspaceRegistered bool `json:"workspaceRegistered"`
		} `json:"registrationStatus"`
	}
	if err := ws.Get(ctx, "cloud.registrationStatus", nil, &reply); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(version, "registered:", reply.RegistrationStatus.WorkspaceRegistered)
	// Output: 6.4.0 registered: false
}

// A second factor is asked for when the workspace wants one.
func ExampleWithTwoFactor() {
	fake, err := registrationtest.StartWorkspace("6.4.0", registrationtest.WithTwoFactor(registrationtest.TwoFactorTOTP, "424242"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer fake.Close()

	ctx := context.Background()
	ask := func(_ context.Context, c workspace.Challenge) (string, error) {
		fmt.Println(c.Operation, "wants a code:", c.Method)
		return "424242", nil
	}
	ws, err := workspace.New(fake.URL(), workspace.Password(fake.Admin().Username, fake.Admin().Password), workspace.WithTwoFactor(ask))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = ws.Close(ctx) }()

	fmt.Println(ws.ReadMethod(ctx, "cloud:checkRegisterStatus", nil))
	// Output:
	// POST login wants a code: totp
	// <nil>
}

// What to do next depends on the kind of failure.
func ExampleError() {
	fake, err := registrationtest.StartWorkspace("4.3.0")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer fake.Close()

	ctx := context.Background()
	ws, err := workspace.New(fake.URL(), workspace.Token(fake.Admin().UserID, fake.Admin().AuthToken))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = ws.Close(ctx) }()

	err = ws.Get(ctx, "cloud.registrationStatus", nil, nil)
	switch {
	case errors.Is(err, workspace.ErrReplyLost):
		fmt.Println("read the state before doing it again")
	case errors.Is(err, workspace.ErrNoSuchCall):
		fmt.Println("4.3 has no such endpoint: ask the method")
	}
	// Output: 4.3 has no such endpoint: ask the method
}
