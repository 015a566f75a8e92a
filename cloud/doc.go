// Package cloud is a client of Rocket.Chat Cloud. It knows no workspace.
//
//	client, err := cloud.New()
//	list, err := client.SupportedVersions(ctx, "chat.example.com", "")
package cloud
