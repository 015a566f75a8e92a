package diagnose_test

import (
	"context"
	"fmt"

	"github.com/rcreg/registration/diagnose"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/workspace"
)

func Example() {
	fake, err := registrationtest.StartWorkspace("6.4.0")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer fake.Close()
	admin := fake.Admin()
	ws, err := workspace.New(fake.URL(), workspace.Token(admin.UserID, admin.AuthToken))
	if err != nil {
		fmt.Println(err)
		return
	}
	report := diagnose.Run(context.Background(), ws) // reads, and nothing else
	for _, finding := range report.Findings {
		if finding.Severity != diagnose.Skipped {
			fmt.Printf("%s %s: %s\n", finding.Severity, finding.ID, finding.Evidence)
		}
	}
	status, _ := report.Finding(diagnose.CheckStatus)
	fmt.Println("worst:", report.Worst())
	fmt.Println("next:", status.Advice())
	// Output:
	// ok address: it answers
	// info tls: plain HTTP, on this machine alone
	// ok rocket-chat: GET /api/info answers as Rocket.Chat does
	// ok version: 6.4.0 speaks the dialect of 6.0
	// ok post: a POST comes through to the workspace
	// ok credentials: the workspace knows them
	// ok permissions: the user may read the status
	// problem status: the workspace is not registered
	// ok setup: the setup wizard has ended
	// info license: no valid license is in force
	// worst: problem
	// next: register it
}
