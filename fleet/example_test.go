package fleet_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/registrationtest"
)

// Register a fleet with a journal and a pool of tokens. Interrupted or killed, the same program goes on where it was.
func Example() {
	fake, dir := fakeFleet()
	defer os.RemoveAll(dir)
	defer fake.Close()

	list, err := fleet.Load(filepath.Join(dir, "fleet.yaml"))
	if err != nil {
		panic(err)
	}
	pool, err := fleet.OpenTokens(filepath.Join(dir, "tokens.txt"))
	if err != nil {
		panic(err)
	}
	defer pool.Close()
	journal, err := fleet.OpenJournal(filepath.Join(dir, "register.journal"), "register")
	if err != nil {
		panic(err)
	}
	defer journal.Close()
	f, err := fleet.New(list, fleet.WithTokens(pool), fleet.WithJournal(journal))
	if err != nil {
		panic(err)
	}
	counts := map[fleet.Class]int{}
	for outcome := range f.Run(context.Background(), fleet.Register()) {
		counts[outcome.Class]++
	}
	if err := f.Err(); err != nil {
		panic(err)
	}
	fmt.Println(counts, pool.Left(), "tokens left")
	// Output: map[done:3] 1 tokens left
}

// fakeFleet starts three workspaces, and writes a list and a pool of four tokens for them.
func fakeFleet() (fake *registrationtest.Fleet, dir string) {
	fake, err := registrationtest.StartFleet(3, registrationtest.WithVersions("9.0.0"))
	if err != nil {
		panic(err)
	}
	if dir, err = os.MkdirTemp("", "fleet"); err != nil {
		panic(err)
	}
	var list, tokens strings.Builder
	fmt.Fprintln(&list, "workspaces:")
	fmt.Fprintln(&tokens, fake.Cloud().IssueToken())
	for i := range fake.Len() {
		fmt.Fprintf(&list, "  - {name: %s, url: %q, user_id: %s, auth_token: {file: %s.token}}\n", fake.Name(i), fake.URL(i), fake.Admin(i).UserID, fake.Name(i))
		fmt.Fprintln(&tokens, fake.Cloud().IssueToken())
		write(dir, fake.Name(i)+".token", fake.Admin(i).AuthToken)
	}
	write(dir, "fleet.yaml", list.String())
	write(dir, "tokens.txt", tokens.String())
	return fake, dir
}

func write(dir, name, text string) {
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		panic(err)
	}
}
