// Package safedir keeps files in one folder: written whole or not at all, read whole or not at all, and nothing outside the folder is ever touched.
//
//	state := safedir.NewPrivate("/var/lib/example/state")
//	err := state.Write("pending/k5d2.json", text)
//	text, err := state.Read("pending/k5d2.json", 1<<20)
//
// The folder is entered anew for every operation, so that a stick may be pulled out and put back between two of them.
package safedir
