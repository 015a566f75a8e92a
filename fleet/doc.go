// Package fleet runs one operation over many workspaces: bounded, resumable, and within the limits of the Cloud and of each workspace.
//
//	list, err := fleet.Load("fleet.yaml")
//	f, err := fleet.New(list, fleet.WithConcurrency(64))
//	for outcome := range f.Run(ctx, fleet.Sync()) {
//		fmt.Println(outcome.Workspace, outcome.Class)
//	}
package fleet
