package main

// The variables of the environment that switch a mutant on, and name the file into which the numbers of those that are reached are written.
const (
	activeVariable = "MUTATION_ACTIVE"
	recordVariable = "MUTATION_RECORD"
)

// schemata is what is added to each mutated package; its name is filled in. The numbers are written one at a time, whole, by several packages into one file.
const schemata = `package %s

import (
	"cmp"
	"os"
	"strconv"
	"sync"
)

var (
	mutatedNumber = func() int { n, _ := strconv.Atoi(os.Getenv("` + activeVariable + `")); return n }()
	mutatedRecord = os.Getenv("` + recordVariable + `")
	mutatedSeen   sync.Map
)

func mutated(n int) bool {
	if mutatedRecord != "" {
		mutatedReached(n)
	}
	return n == mutatedNumber
}

func mutatedReached(n int) {
	if _, seen := mutatedSeen.LoadOrStore(n, true); seen {
		return
	}
	file, err := os.OpenFile(mutatedRecord, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		panic(err)
	}
	defer file.Close()
	if _, err := file.WriteString(strconv.Itoa(n) + "\n"); err != nil {
		panic(err)
	}
}

func mutatedLess[T cmp.Ordered](n int, a, b T) bool           { return a < b || a == b && mutated(n) }
func mutatedLessOrEqual[T cmp.Ordered](n int, a, b T) bool    { return a < b || a == b && !mutated(n) }
func mutatedGreater[T cmp.Ordered](n int, a, b T) bool        { return a > b || a == b && mutated(n) }
func mutatedGreaterOrEqual[T cmp.Ordered](n int, a, b T) bool { return a > b || a == b && !mutated(n) }
`
