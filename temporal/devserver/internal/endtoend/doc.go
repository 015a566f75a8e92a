// Package endtoend has the tests of workers against a real Temporal server: that of the package devserver, with fake workspaces and a fake Cloud.
//
//	go test ./temporal/devserver/internal/endtoend -run Killed -killed.workspaces 500
//
// Workers run in this process, or in one of their own that is killed. Days are skipped: the server, the workers and the fakes go by one clock that jumps.
package endtoend
