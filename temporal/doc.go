// Package temporal runs registrations as Temporal workflows: for the work that waits for people and couriers, for days, and must survive restarts.
//
//	runner, err := fleet.New(fleet.List{}, fleet.WithTokens(pool))
//	w := worker.New(client, temporal.DefaultTaskQueue, worker.Options{})
//	temporal.Bind(w, &temporal.Activities{Runner: runner})
//	err := w.Run(worker.InterruptCh())
//
// A workflow decides, an activity acts. Each activity is one operation of a registration.Client: it looks at the status first, so it may run twice, and a
// worker that was killed is followed by another. What is final is not retried: a rejected token, missing permissions; what may pass is, for a day.
//
// # Secrets
//
// No credential enters a workflow: workspaces, tokens and licenses are named by reference, and the worker reads them where it runs. The ticket of a
// registration by e-mail has to travel, and holds a device code. So both workers and those who start workflows make their Temporal client with the data
// converter of [NewDataConverter], which encrypts everything that enters a history.
//
// What errors say is encrypted too with the converter of [NewFailureConverter].
//
// # Fleets
//
// [FleetWorkflow] does one operation to every workspace of a list, a page of it in each history: [FleetRun] says how, [Tally] how far it is.
//
// # Names
//
// The names of workflows, activities, queries and updates are part of running histories: they never change.
package temporal
