package cli

import (
	"context"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/internal/command"
	"github.com/rcreg/registration/internal/progress"
	"github.com/rcreg/registration/internal/screen"
	"github.com/rcreg/registration/temporal"
)

const keepSyncedHelp = `Keep workspaces of a list synced: a workflow for each syncs it every 12 hours, or as often as --every
says, until rcreg-worker cancel ends it or only a person can help. Without names all that are selected
are kept synced. One that is kept synced already is left as it is.`

// keepSyncedFlags are the flags of keep-synced.
type keepSyncedFlags struct {
	list  listFlags
	every time.Duration
}

// keepSyncedCommand keeps workspaces synced.
func (a *app) keepSyncedCommand() *cobra.Command {
	f := &keepSyncedFlags{}
	cmd := a.Leaf("keep-synced [NAME…]", "Keep workspaces of a list synced", cobra.ArbitraryArgs, func(ctx context.Context, args []string) error {
		return a.runKeepSynced(ctx, f, args)
	})
	cmd.Long = keepSyncedHelp
	cmd.Example = "  rcreg-worker keep-synced --file fleet.yaml\n  rcreg-worker keep-synced alpha beta --file fleet.yaml --every 6h"
	flags := cmd.Flags()
	f.list.add(flags)
	f.list.addSelect(flags)
	flags.DurationVar(&f.every, "every", 0, "time from one sync to the next, a `DURATION` (default 12h, 1m at least)")
	return cmd
}

// workspaces are those that are to be kept synced.
func (f *keepSyncedFlags) workspaces(names []string) ([]fleet.Workspace, error) {
	if f.every != 0 && f.every < time.Minute {
		return nil, usage("--every is too short: a workspace and the Cloud allow no more than a sync a minute", "pass a minute at least; 12h is what servers do by themselves")
	}
	list, _, err := f.list.load()
	if err != nil || len(names) == 0 {
		return list.Workspaces, err
	}
	chosen := make([]fleet.Workspace, 0, len(names))
	for _, name := range names {
		w, err := named(list, name)
		if err != nil {
			return nil, err
		}
		chosen = append(chosen, w)
	}
	return chosen, nil
}

func (a *app) runKeepSynced(ctx context.Context, f *keepSyncedFlags, names []string) error {
	workspaces, err := f.workspaces(names)
	if err != nil {
		return err
	}
	c, err := a.dial(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	style := a.Style(a.StderrTerminal)
	meter := progress.New(a.Stderr, a.StderrTerminal && !a.Verbose, style, a.system.Clock)
	defer meter.Clear()
	v := &startedView{Workflows: make([]startedFlow, 0, len(workspaces))}
	for _, w := range workspaces {
		run := flow{a, c, temporal.SyncID(w.Name)}
		started, err := run.begin(ctx, temporal.KeepSyncedWorkflow, temporal.Sync{Workspace: w, Every: f.every})
		if err != nil {
			meter.Clear()
			return a.conclude(v, err)
		}
		v.Workflows = append(v.Workflows, startedFlow{ID: run.id, Workspace: w.Name, Started: started})
		if a.Output != command.JSON && len(workspaces) > fewFlows {
			meter.Show(progress.Count{Total: len(workspaces), Ended: len(v.Workflows)})
		}
	}
	meter.Clear()
	return a.show(v)
}

// startedView is what keep-synced has started.
type startedView struct {
	Workflows []startedFlow `json:"workflows"`
	failing
}

// startedFlow is one workflow of it.
type startedFlow struct {
	ID        string `json:"id"`
	Workspace string `json:"workspace"`
	// Started is false for one that was under way.
	Started bool `json:"started"`
}

func (v *startedView) text(out io.Writer, _ screen.Style) {
	rows := append(make([][]string, 0, len(v.Workflows)+1), []string{"WORKSPACE", "WORKFLOW", ""})
	started := 0
	for _, w := range v.Workflows {
		what := "under way"
		if w.Started {
			what = "started"
			started++
		}
		rows = append(rows, []string{w.Workspace, w.ID, what})
	}
	screen.Columns(out, rows)
	screen.Printf(out, "\n%d started, %d under way before\n", started, len(v.Workflows)-started)
}
