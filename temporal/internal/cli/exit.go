package cli

import (
	"errors"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/advice"
	"github.com/rcreg/registration/internal/command"
	"github.com/rcreg/registration/internal/exitcode"
)

// advisedError is an error with its kind, as scripts see it, and what to do next.
type advisedError struct {
	error
	kind, advice string
}

func (e *advisedError) Unwrap() error { return e.error }

// advised gives an error its kind and an advice.
func advised(err error, kind, advice string) error { return &advisedError{err, kind, advice} }

// kindUsage is a command line that cannot be carried out. Nothing was sent.
const kindUsage = "usage"

func usage(problem, advice string) error {
	return &command.UsageError{Problem: problem, Advice: advice}
}

// errorBody is an error as scripts see it, with the fields that rcreg has.
type errorBody struct {
	Kind    string `json:"kind"`
	Message string `json:"message"`
	Advice  string `json:"advice"`
}

// explain takes an error apart into what went wrong and what to do next.
func explain(err error) errorBody {
	body := errorBody{Kind: failure.KindOf(err).Name(), Message: err.Error(), Advice: advice.InFlags(failure.Remedies(err))}
	if failed := (*registration.Error)(nil); errors.As(err, &failed) {
		body.Message, body.Advice = failed.Summary(), advice.With(body.Advice, failed.Certain)
	}
	if wrong := (*command.UsageError)(nil); errors.As(err, &wrong) {
		body.Kind, body.Advice = kindUsage, wrong.Advice
	}
	if better := (*advisedError)(nil); errors.As(err, &better) {
		body.Message, body.Kind, body.Advice = err.Error(), better.kind, better.advice
	}
	return body
}

// report prints why a command failed and returns its exit code: an object on stdout, or text on stderr.
func (a *app) report(err error) int {
	body := explain(err)
	written := a.Output == command.JSON && a.PrintJSON(struct {
		Error errorBody `json:"error"`
	}{body}) == nil
	if !written {
		a.Say(body.text)
	}
	return exitcode.Of(failure.Named(body.Kind))
}
