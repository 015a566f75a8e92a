// Package status shows how a unit test answers for a workspace without a server, with github.com/jarcoal/httpmock: status.go is the program's code, and status_test.go its test.
//
//	go test ./examples/httpmock
//
// For whole flows package registrationtest is the better choice: its fakes know what each version answers, and remember what was done.
package status

import (
	"context"
	"net/http"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/workspace"
)

// Registered reports whether a workspace is registered, asked through a RoundTripper: http.DefaultTransport, or that of a test. Errors: those of the registration package.
func Registered(ctx context.Context, address string, who workspace.Credentials, transport http.RoundTripper) (bool, error) {
	ws, err := workspace.New(address, who, workspace.WithRoundTripper(transport))
	if err != nil {
		return false, err
	}
	client, err := registration.New(ctx, ws)
	if err != nil {
		return false, err
	}
	status, err := client.Status(ctx)
	return status.State == registration.Registered, err
}
