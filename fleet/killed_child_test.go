package fleet_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/internal/clock"
	"github.com/rcreg/registration/internal/safedir/stick"
)

// killedVariable tells a child process what to do: a killedRun, as JSON.
const killedVariable = "FLEET_KILLED_RUN"

// killedRun is a registration of a whole fleet that is to be killed, and then to be gone on with.
type killedRun struct {
	List    string
	Tokens  string
	Journal string // in the folder of Tokens, where there is a KillAt
	KillAt  int64  // a change of that folder, counted from 1; -1 only prints how many there are; 0 is without a look
}

// runKilled is the child process: it does what a program does that registers a fleet, or goes on with it, and fails unless every workspace ends well.
func runKilled(ctx context.Context, text string) (err error) {
	var run killedRun
	if err := json.Unmarshal([]byte(text), &run); err != nil {
		return err
	}
	list, err := fleet.Load(run.List)
	if err != nil {
		return err
	}
	folder := &stick.Stick{Path: filepath.Dir(run.Tokens), FailAt: max(run.KillAt, 0), Err: errors.New("killed"), Kills: true}
	pool, journal, err := run.open(folder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, journal.Close(), pool.Close()) }()
	concurrency := 48
	if run.KillAt != 0 {
		concurrency = 1 // the same acts in the same order
		defer func() { fmt.Fprintln(os.Stdout, folder.Acts()) }()
	}
	f, err := fleet.New(list, fleet.WithTokens(pool), fleet.WithJournal(journal), fleet.WithClock(hurried{clock.System()}),
		fleet.WithConcurrency(concurrency), fleet.WithPerHost(concurrency), fleet.WithCloudRate(1e6))
	if err != nil {
		return err
	}
	for outcome := range f.Run(ctx, fleet.Register()) {
		if outcome.Class != fleet.Done && outcome.Class != fleet.Unchanged {
			err = errors.Join(err, fmt.Errorf("%s is %s: %s", outcome.Workspace, outcome.Class, outcome.Message))
		}
	}
	return errors.Join(err, f.Err())
}

// open opens what a run remembers in, in a folder whose changes are counted where that is asked for.
func (run killedRun) open(folder *stick.Stick) (pool *fleet.Tokens, journal *fleet.Journal, err error) {
	if run.KillAt == 0 {
		pool, err = fleet.OpenTokens(run.Tokens)
	} else {
		pool, err = fleet.OpenTokensOn(folder.Open, run.Tokens)
	}
	if err != nil {
		return nil, nil, err
	}
	if run.KillAt == 0 {
		journal, err = fleet.OpenJournal(run.Journal, "register")
	} else {
		journal, err = fleet.OpenJournalOn(folder.Open, run.Journal, "register")
	}
	return pool, journal, err
}

// hurried is a clock whose sleeps take a hundredth of the time.
type hurried struct{ clock.Clock }

func (h hurried) Sleep(ctx context.Context, d time.Duration) error { return h.Clock.Sleep(ctx, d/100) }
