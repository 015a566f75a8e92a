package command_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"github.com/rcreg/registration/internal/command"
)

// run runs a command line of a program with one command, show, which ends with an error.
func run(t *testing.T, args string, fails error) (exit int, stdout, stderr string) {
	t.Helper()
	var out, said strings.Builder
	c := &command.Console{
		Program: "program", Getenv: func(string) string { return "" },
		Streams: command.Streams{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &said},
	}
	tree := func() *cobra.Command {
		root := &cobra.Command{Use: "program", SuggestionsMinimumDistance: 2, Args: command.NoSuchCommand, RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
		c.AddFlags(root)
		root.AddCommand(c.Leaf("show", "Show it", command.NoArguments, func(context.Context, []string) error { return fails }))
		return root
	}
	report := func(err error) int {
		v := struct{ Message, Advice string }{Message: err.Error()}
		wrong := (*command.UsageError)(nil)
		if errors.As(err, &wrong) {
			v.Advice = wrong.Advice
		}
		if c.Output == command.JSON {
			_ = c.PrintJSON(v)
		} else {
			command.Failed(c.Stderr, c.Style(c.StderrTerminal), v.Message, v.Advice)
		}
		return 2
	}
	exit = c.Run(t.Context(), strings.Fields(args), tree, nil, report)
	return exit, out.String(), said.String()
}

// A command line that cannot be read as a whole is answered as it asks for; a word that happens to be json asks for nothing.
func TestOutputOfALineThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for args, isJSON := range map[string]bool{
		"show --bogus":                  false,
		"show json --bogus":             false,
		"json":                          false,
		"show --bogus -- --output json": false,
		"show --output json --bogus":    true,
		"show --output=json --bogus":    true,
		"show -o json --bogus":          true,
		"show -ojson --bogus":           true,
		"--bogus show -o=json":          true,
	} {
		exit, stdout, stderr := run(t, args, nil)
		if exit != 2 || isJSON != json.Valid([]byte(stdout)) || isJSON == strings.Contains(stderr, " --help\n") {
			t.Errorf("%s: exit %d, %q, %q", args, exit, stdout, stderr)
		}
	}
}

func TestExit(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fails error
		exit  int
		said  string
	}{
		"done":                {nil, 0, ""},
		"answered":            {command.ExitError(3), 3, ""},
		"failed":              {errors.New("it broke"), 2, "Error: it broke\n"},
		"failed on two lines": {errors.New("it broke\ntwice"), 2, "Error: it broke; twice\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if exit, _, stderr := run(t, "show", c.fails); exit != c.exit || stderr != c.said {
				t.Errorf("exit %d, %q", exit, stderr)
			}
		})
	}
}

func TestSettingsLag(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		flag, variable string
		options        int
		isWrong        bool
	}{
		"neither":       {},
		"flag":          {flag: "2s", options: 1},
		"variable":      {variable: "0s", options: 1},
		"flag first":    {flag: (2 * time.Second).String(), variable: "soon", options: 1},
		"no time":       {variable: "soon", isWrong: true},
		"negative time": {flag: "-1s", isWrong: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd, f := &cobra.Command{}, command.SettingsLag{}
			f.Add(cmd.Flags())
			if err := cmd.ParseFlags([]string{"--settings-lag=" + c.flag}); err != nil {
				t.Fatal(err)
			}
			options, err := f.Options(func(string) string { return c.variable })
			if len(options) != c.options || errors.As(err, new(*command.UsageError)) != c.isWrong {
				t.Errorf("%d options, %v", len(options), err)
			}
		})
	}
}

// What cobra takes for a good end, or calls an unknown flag, is a usage error that names the word to correct.
func TestUsageErrorsOfATree(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"help nosuch":          `unknown command "nosuch"`,
		"help show nosuch":     `unknown command "nosuch"`,
		"completion tcsh":      `unknown command "tcsh"`,
		"show --outptu json":   "did you mean --output?",
		"show --bogus":         "program show --help",
		"shwo --flag x":        `unknown command "shwo": did you mean show?`,
		"show something":       "program show --help",
		"show --output=yaml":   "program show --help",
		"--bogus":              "program --help",
		"help completion bash": "",
		"help show":            "",
		"help":                 "",
		"--version":            "",
		"completion bash":      "",
	} {
		t.Run(args, func(t *testing.T) {
			t.Parallel()
			exit, stdout, stderr := run(t, args, nil)
			if bad := want != ""; bad != (exit == 2) || bad != (stdout == "") || !strings.Contains(stderr, want) {
				t.Errorf("exit %d, %q, %q", exit, stdout, stderr)
			}
		})
	}
}
