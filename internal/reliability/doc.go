// Package reliability holds the proof, by machine, that the module never lies and never loses: it has tests only.
//
//	go test ./internal/reliability -run Matrix -v -matrix.full
//
// The matrix runs every operation, on every dialect, over every transport, and lets every exchange of it fail in every way. After each run it compares what the fake
// workspace and the fake Cloud hold with what the SDK reported.
package reliability
