package fleet_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/internal/clock"
)

// killedVariable tells a child process what to do: a killedRun, as JSON.
const killedVariable = "FLEET_KILLED_RUN"

// killedRun is a registration of a whole fleet that is to be killed, and then to be gone on with.
type killedRun struct {
	List    string
	Tokens  string
	Journal string
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
	pool, err := fleet.OpenTokens(run.Tokens)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	journal, err := fleet.OpenJournal(run.Journal, "register")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, journal.Close()) }()
	f, err := fleet.New(list, fleet.WithTokens(pool), fleet.WithJournal(journal), fleet.WithClock(hurried{clock.System()}),
		fleet.WithConcurrency(48), fleet.WithPerHost(48), fleet.WithCloudRate(1e6))
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

// hurried is a clock whose sleeps take a hundredth of the time.
type hurried struct{ clock.Clock }

func (h hurried) Sleep(ctx context.Context, d time.Duration) error { return h.Clock.Sleep(ctx, d/100) }
