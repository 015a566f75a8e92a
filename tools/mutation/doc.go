// Command mutation tells which checks of a package no test would miss: it changes one thing at a time and looks whether a test fails.
//
//	go run ./tools/mutation . ./workspace ./cloud ./offline ./fleet
//	go run ./tools/mutation -then .,./internal/reliability:Matrix -skip 'offline\.TestKilled' -output survivors.txt ./offline
//	go run ./tools/mutation -only 'cloud/call.go' ./cloud
//	go run ./tools/mutation -mutant 17 ./cloud
//
// A change is called a mutant. When a test fails it is killed, else it survives. All mutants of all packages are written into one copy of their files, each
// behind a switch, so that a package is compiled once and not once for each mutant; nothing in the work tree is touched. Each test is then run alone to learn
// what it reaches. A mutant is played against the tests that reach it, those of its own package first, then those of the packages after -then. What no
// test reaches survives without being played; -v prints survivors as they are found. Some tests start their own program again and again: -skip leaves
// out tests by the name of their package and their own, as in the example.
//
// The kinds of mutants are:
//
//	never     the condition of an if or a for is false: what it checks is not checked
//	always    the condition of an if or a for is true
//	operand   one operand of && or || is dropped
//	case      a case of a switch without a value is never taken
//	boundary  < is <=, <= is <, > is >=, >= is >
//	false     what is returned, a comparison or a call, is false
//	true      the same is true
//	call      a statement that is only a call is deleted
//	defer     a defer is deleted
//
// A mutant that runs longer than four times as long as its tests, and some seconds, is killed; the report names it too. What cannot be mutated, since its type is
// a named one, is listed as left out.
//
// Some mutants change nothing that can be seen, and survive for a good reason. That reason is written into explained.txt, beneath the line that names the
// mutant as the report does, without the line and column, so that it survives other changes:
//
//	cloud/call.go Client.call never: err != nil #2
//	    The standard library documents that this cannot fail.
//
// #2 is the second of its name in that function. The command fails when a survivor is not explained, or when less than 95 % are killed.
package main
