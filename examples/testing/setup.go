// Package setup shows how a program tests its own registration: setup.go is the program's code, and setup_test.go its test against
// fake workspaces of the versions that it meets.
//
//	go test ./examples/testing
package setup

import (
	"context"
	"errors"
	"fmt"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/workspace"
)

// ErrTokenNeeded says that the workspace is not registered, and only a new token from the Cloud console can change that.
var ErrTokenNeeded = errors.New("get a new registration token from the Cloud console")

// EnsureRegistered brings a workspace into contact with the Cloud, however it is: it registers or reconnects it, or syncs it to prove that
// the Cloud still knows it. Errors: [ErrTokenNeeded], and those of the registration package.
func EnsureRegistered(ctx context.Context, ws *workspace.Client, token string) error {
	client, err := registration.New(ctx, ws)
	if err != nil {
		return err
	}
	status, err := client.Status(ctx)
	if err != nil {
		return err
	}
	switch status.State {
	case registration.Unregistered:
		_, err = client.Register(ctx, registration.Request{Token: token})
	case registration.Disconnected:
		_, err = client.Reconnect(ctx)
	default:
		_, err = client.Sync(ctx)
	}
	if errors.Is(err, registration.ErrRejected) || errors.Is(err, registration.ErrRemovedFromCloud) {
		return fmt.Errorf("%w: %w", ErrTokenNeeded, err)
	}
	return err
}
