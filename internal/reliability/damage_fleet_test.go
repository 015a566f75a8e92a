package reliability_test

import (
	"bytes"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/registrationtest/faults"
)

// memories is a fleet of three workspaces, of which two are registered, with the files that remember that.
type memories struct {
	fake *registrationtest.Fleet
	list fleet.List
	dir  string
}

func newMemories(t *testing.T) *memories {
	t.Helper()
	clock := registrationtest.NewClock(began())
	fake, err := registrationtest.StartFleet(3, registrationtest.InProcess(), registrationtest.WithClock(clock))
	if err != nil {
		t.Fatal(err)
	}
	m := &memories{fake: fake, dir: folder(t)}
	var tokens strings.Builder
	for i := range fake.Len() {
		secret := filepath.Join(m.dir, "secret"+strconv.Itoa(i))
		if err := os.WriteFile(secret, []byte(fake.Admin(i).AuthToken), 0o600); err != nil {
			t.Fatal(err)
		}
		m.list.Workspaces = append(m.list.Workspaces, fleet.Workspace{
			Name: fake.Name(i), URL: fake.URL(i), UserID: fake.Admin(i).UserID, AuthToken: fleet.Reference{File: secret}, Via: fleet.ViaDirect,
		})
		tokens.WriteString(fake.Cloud().IssueToken() + "\n")
	}
	if err := os.WriteFile(m.path("tokens.txt"), []byte(tokens.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	if done, err := m.run(t, fleet.List{Workspaces: m.list.Workspaces[:2]}); err != nil || done != 2 {
		t.Fatalf("%d are registered, %v", done, err)
	}
	return m
}

func (m *memories) path(name string) string { return filepath.Join(m.dir, name) }

func (m *memories) close(t *testing.T) {
	t.Helper()
	m.fake.Close()
	if err := os.RemoveAll(m.dir); err != nil {
		t.Error(err)
	}
}

// run registers a list, and tells how many workspaces are done.
func (m *memories) run(t *testing.T, list fleet.List) (done int, err error) {
	t.Helper()
	tokens, err := fleet.OpenTokens(m.path("tokens.txt"))
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, tokens.Close()) }()
	journal, err := fleet.OpenJournal(m.path("journal"), "register")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, journal.Close()) }()
	clock := registrationtest.NewClock(began())
	all, err := fleet.New(list, fleet.WithTokens(tokens), fleet.WithJournal(journal), fleet.WithClock(clock), fleet.WithRoundTripper(m.fake.RoundTripper()))
	if err != nil {
		return 0, err
	}
	var failed error
	for outcome := range all.Run(t.Context(), fleet.Register()) {
		if outcome.Class == fleet.Done || outcome.Class == fleet.Unchanged {
			done++
		} else {
			failed = errors.Join(failed, errors.New(outcome.Workspace+": "+outcome.Message))
		}
	}
	return done, errors.Join(failed, all.Err())
}

// refused counts the tokens that the Cloud has refused.
func (m *memories) refused() (n int) {
	for _, exchange := range m.fake.Cloud().History() {
		if strings.HasSuffix(exchange.Path, string(faults.CallClients)) && exchange.Status >= http.StatusBadRequest {
			n++
		}
	}
	return n
}

// TestDamagedMemoriesOfAFleet damages what a fleet remembers of its tokens and its workspaces: the file is refused by its name and stays, or everything in it counts
// as before. No token is tried a second time, and no workspace is registered twice.
func TestDamagedMemoriesOfAFleet(t *testing.T) {
	t.Parallel()
	trials := 10
	if *matrixFull {
		trials = 1500
	}
	for _, name := range []string{"tokens.txt.used", "journal"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			refused := 0
			for n := range trials {
				if playMemories(t, name, n) {
					refused++
				}
			}
			t.Logf("%d of %d were refused", refused, trials)
		})
	}
}

func playMemories(t *testing.T, name string, n int) (isRefused bool) {
	t.Helper()
	m := newMemories(t)
	defer m.close(t)
	content, err := os.ReadFile(m.path(name))
	if err != nil {
		t.Fatal(err)
	}
	all := withoutCuts(faults.Damages(content, 1), content)
	damage := all[lot(name, strconv.Itoa(n)).IntN(len(all))]
	if err := os.WriteFile(m.path(name), damage.Content, 0o600); err != nil {
		t.Fatal(err)
	}
	done, err := m.run(t, m.list)
	left, readErr := os.ReadFile(m.path(name))
	spent, registered := len(m.fake.Cloud().SpentTokens()), len(m.fake.Cloud().Workspaces())
	var wrong []string
	add := func(broken bool, text string) {
		if broken {
			wrong = append(wrong, text)
		}
	}
	add(err == nil && done != 3, "not all are done, and nothing is said")
	add(err != nil && !strings.Contains(err.Error(), name), "the error does not name the file")
	add(err != nil && (readErr != nil || !bytes.Equal(left, damage.Content)), "it was refused, and has changed")
	add(registered > 3 || spent > 3, "a workspace was registered twice")
	add(m.refused() > 0, "a spent token was tried again")
	for _, text := range wrong {
		t.Errorf("%s, %s: %s: %v", name, damage.Name, text, err)
	}
	return err != nil
}
