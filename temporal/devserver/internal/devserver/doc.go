// Package devserver is a Temporal server in this process, for trying and testing: one file holds all that it knows, so that it goes on where it was.
//
//	server, err := devserver.Start(devserver.Config{Dir: "rcreg-dev", Address: devserver.DefaultAddress})
//	defer server.Stop()
//	c, err := client.Dial(client.Options{HostPort: server.Address()})
//
// It has no users and no TLS, and listens on this machine alone. Production needs a cluster, or Temporal Cloud.
package devserver
