package command

import (
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/rcreg/registration/internal/shell"
)

// complete adds to a command tree what cobra leaves to each program: --version, and usage errors where a word, a flag or a topic is unknown.
func (c *Console) complete(root *cobra.Command) {
	info, ok := debug.ReadBuildInfo()
	v := VersionOf(c.Program, info, ok)
	root.Version = v.Version
	root.SetVersionTemplate("{{.Name}} {{.Version}} (" + v.Go + ")\n")
	root.SetFlagErrorFunc(flagError)
	root.InitDefaultCompletionCmd() // it keeps the output that the root has now
	root.InitDefaultHelpCmd()
	for _, cmd := range root.Commands() {
		switch cmd.Name() {
		case "completion":
			cmd.Args, cmd.RunE = NoSuchCommand, func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
		case "help":
			cmd.Run, cmd.RunE = nil, helpOn(root)
		}
	}
}

// helpOn shows the help of a command. cobra's own ends well where there is no such command.
func helpOn(root *cobra.Command) func(*cobra.Command, []string) error {
	return func(_ *cobra.Command, args []string) error {
		cmd, rest, err := root.Find(args)
		if err != nil || len(rest) > 0 {
			return shell.NoSuchCommand(args[len(args)-max(len(rest), 1)], nil)
		}
		return cmd.Help()
	}
}

// flagError says what is wrong with a flag: of a misspelt command its flags are unknown too, and the command is what to correct.
func flagError(cmd *cobra.Command, err error) error {
	if word := cmd.Flags().Arg(0); cmd.HasSubCommands() && word != "" {
		return shell.NoSuchCommand(word, cmd.SuggestionsFor(word))
	}
	unknown := (*pflag.NotExistError)(nil)
	if !errors.As(err, &unknown) {
		return err
	}
	names := &cobra.Command{SuggestionsMinimumDistance: 2} // cobra suggests names of commands alone
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names.AddCommand(&cobra.Command{Use: f.Name, Run: func(*cobra.Command, []string) {}})
		}
	})
	if near := names.SuggestionsFor(unknown.GetSpecifiedName()); len(near) > 0 {
		return fmt.Errorf("%w: did you mean --%s?", err, near[0])
	}
	return err
}
