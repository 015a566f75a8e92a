// Command numbers draws what was measured: it reads the results in docs/numbers, which are the output of go test as it is, and writes a chart of each and the page
// docs/numbers.md.
//
//	go run ./tools/numbers
//
// With -check it writes nothing, and fails when a chart or the page is not what the results give.
package main
