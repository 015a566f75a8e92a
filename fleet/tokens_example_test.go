package fleet_test

import (
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/rcreg/registration/fleet"
)

// A pool of two tokens: one is spent, one is given back and taken again.
func ExampleTokens() {
	dir, err := os.MkdirTemp("", "pool")
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "tokens.txt")
	if err := os.WriteFile(path, []byte("# from the Cloud console\nfirst-token\nsecond-token\n"), 0o600); err != nil {
		log.Fatal(err)
	}
	pool, err := fleet.OpenTokens(path)
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = pool.Close() }()

	for _, workspace := range []string{"alpha", "beta", "gamma"} {
		claim, err := pool.Claim(workspace)
		if errors.Is(err, fleet.ErrNoTokens) {
			fmt.Println(workspace, "has to wait for more tokens")
			continue
		}
		if err != nil {
			log.Fatal(err)
		}
		how := fleet.Spent
		if workspace == "alpha" {
			how = fleet.Returned // it could not be reached: nothing was handed over
		}
		fmt.Println(workspace, claim.Token, how)
		if err := pool.Settle(workspace, how); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println(pool.Left(), "left")
	// Output:
	// alpha [redacted] returned
	// beta [redacted] spent
	// gamma [redacted] spent
	// 0 left
}
