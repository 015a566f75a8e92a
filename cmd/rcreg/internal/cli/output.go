package cli

import (
	"io"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/command"
	"github.com/rcreg/registration/internal/screen"
)

// view is an answer that can be printed both ways. Its JSON fields are promised in docs/cli.md.
type view interface {
	text(out io.Writer, s style)
}

// show writes an answer to stdout.
func (a *app) show(v view) error { return a.Show(v, v.text) }

// errorView is the object that a failed command prints.
type errorView struct {
	Error errorBody `json:"error"`
	// Result is what is known of an operation that began.
	Result *registration.Result `json:"result,omitempty"`
	// Pending is there when a confirmation is missing.
	Pending *pendingView `json:"pending,omitempty"`
	// Request is there when the exchange folder has to be carried.
	Request *requestView `json:"request,omitempty"`
	// Requests is what a courier that was interrupted has done.
	Requests []courierItem `json:"requests,omitempty"`
}

type errorBody struct {
	Kind      string `json:"kind"`
	Message   string `json:"message"`
	Advice    string `json:"advice"`
	Workspace string `json:"workspace"`
	Version   string `json:"version"`
}

// pendingView is a ticket without its device code.
type pendingView struct {
	Workspace       string    `json:"workspace"`
	Email           string    `json:"email"`
	UserCode        string    `json:"user_code"`
	VerificationURL string    `json:"verification_url"`
	Expires         time.Time `json:"expires"`
	Interval        int       `json:"interval_seconds"`
	TicketFile      string    `json:"ticket_file"`
}

// report prints why a command failed and returns its exit code: an object on stdout, or text on stderr.
func (a *app) report(err error) int {
	shown := errorView{Error: explain(err), Result: resultIn(err), Pending: pendingIn(err), Request: requestIn(err), Requests: requestsIn(err)}
	exit := exitOf(err)
	if a.Output == command.JSON && a.PrintJSON(shown) == nil {
		return exit
	}
	if a.Output != command.JSON && len(shown.Requests) > 0 {
		_ = screen.Print(a.Stdout, a.Style(a.StdoutTerminal), courierView{shown.Requests}.text)
	}
	a.Say(shown.text)
	return exit
}

// text says why a command failed.
func (v errorView) text(out io.Writer, s style) {
	switch {
	case v.Pending != nil:
		v.Pending.text(out, s, v.Error)
		return
	case v.Request != nil:
		v.Request.text(out, s, v.Error)
		return
	}
	command.Failed(out, s, v.Error.Message, v.Error.Advice)
}

type style = screen.Style

// paintState colours a registration state by how it is.
func paintState(s style, state registration.State) string {
	if state == registration.Registered {
		return s.Good(string(state))
	}
	return s.Warn(string(state))
}
