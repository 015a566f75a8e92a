package cli

import (
	"cmp"
	"io"

	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/command"
	"github.com/rcreg/registration/internal/exitcode"
	"github.com/rcreg/registration/internal/screen"
)

// failing is a part of answers that may end with an error, as scripts see it.
type failing struct {
	Error *errorBody `json:"error,omitempty"`
}

func (f *failing) fail(body errorBody) { f.Error = &body }

// answer is a view that may end with an error.
type answer interface {
	view
	fail(body errorBody)
}

// conclude prints an answer, and how the command ends with it: people read the error after it, scripts find it inside.
func (a *app) conclude(v answer, err error) error {
	if err == nil {
		return a.show(v)
	}
	body := explain(err)
	v.fail(body)
	if printed := a.show(v); printed != nil || a.Output != command.JSON {
		return cmp.Or(printed, err)
	}
	return exitWith(exitcode.Of(failure.Named(body.Kind)))
}

// exitWith ends a command that has printed its answer.
func exitWith(code int) error {
	if code == exitcode.Done {
		return nil
	}
	return command.ExitError(code)
}

// note tells people what happens; scripts have it in the answer.
func (a *app) note(text string) {
	if a.Output != command.JSON {
		a.Say(func(out io.Writer, _ screen.Style) { screen.Printf(out, "%s\n", text) })
	}
}

// view is an answer that can be printed both ways.
type view interface {
	text(out io.Writer, s screen.Style)
}

// show writes an answer to stdout.
func (a *app) show(v view) error { return a.Show(v, v.text) }

// text says why a command failed.
func (v errorBody) text(out io.Writer, s screen.Style) { command.Failed(out, s, v.Message, v.Advice) }
