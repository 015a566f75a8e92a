package relay_test

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/grants"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/registrationtest/faults"
)

const noteOfLostToken = "its answer was lost"

// tries are those that are kept for the workspace.
func (r relayed) tries(t *testing.T) []grants.Try {
	t.Helper()
	tries, err := openStore(t, filepath.Join(r.folder, "grants")).Tries(r.uniqueID())
	if err != nil {
		t.Fatal(err)
	}
	return tries
}

// keepTry keeps the try of a run that was killed after it had sent its token.
func (r relayed) keepTry(t *testing.T) {
	t.Helper()
	if err := openStore(t, filepath.Join(r.folder, "grants")).KeepTries(r.uniqueID(), []grants.Try{grants.NewTry("a-token", r.clock.Now())}); err != nil {
		t.Fatal(err)
	}
}

// damageTries cuts the file of the tries off, and returns its path.
func (r relayed) damageTries(t *testing.T) string {
	t.Helper()
	r.keepTry(t)
	files, err := filepath.Glob(filepath.Join(r.folder, "grants", "tries", "*.json"))
	if err != nil || len(files) != 1 {
		t.Fatalf("the tries are in %v: %v", files, err)
	}
	if err := os.Truncate(files[0], 40); err != nil {
		t.Fatal(err)
	}
	return files[0]
}

// TestTriesThatCannotBeKept: no token leaves before that is written down, and what stays written down although it is settled is told.
func TestTriesThatCannotBeKept(t *testing.T) {
	t.Parallel()
	const refused = `{"error":"invalid_token"}`
	for name, tc := range map[string]struct {
		act, file string // what fails with a file of the tries
		nth       int    // how often it is done before
		settled   bool   // it fails once the Cloud has answered, and until it is asked for an access token
		answer    string // of the Cloud to the token; empty: its own
		want      error
		spent     int
		notes     []string
	}{
		"not read again":             {"open", ".json", 1, false, "", syscall.EIO, 0, nil},
		"not written":                {"open", ".part-", 0, false, "", syscall.EIO, 0, nil},
		"not forgotten when refused": {"remove", ".json", 0, true, refused, registration.ErrRejected, 0, []string{noteOfUnfinished}},
		"not forgotten with a grant": {"remove", ".json", 0, true, "", nil, 1, []string{noteOfUnfinished}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRelayed(t, "6.13.0")
			if tc.nth > 0 {
				r.keepTry(t) // what is not there is not opened
			}
			broken, done := !tc.settled, 0
			toCloud := between(t, "", func(q *http.Request) (*http.Response, error) {
				broken = tc.settled && strings.HasSuffix(q.URL.Path, "/oauth/clients")
				if broken && tc.answer != "" {
					return clienttest.Reply(q, http.StatusUnauthorized, tc.answer), nil
				}
				return http.DefaultTransport.RoundTrip(q)
			})
			client := r.runWatched(t, func(act, name string) error {
				if !broken || act != tc.act || !strings.HasPrefix(name, "tries/") || !strings.Contains(name, tc.file) {
					return nil
				}
				if done++; done <= tc.nth {
					return nil
				}
				return syscall.EIO
			}, toCloud)
			result, err := client.Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
			clienttest.Expect(t, "register", result, err, tc.want, tc.want == nil)
			r.expectNotes(t, "register", result, err, tc.notes...)
			r.expectSpent(t, tc.spent)
		})
	}
}

// TestDamagedTries: a grant is not handed over while it cannot be told of which token it is, and a workspace that is registered is none the worse.
func TestDamagedTries(t *testing.T) {
	t.Parallel()
	r := newRelayed(t, "6.13.0")
	r.keep(t, r.grant(t))
	file := r.damageTries(t)
	result, err := r.run(t).Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
	clienttest.Expect(t, "register", result, err, failure.Truncated, false)
	r.expectSpent(t, 1)
	if r.isAskedToRegister() {
		t.Error("the workspace was handed the grant")
	}
	clienttest.RegisterForReal(t, r.Workspace, r.clock)
	result, err = r.run(t).Register(t.Context(), registration.Request{Token: "another-token"})
	clienttest.Expect(t, "register again", result, err, nil, false)
	if !strings.Contains(strings.Join(result.Notes, " "), noteOfUnfinished) {
		t.Errorf("the notes are %q", result.Notes)
	}
	if _, err := os.Stat(file); err != nil {
		t.Error(err)
	}
}

// TestTriesOfAKilledRun: a kept grant is the answer to its token; one that cannot be read may be; and once the workspace is registered otherwise, the token is told.
func TestTriesOfAKilledRun(t *testing.T) {
	t.Parallel()
	t.Run("with its grant", func(t *testing.T) {
		t.Parallel()
		r := newRelayed(t, "6.13.0")
		r.keep(t, r.grant(t))
		r.keepTry(t)
		r.Cloud().SetFault(faults.Fault{Call: faults.CallToken, Kind: faults.ServerError})
		if _, err := r.run(t).Register(t.Context(), registration.Request{Token: "another-token"}); err == nil {
			t.Error("it was registered")
		}
		if tries := r.tries(t); len(tries) != 0 {
			t.Errorf("kept are %v", tries)
		}
	})
	t.Run("with a damaged grant", func(t *testing.T) {
		t.Parallel()
		r := newRelayed(t, "6.13.0")
		if err := spoilGrant(t, r); err != nil {
			t.Fatal(err)
		}
		r.keepTry(t)
		if _, err := r.run(t).Register(t.Context(), registration.Request{Token: "another-token"}); err == nil {
			t.Error("it was registered")
		}
		if tries := r.tries(t); len(tries) != 1 || tries[0].InDoubt {
			t.Errorf("kept are %v", tries)
		}
	})
	t.Run("registered otherwise", func(t *testing.T) {
		t.Parallel()
		r := newRelayed(t, "6.13.0")
		r.keepTry(t)
		clienttest.RegisterForReal(t, r.Workspace, r.clock)
		result, err := r.run(t).Register(t.Context(), registration.Request{Token: "another-token"})
		clienttest.Expect(t, "register", result, err, nil, false)
		r.expectNotes(t, "register", result, err, noteOfLostToken)
		if result.LostTokens != 1 || len(r.tries(t)) != 0 {
			t.Errorf("%d tokens are told, and kept are %v", result.LostTokens, r.tries(t))
		}
	})
}

// TestTokenInDoubtIsHandedOverAgain: only a Cloud that has used it settles when that was; one that does not know it, that it is of no use.
func TestTokenInDoubtIsHandedOverAgain(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		status int
		body   string
		says   bool // that it has been in doubt
		kept   int
	}{
		"used":      {http.StatusBadRequest, `{"error":"token_already_used"}`, true, 1},
		"unknown":   {http.StatusUnauthorized, `{"error":"invalid_token"}`, false, 0},
		"too often": {http.StatusTooManyRequests, ``, false, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRelayed(t, "6.13.0")
			token := r.Cloud().IssueToken()
			lost := between(t, "/oauth/clients", func(*http.Request) (*http.Response, error) { return nil, errors.New("the connection was reset") })
			if _, err := r.run(t, lost).Register(t.Context(), registration.Request{Token: token}); !errors.Is(err, registration.ErrOutcomeUnknown) {
				t.Fatalf("the first time: %v", err)
			}
			answer := between(t, "/oauth/clients", func(q *http.Request) (*http.Response, error) { return clienttest.Reply(q, tc.status, tc.body), nil })
			_, err := r.run(t, answer).Register(t.Context(), registration.Request{Token: token})
			if err == nil || strings.Contains(err.Error(), "has been in doubt since") != tc.says {
				t.Errorf("got %v", err)
			}
			if tries := r.tries(t); len(tries) != tc.kept {
				t.Errorf("kept are %v", tries)
			}
		})
	}
}
