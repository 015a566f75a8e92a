package fleet_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/rcreg/registration/fleet"
)

// TestManyClaimAtOnce: workspaces claim at the same time until the pool is empty. Every third gives its first token back and claims another one. A token has one
// holder at a time, and each is spent once.
func TestManyClaimAtOnce(t *testing.T) {
	t.Parallel()
	const tokens, workspaces = 60, 80
	path := tokenFile(t, tokens)
	pool := openTokens(t, path)
	var mu sync.Mutex
	holder := map[string]string{}
	var wait sync.WaitGroup
	for i := range workspaces {
		wait.Go(func() {
			name := fmt.Sprintf("workspace-%d", i)
			for _, how := range [][]fleet.Settlement{{fleet.Returned, fleet.Spent}, {fleet.Spent}, {fleet.Spent}}[i%3] {
				token := claim(pool, name)
				if token == "none" {
					return
				}
				mu.Lock()
				if other, taken := holder[token]; taken {
					t.Errorf("%s is given to %s while it is with %s", token, name, other)
				}
				holder[token] = name
				if how == fleet.Returned {
					delete(holder, token) // before the pool can give it to somebody else
				}
				mu.Unlock()
				if err := pool.Settle(name, how); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	left := pool.Left()
	must(t, pool.Close())
	pool = openTokens(t, path)
	defer func() { must(t, pool.Close()) }()
	if pool.Left() != left || left+len(holder) != tokens {
		t.Errorf("%d tokens were left, %d are after opening again, %d of %d are spent", left, pool.Left(), len(holder), tokens)
	}
}

// TestTwinsGetOneToken: who claims for one workspace twice at once is told of the doubt the second time, and no second token is taken.
func TestTwinsGetOneToken(t *testing.T) {
	t.Parallel()
	pool := openTokens(t, tokenFile(t, 40))
	defer func() { must(t, pool.Close()) }()
	claims := make([]fleet.Claim, 20)
	var wait sync.WaitGroup
	for i := range claims {
		wait.Go(func() {
			got, err := pool.Claim("alpha")
			if err != nil {
				t.Error(err)
			}
			claims[i] = got
		})
	}
	wait.Wait()
	first := 0
	for _, got := range claims {
		if got.Token.Reveal() != "token-1" {
			t.Errorf("got %s", got.Token.Reveal())
		}
		if !got.InDoubt {
			first++
		}
	}
	if first != 1 || pool.Left() != 39 {
		t.Errorf("%d were told that they are the first, %d tokens are left", first, pool.Left())
	}
}
