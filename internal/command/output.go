package command

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/rcreg/registration/internal/screen"
	"github.com/rcreg/registration/internal/shell"
)

// The outputs that every command has.
const (
	Text = "text"
	JSON = "json"
)

// MoreOutputs is the annotation of a command, for itself and those below it, that names a further output.
const MoreOutputs = "outputs"

// AddFlags gives a command tree the flags that every command has.
func (c *Console) AddFlags(root *cobra.Command) {
	root.SilenceErrors, root.SilenceUsage = true, true
	root.PersistentPreRunE = func(*cobra.Command, []string) error { return c.CheckOutput(Text, JSON) }
	root.PersistentFlags().StringVarP(&c.Output, "output", "o", Text, "`FORMAT`: text, or json for one object on stdout, errors too")
	root.PersistentFlags().BoolVarP(&c.Verbose, "verbose", "v", false, "log every call on stderr, without secrets")
	// It can only fail for a flag that is not there.
	_ = root.RegisterFlagCompletionFunc("output", func(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
		known := []string{Text, JSON}
		for ; cmd != nil; cmd = cmd.Parent() {
			if more := cmd.Annotations[MoreOutputs]; more != "" {
				known = append(known, more)
			}
		}
		return known, cobra.ShellCompDirectiveNoFileComp
	})
}

// CheckOutput refuses outputs that a command does not have.
func (c *Console) CheckOutput(known ...string) error {
	if !slices.Contains(known, c.Output) {
		return fmt.Errorf("unknown output %q: it is %s", c.Output, strings.Join(known, " or "))
	}
	return nil
}

// outputAmong finds the output that a command line asks for when the line could not be read as a whole.
func outputAmong(args []string) string {
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.ParseErrorsAllowlist.UnknownFlags = true
	output := flags.StringP("output", "o", Text, "")
	flags.BoolP("help", "h", false, "")
	_ = flags.Parse(args) // what could not be read stays text
	return *output
}

// NoSuchCommand refuses arguments of a command that has others below it: they are misspelt commands.
func NoSuchCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return shell.NoSuchCommand(args[0], cmd.SuggestionsFor(args[0]))
}

// Style is for a stream, a terminal or not.
func (c *Console) Style(terminal bool) screen.Style {
	style := screen.StyleFor(terminal, c.Getenv)
	if terminal && c.Size != nil {
		style.Width, style.Height = c.Size()
	}
	return style
}

// Show writes an answer to stdout: as one JSON object, or as text tells it.
func (c *Console) Show(v any, text func(out io.Writer, s screen.Style)) error {
	if c.Output == JSON {
		return c.PrintJSON(v)
	}
	return screen.Print(c.Stdout, c.Style(c.StdoutTerminal), text)
}

// Say writes a text for people to stderr. That it cannot be written is no reason to stop.
func (c *Console) Say(write func(out io.Writer, s screen.Style)) {
	_ = screen.Print(c.Stderr, c.Style(c.StderrTerminal), write)
}

// Failed writes why a command failed to stderr, and what to do next.
func Failed(out io.Writer, s screen.Style, message, advice string) {
	screen.Printf(out, "%s %s\n", s.Bad("Error:"), screen.OneLine(message))
	if advice != "" {
		screen.Printf(out, "%s  %s\n", s.Strong("Next:"), advice)
	}
}

// PrintJSON writes one object on one line.
func (c *Console) PrintJSON(v any) error {
	encoder := json.NewEncoder(screen.JSON(c.Stdout))
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}
