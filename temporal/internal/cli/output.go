package cli

import (
	"io"

	"github.com/rcreg/registration/internal/command"
	"github.com/rcreg/registration/internal/screen"
)

// view is an answer that can be printed both ways.
type view interface {
	text(out io.Writer, s screen.Style)
}

// show writes an answer to stdout.
func (a *app) show(v view) error { return a.Show(v, v.text) }

// text says why a command failed.
func (v errorBody) text(out io.Writer, s screen.Style) { command.Failed(out, s, v.Message, v.Advice) }
