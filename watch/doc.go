// Package watch keeps an eye on workspaces and tells when one changes for the worse or mends.
//
//	list, err := fleet.Load("fleet.yaml")
//	w, err := watch.New(list, watch.WithInterval(time.Minute), watch.WithTeller(tell))
//	err = w.Run(ctx) // until ctx is done
//
// It only reads, unless [WithSync] allows more: version, state, support window, license, the days until a workspace is read-only, and whether it waits to be told that it
// is a copy. What no reading can tell is whether the Cloud still knows a workspace: a sync tells.
//
// # When a workspace is asked
//
// Once in each interval, a tenth earlier or later at random, the workspaces spread over it. Each is asked no faster than it lets calls in, and not before the time that it
// has asked for; see package fleet. One that hangs holds up no other.
//
// # What is told
//
// The difference between what was told and what is so, so that an event which could not be delivered comes again with what has changed since, and trouble that has passed
// meanwhile is never told. What may pass by itself is told once it was seen twice in a row. With a [Memory] it is the same across restarts.
//
// # What is shown
//
// [Watch.Handler] serves a page for people, all that is known as JSON, and whether the watch does its work. [Watch.Seen] is the same for a program. A [Webhook] tells events
// to a channel of Rocket.Chat.
package watch
