// Package workspace is the client of one Rocket.Chat workspace, of any version from 3.0: credentials, version, REST calls,
// Meteor methods and typed errors. It knows nothing of Rocket.Chat Cloud.
//
//	ws, err := workspace.New("https://chat.example.com", workspace.Token(userID, authToken))
//	version, err := ws.Version(ctx)
//	var reply struct{ RegistrationStatus struct{ WorkspaceRegistered bool } }
//	err = ws.Get(ctx, "cloud.registrationStatus", nil, &reply)
//	err = ws.CallMethod(ctx, "cloud:syncWorkspace", &done)
//
// # Reading may be repeated, writing may not
//
// [Client.Get] and [Client.ReadMethod] are repeated after connection errors, rate limits and 5xx, with growing pauses and
// for as long as the workspace asks, up to 90 seconds at a time. [Client.Post], [Client.CallMethod] and [Client.GetOnce] are
// sent again only when they provably were not carried out: nothing was connected, or a rate limit refused them. All end
// with their context, whatever the other side does. Each exchange has a limit of its own besides, 30 seconds for one that
// reads and a minute for one that writes, since a workspace whose Cloud hangs may hang without end; waits do not count.
//
// # Errors
//
// Every failure is an [*Error]. errors.Is finds its kind, such as [ErrForbidden], and [ErrReplyLost] in a write that may
// have been carried out although no good reply came: then only the state of the workspace tells. A caller who has two
// calls for one purpose tries the other one after [ErrNoSuchCall].
//
// # Protocols of a method
//
// A method goes over POST /api/v1/method.call/:method from 3.1, over the DDP WebSocket before, and over DDP too where
// method.call turns out to be missing. The caller need not know.
//
// # Secrets
//
// Tokens, passwords and codes of a second factor are in no error, no log line and no URL. What was sent to a workspace is masked in what it
// says.
package workspace
