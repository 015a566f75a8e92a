// Package jumpclock is the clock of the machine for tests that skip days: it goes as fast, and jumps.
//
//	c := jumpclock.New()
//	server, err := devserver.Start(devserver.Config{Dir: dir, Address: "127.0.0.1:0", Clock: c})
//	c.Jump(24 * time.Hour)
//
// It is the clock of a server as well as that of workers and of fakes, so that all of them jump together.
package jumpclock
