// Package cloud is the client of Rocket.Chat Cloud: registration tokens, registration by e-mail, access tokens, syncs, licenses, announcements, checkout
// and the list of supported versions. It knows no workspace. To speak to the Cloud for a workspace that cannot, give it what the workspace says of itself
// and hand the workspace the grant that comes back:
//
//	data, err := cloud.ParseRegistrationText(text) // of cloud:getWorkspaceRegisterData or GET cloud.workspaceRegisterData
//	client, err := cloud.New()
//	grant, err := client.ExchangeToken(ctx, token, data)
//	if err := grant.Check(); err == nil {
//		blob := grant.Blob() // for POST cloud.manualRegister
//	}
//
// Reads are repeated after connection errors, rate limits and internal errors of the Cloud. Writes are sent again only when they provably were not
// carried out, and end in [ErrOutcomeUnknown] when the outcome is unknown. All end with their context; one exchange without an answer ends after 30 seconds, after a
// minute where it writes. Credentials and access tokens go to one address alone: [WithURL]'s.
package cloud
