package cli_test

import (
	"testing"

	"github.com/rcreg/registration/fleet"
)

func TestPoolThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, kind, told string
		exit             int
		prepare          func(t *testing.T, s *workerTest)
	}{
		{"not there", "usage", "--tokens", 2, func(*testing.T, *workerTest) {}},
		{"read by others", "usage", "chmod 600 ", 2, func(_ *testing.T, s *workerTest) { s.write("tokens.txt", "token-1\n", 0o644) }},
		{"not tokens", "invalid_input", "one token a line", 2, func(_ *testing.T, s *workerTest) { s.write("tokens.txt", "token-1 token-2\n", 0o600) }},
		{"damaged", "tokens_damaged", ".used", 1, func(_ *testing.T, s *workerTest) {
			s.write("tokens.txt", "token-1\n", 0o600)
			s.write("tokens.txt.used", "this is none\nnor is this\n", 0o600)
		}},
		{"in use", "tokens_locked", "--token-file", 1, func(t *testing.T, s *workerTest) {
			pool, err := fleet.OpenTokens(s.write("tokens.txt", "token-1\n", 0o600))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = pool.Close() })
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := atServer(t)
			c.prepare(t, s)
			s.fails(c.exit, "--tokens DIR/tokens.txt", c.kind, c.told)
		})
	}
}

func TestPoolIsGivenBack(t *testing.T) {
	t.Parallel()
	s := atServer(t)
	path := s.write("tokens.txt", "token-1\n", 0o600)
	s.must(0, "--tokens "+path)
	pool, err := fleet.OpenTokens(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := pool.Close(); err != nil {
		t.Error(err)
	}
}
