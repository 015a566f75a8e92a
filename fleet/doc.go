// Package fleet runs one operation over many workspaces: bounded, resumable, and within the limits of the Cloud and of each workspace.
//
//	list, err := fleet.Load("fleet.yaml")
//	pool, err := fleet.OpenTokens("tokens.txt")
//	journal, err := fleet.OpenJournal("register.journal", "register")
//	f, err := fleet.New(list, fleet.WithTokens(pool), fleet.WithJournal(journal))
//	for outcome := range f.Run(ctx, fleet.Register()) {
//		fmt.Println(outcome.Workspace, outcome.Class)
//	}
//
// # What is done twice, and what is not
//
// Every operation looks before it acts, so that running it again is always safe. A journal saves the looking: what it knows to be done is not asked again, and what
// was in flight when a run was killed comes first. A registration token is bound to one workspace before it is sent, and given to another one only when nothing
// was sent; see [Tokens].
//
// # Limits
//
// [WithConcurrency] bounds how many workspaces are worked on, [WithPerHost] how many of them share a host, [WithCloudRate] how many operations that ask the Cloud
// begin in a minute. Each workspace is asked no faster than it lets calls in: 2 syncs a minute, 10 calls a minute of any other endpoint, unless it spares the
// caller, as it does administrators. A failure that may pass is tried again later ([WithRetries]); the time between two tries costs no other workspace any.
//
// A workspace in flight takes less than 64 KiB, also over HTTPS, one that waits less than 1 KiB. No goroutine outlives the loop over the outcomes,
// unless a transport of the caller's own does not obey its context; [Fleet.Run] says what happens then.
package fleet
