// Package offline carries registrations and licenses over an air gap, with files.
//
// On the workspace's side a [Requester] writes a request into a [Folder], which is carried to where Rocket.Chat Cloud can be reached. There a [Courier]
// answers it, or a person pastes the request into the Cloud console and saves the code that it shows. The answer comes back sealed to a key that never
// left the workspace's side.
//
//	folder, err := offline.OpenFolder("/media/stick/exchange")
//	state, err := offline.OpenState("/var/lib/example/offline")
//	requester := &offline.Requester{Folder: folder, State: state}
//	request, err := requester.Ask(offline.Registration, registrationData)
//	answer, err := requester.Answer(request.ID()) // ErrNoAnswer until it has come
//
// The files are described in docs/exchange-format.md. This package sends nothing: it imports no network package.
package offline
