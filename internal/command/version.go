package command

import (
	"io"
	"runtime"
	"runtime/debug"

	"github.com/rcreg/registration/internal/screen"
)

// Version is what a program was built from.
type Version struct {
	Program  string `json:"-"`
	Version  string `json:"version"`
	Revision string `json:"revision"`
	Go       string `json:"go"`
}

// VersionOf reads what the toolchain wrote into a program, see [debug.ReadBuildInfo]; ok is false when it wrote nothing.
func VersionOf(program string, info *debug.BuildInfo, ok bool) Version {
	v := Version{Program: program, Version: "(devel)", Go: runtime.Version()}
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

// Text tells it to people.
func (v Version) Text(out io.Writer, _ screen.Style) {
	screen.Printf(out, "%s %s (%s)\n", v.Program, v.Version, v.Go)
}
