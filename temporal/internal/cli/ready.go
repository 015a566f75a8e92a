package cli

import (
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"time"

	"go.temporal.io/sdk/client"

	"github.com/rcreg/registration/internal/command"
	"github.com/rcreg/registration/internal/screen"
	"github.com/rcreg/registration/internal/shell"
)

// ready tells that the worker takes work, and how to give it some.
func (a *app) ready(f *workerFlags, options client.Options, health string) error {
	v := readyView{
		Address: options.HostPort, Namespace: options.Namespace, TaskQueue: a.taskQueue, HealthAddress: health,
		tokens: f.tokens,
	}
	if a.server.dev {
		v.DevDir, v.next = a.server.devDir, a.again(firstFleet(f.tokens))
	}
	switch {
	case a.Output == command.JSON:
		return a.PrintJSON(v)
	case a.server.dev || a.StderrTerminal:
		a.Say(v.text)
	default:
		a.logger(slog.LevelInfo).Info("the worker takes work", "address", v.Address, "namespace", v.Namespace, "task_queue", v.TaskQueue, "health_address", v.HealthAddress)
	}
	return nil
}

// readyView is a worker that runs.
type readyView struct {
	Address       string `json:"address"`
	Namespace     string `json:"namespace"`
	TaskQueue     string `json:"task_queue"`
	HealthAddress string `json:"health_address,omitempty"`
	DevDir        string `json:"dev_dir,omitempty"`

	tokens string
	next   string // command to try
}

func (v readyView) text(out io.Writer, s screen.Style) {
	rows := [][]string{{"Server", v.Address + ", namespace " + v.Namespace}}
	if v.DevDir != "" {
		rows[0][1] = v.Address + ", embedded, with its database and key in " + v.DevDir
	}
	rows = append(rows, []string{"Task queue", v.TaskQueue})
	if v.tokens != "" {
		rows = append(rows, []string{"Tokens", v.tokens})
	}
	if v.HealthAddress != "" {
		rows = append(rows, []string{"Health", "http://" + v.HealthAddress + "/readyz"})
	}
	_, _ = fmt.Fprintln(out, s.Good("The worker takes work."))
	screen.Columns(out, rows)
	if v.DevDir != "" {
		screen.Printf(out, "\nGive it some, in another terminal:\n  %s\n", v.next)
	}
	_, _ = fmt.Fprintln(out, "\nCtrl-C ends it.")
}

// firstFleet is a command that gives a worker work: the list is beside the pool, where rcreg sim puts both.
func firstFleet(tokens string) string {
	if tokens == "" {
		return "fleet status --file fleet.yaml"
	}
	return "fleet register --file " + shell.Word(filepath.Join(filepath.Dir(tokens), "fleet.yaml"))
}

// leaving tells that the worker waits for what is in flight.
func (a *app) leaving(grace time.Duration) {
	if a.server.dev || a.StderrTerminal {
		a.Say(func(out io.Writer, _ screen.Style) {
			screen.Printf(out, "What is in flight ends first, within %s; Ctrl-C again ends it at once.\n", grace)
		})
		return
	}
	a.logger(slog.LevelInfo).Info("the worker takes no more work, and ends what is in flight", "grace", grace)
}
