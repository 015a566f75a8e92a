package cli

import (
	"context"
	"io"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/rcreg/registration/internal/screen"
)

func (a *app) versionCommand() *cobra.Command {
	return a.leaf("version", "Show the version of "+a.system.Program, noArguments, func(context.Context, []string) error {
		v := versionView{program: a.system.Program, Version: "(devel)", Go: runtime.Version()}
		if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
			v.Version = info.Main.Version
		}
		return a.show(v)
	})
}

type versionView struct {
	program string
	Version string `json:"version"`
	Go      string `json:"go"`
}

func (v versionView) text(out io.Writer, _ screen.Style) {
	screen.Printf(out, "%s %s (%s)\n", v.program, v.Version, v.Go)
}
