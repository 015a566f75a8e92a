package registrationtest_test

import (
	"context"
	"fmt"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/workspace"
)

// A program under test registers three workspaces of a fleet of thousands. There is no socket: each has a host of its own, which the
// transport leads to.
func ExampleFleet() {
	fleet, err := registrationtest.StartFleet(10_000, registrationtest.InProcess()) // in a test: NewFleet(t, 10_000, …)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer fleet.Close()

	ctx := context.Background()
	for _, i := range []int{3, 5, 7} {
		admin := fleet.Admin(i)
		ws, err := workspace.New(fleet.URL(i), workspace.Token(admin.UserID, admin.AuthToken), workspace.WithRoundTripper(fleet.RoundTripper()))
		if err != nil {
			fmt.Println(err)
			return
		}
		client, err := registration.New(ctx, ws)
		if err != nil {
			fmt.Println(err)
			return
		}
		result, err := client.Register(ctx, registration.Request{Token: fleet.Cloud().IssueToken()})
		fmt.Println(fleet.URL(i), fleet.Version(i), result.After.State, err)
	}
	fmt.Println(len(fleet.Cloud().SpentTokens()), "tokens spent,", fleet.Made(), "workspaces made,", fleet.TooMany(), "calls refused for a limit")
	// Output:
	// https://w00004.example.test 4.4.0 registered <nil>
	// https://w00006.example.test 6.0.0 registered <nil>
	// https://w00008.example.test 8.7.0 registered <nil>
	// 3 tokens spent, 3 workspaces made, 0 calls refused for a limit
}
