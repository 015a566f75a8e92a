package fleet_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/registrationtest/faults"
)

// aliases leads several hosts to the first workspace of a fleet, as DNS does, and hides what workspaces say of their unique id where it is told to.
type aliases struct {
	http.RoundTripper
	to      string // the host of the workspace
	hideIDs bool
}

func (a aliases) RoundTrip(request *http.Request) (*http.Response, error) {
	if strings.HasPrefix(request.URL.Host, "alias") {
		request = request.Clone(request.Context())
		request.URL.Host, request.Host = a.to, ""
	}
	reply, err := a.RoundTripper.RoundTrip(request)
	if err != nil || !a.hideIDs {
		return reply, err
	}
	text, err := io.ReadAll(reply.Body)
	text = regexp.MustCompile(`"uniqueId":\s*"[^"]*"`).ReplaceAll(text, []byte(`"uniqueId":""`))
	reply.Body, reply.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
	return reply, errors.Join(err, reply.Body.Close())
}

// named is the first workspace of a list under other names, each of which has an address of its own.
func named(list fleet.List, names ...string) fleet.List {
	one := list.Workspaces[0]
	var all fleet.List
	for _, name := range names {
		w := one
		w.Name, w.URL = name, "https://alias-"+name+".example.test"
		all.Workspaces = append(all.Workspaces, w)
	}
	return all
}

func hostIn(address string) string { return strings.TrimPrefix(address, "https://") }

// ownSync is an operation of the caller's own, which does not know who else works on the workspace.
func ownSync() fleet.Operation {
	return fleet.Operation{Name: "own", Writes: true, Do: func(ctx context.Context, j *fleet.Job) (registration.Result, error) {
		return j.Client.Sync(ctx)
	}}
}

// TestSameWorkspaceTwice has one workspace under three names in a list. One of them is worked on; the others are refused by its name, before a token is taken.
func TestSameWorkspaceTwice(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"3.0.0", "6.4.0", "9.0.0"} {
		for name, op := range map[string]fleet.Operation{"register": fleet.Register(), "run": fleet.Reconcile(), "sync": fleet.Sync(), "own": ownSync(), "status": fleet.Status()} {
			t.Run(version+" "+name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					fake := registrationtest.NewFleet(t, 1, registrationtest.InProcess(), registrationtest.WithVersions(version))
					base := aliases{RoundTripper: fake.RoundTripper(), to: hostIn(fake.URL(0))}
					list := named(listOf(t, fake), "one", "two", "three")
					pool, _ := poolOf(t, fake.Cloud(), 4)
					f := open(t, list, fleet.WithTokens(pool), fleet.WithRoundTripper(base))
					if name == "sync" || name == "own" {
						outcomes(t, open(t, listOf(t, fake), fleet.WithTokens(pool), fleet.WithRoundTripper(base)), fleet.Register())
					}
					left := pool.Left()
					refused, told := 0, 0
					for _, o := range outcomes(t, f, op) {
						if o.UniqueID == "" {
							t.Errorf("%+v", o)
						}
						if errors.Is(o.Err, fleet.ErrSameWorkspace) {
							refused++
							if o.Class != fleet.Failed || o.Kind != "same_workspace" || o.Changed || !regexp.MustCompile(`it is the same workspace as (one|two|three): `).MatchString(o.Message) ||
								strings.Contains(o.Message, "as "+o.Workspace+":") || !strings.Contains(o.Advice, "ConfirmDeployment") || o.MayPass() {
								t.Errorf("%+v", o)
							}
						} else if o.Class == fleet.Failed {
							t.Errorf("%+v", o)
						}
						told += len(o.Notes)
					}
					want, notes := 2, 0
					if name == "status" {
						want, notes = 0, 2
					}
					if taken := left - pool.Left(); refused != want || told < notes || taken > 1 || len(fake.Cloud().SpentTokens()) > 1 || pool.LeftInDoubt() != 0 {
						t.Errorf("%d are refused, %d notes, %d tokens are taken, %d spent", refused, told, taken, len(fake.Cloud().SpentTokens()))
					}
				})
			})
		}
	}
}

// TestNoUniqueID registers two workspaces that tell no unique id: they are not the same.
func TestNoUniqueID(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		fake := registrationtest.NewFleet(t, 3, registrationtest.InProcess(), registrationtest.WithVersions("9.0.0"))
		pool, _ := poolOf(t, fake.Cloud(), 3)
		f := open(t, listOf(t, fake), fleet.WithTokens(pool), fleet.WithRoundTripper(aliases{RoundTripper: fake.RoundTripper(), hideIDs: true}))
		wantAll(t, fake, outcomes(t, f, fleet.Register()), fleet.Done, "registered")
	})
}

// TestSameWorkspaceInAnotherRun knows a workspace again under another name: from the journal, and from the pool, where its token is in doubt.
func TestSameWorkspaceInAnotherRun(t *testing.T) {
	t.Parallel()
	clock := registrationtest.NewClock(someTime())
	fake := registrationtest.NewFleet(t, 1, registrationtest.InProcess(), registrationtest.WithClock(clock), registrationtest.WithVersions("9.0.0"))
	base := aliases{RoundTripper: fake.RoundTripper(), to: hostIn(fake.URL(0))}
	pool, path := poolOf(t, fake.Cloud(), 2)
	journal := openJournal(t, filepath.Join(t.TempDir(), "journal"), "register")
	run := func(names ...string) map[string]fleet.Outcome {
		f := open(t, named(listOf(t, fake), names...), fleet.WithClock(clock), fleet.WithTokens(pool), fleet.WithRoundTripper(base), fleet.WithRetries(0), fleet.WithJournal(journal))
		return outcomes(t, f, fleet.Register())
	}
	fake.Cloud().SetFault(faults.Fault{Kind: faults.BadRequest, Call: faults.CallClients, Times: 1})
	if got := run("one")["one"]; got.Class != fleet.Failed || !pool.InDoubt("one") {
		t.Fatalf("%+v", got)
	}
	if err := pool.Close(); err != nil {
		t.Fatal(err)
	}
	pool = openPool(t, path) // as the next process does
	if got := run("two")["two"]; got.Class != fleet.Done || pool.InDoubt("one") || pool.InDoubt("two") || pool.Left() != 1 {
		t.Errorf("the token in doubt of the other name is not taken first: %d left, %+v", pool.Left(), got)
	}
	got := run("one", "two")
	if two, one := got["two"], got["one"]; !two.Resumed || two.UniqueID == "" || one.Kind != "same_workspace" || !strings.Contains(one.Message, "same workspace as two") {
		t.Errorf("%+v", got)
	}
	if n := len(fake.Cloud().SpentTokens()); n != 1 || pool.Left() != 1 {
		t.Errorf("%d tokens are spent, %d left", n, pool.Left())
	}
}

// TestSameWorkspaceByDo refuses the second of two at the same moment. One after the other, the status tells.
func TestSameWorkspaceByDo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		fake := registrationtest.NewFleet(t, 1, registrationtest.InProcess(), registrationtest.WithVersions("9.0.0"))
		list := named(listOf(t, fake), "one", "two").Workspaces
		pool, _ := poolOf(t, fake.Cloud(), 2)
		var within *fleet.Fleet
		var second fleet.Outcome
		base := &atConnect{RoundTripper: aliases{RoundTripper: fake.RoundTripper(), to: hostIn(fake.URL(0))}, do: func(ctx context.Context) { second = within.Do(ctx, list[1], fleet.Register()) }}
		within = open(t, fleet.List{}, fleet.WithTokens(pool), fleet.WithRoundTripper(base))
		if first := within.Do(t.Context(), list[0], fleet.Register()); first.Class != fleet.Done || second.Kind != "same_workspace" {
			t.Errorf("%+v and %+v", first, second)
		}
		if again := within.Do(t.Context(), list[1], fleet.Register()); again.Class != fleet.Unchanged || pool.Left() != 1 {
			t.Errorf("%d left, %+v", pool.Left(), again)
		}
	})
}

// atConnect does something while a workspace is asked to connect.
type atConnect struct {
	http.RoundTripper
	do func(context.Context)
}

func (a *atConnect) RoundTrip(request *http.Request) (*http.Response, error) {
	if strings.Contains(request.URL.Path, "connectWorkspace") {
		a.do(request.Context())
	}
	return a.RoundTripper.RoundTrip(request)
}

// TestLostTokenIsTold takes another token for a workspace whose last one was answered by nobody and then refused. What the first may have registered is told with
// the outcome, in the run that takes another one, whether it is the same or a later one.
func TestLostTokenIsTold(t *testing.T) {
	t.Parallel()
	lost := faults.Fault{Kind: faults.Reset, After: true, Call: faults.CallClients, Times: 1}
	for name, test := range map[string]struct {
		retries, runs int
		relay         bool
	}{"in one run": {5, 2, false}, "in three runs": {0, 3, false}, "over a relay": {5, 2, true}, "over a relay in three runs": {0, 3, true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := registrationtest.NewClock(someTime())
			fake := registrationtest.NewFleet(t, 1, registrationtest.InProcess(), registrationtest.WithClock(clock), registrationtest.WithVersions("9.0.0"))
			pool, path := poolOf(t, fake.Cloud(), 2)
			journalPath := filepath.Join(t.TempDir(), "journal")
			fake.Cloud().SetFault(lost)
			list, options := listOf(t, fake), []fleet.Option{fleet.WithClock(clock), fleet.WithRoundTripper(fake.RoundTripper())}
			if test.relay {
				list.Workspaces[0].Via = fleet.ViaRelay
				options = append(options, overRelay(t, fake, clock))
			}
			var last fleet.Outcome
			run := func(retries int) fleet.Outcome {
				journal := openJournal(t, journalPath, "register")
				f := open(t, list, slices.Concat(options, []fleet.Option{fleet.WithTokens(pool), fleet.WithJournal(journal), fleet.WithRetries(retries)})...)
				got := outcomes(t, f, fleet.Register())[fake.Name(0)]
				if err := errors.Join(pool.Close(), journal.Close()); err != nil {
					t.Fatal(err)
				}
				pool = openPool(t, path)
				return got
			}
			for i := range test.runs {
				retries := test.retries
				if i == 0 {
					retries = 0
				}
				last = run(retries)
				t.Logf("run %d: %s %s %v", i, last.Class, last.Kind, last.Notes)
			}
			id := fake.Cloud().Workspaces()[len(fake.Cloud().Workspaces())-1].ID
			if n := len(fake.Cloud().SpentTokens()); last.Class != fleet.Done || n != 2 || len(fake.Cloud().Workspaces()) != 2 {
				t.Fatalf("%d tokens are spent: %+v", n, last)
			}
			says := slices.ContainsFunc(last.Notes, func(note string) bool {
				return strings.Contains(note, " UTC was handed over") && strings.Contains(note, "remove it; this workspace is "+id)
			})
			if text, err := json.Marshal(last); err != nil || !says || !strings.Contains(string(text), `"notes":["`) {
				t.Errorf("%v: %s", err, text)
			}
			// A process that is killed before it could say so leaves it to the next.
			journal := openJournal(t, journalPath, "register")
			if err := errors.Join(journal.Begin(fake.Name(0), 1), journal.Close()); err != nil {
				t.Fatal(err)
			}
			if again := run(0); again.Class != fleet.Unchanged || len(again.Notes) == 0 {
				t.Errorf("after a kill: %+v", again)
			}
		})
	}
}
