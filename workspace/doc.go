// Package workspace is the client of one Rocket.Chat workspace: credentials, version, REST calls, method calls and the DDP
// WebSocket, for any server from 3.0. It knows nothing of Rocket.Chat Cloud.
//
//	ws, err := workspace.New("https://chat.example.com", workspace.Token(userID, authToken))
//	version, err := ws.Version(ctx)
//	var status struct{ RegistrationStatus struct{ WorkspaceRegistered bool } }
//	err = ws.Get(ctx, "cloud.registrationStatus", nil, &status)
//
// Reads are repeated after connection errors, rate limits and internal errors. Writes are sent again only when they
// provably were not carried out. Every failure is an *Error: errors.Is finds its kind.
package workspace
