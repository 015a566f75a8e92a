package cli

import (
	"errors"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/advice"
	"github.com/rcreg/registration/internal/command"
	"github.com/rcreg/registration/internal/exitcode"
)

func usage(problem, advice string) error {
	return &command.UsageError{Problem: problem, Advice: advice}
}

// exitOf is how a command ends that fails in this way.
func exitOf(err error) int { return exitcode.Of(failure.KindOf(err)) }

// explain takes an error apart into what went wrong and what to do next.
func explain(err error) errorBody {
	body := errorBody{Kind: failure.KindOf(err).Name(), Message: summary(err), Advice: advice.InFlags(failure.Remedies(err))}
	if operation := (*operationError)(nil); errors.As(err, &operation) {
		body.Workspace, body.Version = operation.workspace, operation.version
	}
	if failed := (*registration.Error)(nil); errors.As(err, &failed) {
		body.Message, body.Workspace, body.Version = failed.Summary(), failed.Workspace, failed.Version
		body.Advice = advice.With(body.Advice, failed.Certain)
	}
	if wrong := (*command.UsageError)(nil); errors.As(err, &wrong) {
		body.Advice = wrong.Advice
	}
	if better := advisor(nil); errors.As(err, &better) {
		body.Advice = better.advice()
	}
	return body
}

// summary is an error without the advice that it has for programs.
func summary(err error) string {
	if failed, ok := err.(interface{ Summary() string }); ok { // itself: a wrapped one has words around it
		return failed.Summary()
	}
	return err.Error()
}

// advisor is an error of this program that knows its flags best.
type advisor interface {
	error
	advice() string
}

// advisedError is an error whose advice names flags of this program in the place of options of the library.
type advisedError struct {
	error
	next string
}

func (e *advisedError) advice() string { return e.next }

func (e *advisedError) Unwrap() error { return e.error }
