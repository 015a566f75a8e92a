// Package registration registers, syncs and disconnects self-managed Rocket.Chat workspaces with Rocket.Chat Cloud: any server from 3.0 to 9.x.
//
//	ctx, cancel := context.WithTimeout(ctx, 3*time.Minute)
//	defer cancel()
//	ws, err := workspace.New("https://chat.example.com", workspace.Token(userID, authToken))
//	client, err := registration.New(ctx, ws)
//	result, err := client.Register(ctx, registration.Request{Token: token})
//
// # What it promises
//
// A server's "true" is not a proof, and a lost reply is not a failure. So every operation reads the status before, acts once, reads the status after, and
// reports the difference as a [Result]. Re-running an operation that is already done changes nothing, and spends no token.
//
// # Time
//
// Every call ends with its context, whatever the server does: give it a deadline. A workspace that does not answer holds one question for 30 seconds at most
// ([WithReadTimeout]) and one act for a minute ([WithActTimeout]). Waits that a server asks for, such as those of a rate limit, come on top, up to 90 seconds
// each and three minutes for one call.
//
// # When a person has to act first
//
// A registration by e-mail waits for a person, one across an air gap for a courier. Register then returns a [*PendingError] with a [Ticket]: plain JSON
// that survives a restart. [Client.Resume] takes one look at it, [Client.Wait] looks until it was confirmed or answered, or has expired, in another process if need be.
//
// # Errors
//
// An [*Error] names the operation, the workspace, its version and what to do next. Its kind, one of the Err… values, says what a caller can do about it:
// wait ([ErrPending], [ErrRateLimited]), fix the credentials ([workspace.ErrUnauthorized], [ErrForbidden], [workspace.ErrTwoFactorRequired]), get a new token ([ErrRejected],
// [ErrExpired]), register again ([ErrNotRegistered], [ErrRemovedFromCloud]), try again ([ErrSyncFailed], [ErrOutcomeUnknown]), or give up ([ErrUnsupported],
// [ErrUnsupportedVersion]). Where no kind fits, the error of the [workspace] package inside speaks, such as workspace.ErrNotRocketChat.
//
// # Transports
//
// A [Transport] is the way to the Cloud. [Direct], the workspace's own connection, is the default. Package relay is for a workspace that cannot reach the Cloud
// while this machine can; package offline for an air gap, with files that a courier carries:
//
//	transport, err := relay.New(cloudClient, store)
//	transport, err := offline.NewTransport(folder, state)
//	client, err := registration.New(ctx, ws, registration.WithTransport(transport))
//
// One of your own has two methods; what it may ask of the workspace is the [Session] that it is given.
//
// A registration token works once. So what the Cloud gives for it is kept on disk until the workspace is seen registered, and a run that was killed in
// between is simply run again.
//
// How a server's version is asked is not the transport's business: the client looks up its version, and tries the other call once where a server
// turns out not to have the one it should.
//
// # When it does not work
//
// Package diagnose looks at a workspace from the outside in, also at one that [New] refuses: address, TLS, version, credentials, permissions, status, and with
// consent what a sync does and who reaches the Cloud. Each finding has its evidence and the ways out.
//
// # Licenses, copies
//
// [Client.License], [Client.ApplyLicense] and [Client.RemoveLicense] read the license back. [Client.ConfirmDeployment] keeps a staging copy from using
// the registration of its original.
//
// # Secrets
//
// Registration tokens, credentials and tickets go where they have to and nowhere else: never into an error, a log line or a URL.
//
// # Compatibility
//
// From v1 on, and within a major version:
//
//   - A program that compiles against the exported names of the public packages goes on compiling, unless it names fields of a struct by position, embeds our
//     types, or implements an interface of ours without the embedding that its documentation asks for.
//   - The kind of a failure keeps its name and its meaning. So do exit codes, keys of JSON, flags, environment variables and the names of workflows.
//   - What is on disk stays readable: tickets, journals, pools, ledgers, grants, exchange folders. An older release refuses a newer format, and changes nothing.
//   - What a single-use token, a lost reply or a secret is promised above does not get weaker.
//
// What may change in any release: the sentences of errors and of the output for people, what is asked of a server or of the Cloud and in which order, waits and
// defaults, new fields, kinds and values that a switch has to have a default for, the fakes' contents in package registrationtest, and everything below internal
// and in the module tools. A server version leaves with a minor release, a Go version as Go itself lets it go. Before v1 all of this is an intention.
package registration
