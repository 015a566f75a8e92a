package cli

import (
	"github.com/rcreg/registration/internal/screen"

	"context"
	"io"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func (a *app) version() *cobra.Command {
	return a.leaf("version", "Show the version of rcreg", func(context.Context) error { return a.show(builtFrom(debug.ReadBuildInfo())) })
}

type versionView struct {
	Version  string `json:"version"`
	Revision string `json:"revision"`
	Go       string `json:"go"`
}

// builtFrom reads what the toolchain wrote into the program; ok is false when it wrote nothing.
func builtFrom(info *debug.BuildInfo, ok bool) versionView {
	v := versionView{Version: "(devel)", Go: runtime.Version()}
	if !ok {
		return v
	}
	if info.Main.Version != "" {
		v.Version = info.Main.Version
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" {
			v.Revision = setting.Value
		}
	}
	return v
}

func (v versionView) text(out io.Writer, _ style) {
	screen.Printf(out, "rcreg %s (%s)\n", v.Version, v.Go)
}
