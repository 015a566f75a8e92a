package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"go.temporal.io/api/serviceerror"
	sdk "go.temporal.io/sdk/temporal"
	"google.golang.org/grpc/codes"

	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/advice"
	"github.com/rcreg/registration/temporal"
)

// The kinds of failure that only this program has.
const (
	kindNotFound    = "not_found"
	kindNoWorker    = "no_worker"
	kindUnreachable = "server_unreachable"
	kindRefused     = "server_refused"
	kindInterrupted = "interrupted"
	kindEnded       = "ended"
	kindWrongKey    = "wrong_key"
)

const adviceOnKeys = "pass the keys that the workers have, with --key-file or RCREG_HISTORY_KEY"

// isAway reports whether a call failed because the server could not be asked at this moment.
func isAway(err error) bool {
	switch serviceerror.ToStatus(err).Code() {
	case codes.Unavailable, codes.DeadlineExceeded, codes.ResourceExhausted, codes.Aborted:
		return true
	}
	return false
}

// isUnanswered reports whether a query failed because no worker answers: the server itself was there.
func isUnanswered(err error) bool {
	code := serviceerror.ToStatus(err).Code()
	return code == codes.FailedPrecondition || code == codes.DeadlineExceeded
}

// badCall says what to do about a call that failed; nil stays nil.
func (f flow) badCall(err error) error {
	if err == nil {
		return nil
	}
	var refused *serviceerror.PermissionDenied
	var missing *serviceerror.NotFound
	switch {
	case errors.As(err, &missing):
		return f.notFound()
	case errors.As(err, &refused):
		return advised(fmt.Errorf("the Temporal server refuses: %w", err), kindRefused, "check TEMPORAL_API_KEY or TEMPORAL_TLS_CLIENT_CERT_PATH, and what they may do in the namespace")
	case errors.Is(err, context.Canceled):
		return advised(fmt.Errorf("interrupted before there was an answer: %w", err), kindInterrupted, "see "+f.app.again("status"))
	case errors.Is(err, temporal.ErrDecrypt):
		return advised(err, kindWrongKey, adviceOnKeys)
	case isAway(err):
		return advised(fmt.Errorf("the Temporal server does not answer any more: %w", err), kindUnreachable, "what runs on it goes on once it is back; see "+f.app.again("status"))
	}
	return err
}

// notFound is the error for a workflow that is not there.
func (f flow) notFound() error {
	return advised(fmt.Errorf("there is no workflow %s", f.id), kindNotFound, "see what is open with "+f.app.again("status"))
}

// unanswered is the error for a worker that does not answer.
func (f flow) unanswered(err error) error {
	return advised(fmt.Errorf("no worker answers for %s: %w", f.id, err), kindNoWorker,
		fmt.Sprintf("see that a worker runs on the task queue %s, with the same key", f.app.taskQueue))
}

// hasEnded reports whether an error is of the workflow, which has ended with it, and not of the call.
func hasEnded(err error) bool {
	var ended *sdk.WorkflowExecutionError
	return errors.As(err, &ended)
}

// badEnd says why a workflow has failed, as those who wait for its result learn it. Other errors are those of the call.
func (f flow) badEnd(err error) error {
	if !hasEnded(err) {
		return f.badCall(err)
	}
	var failed *sdk.ApplicationError
	switch {
	case errors.As(err, &failed):
		return f.badOutcome(failed)
	case sdk.IsCanceledError(err):
		return advised(fmt.Errorf("%s was cancelled", f.id), kindInterrupted, "run it again")
	case sdk.IsTimeoutError(err):
		return advised(fmt.Errorf("%s had no more time", f.id), "timeout", "run it again")
	}
	return advised(fmt.Errorf("%s was ended from outside", f.id), kindEnded, "run it again: what is done is not done twice")
}

// badOutcome says what a workflow has failed of.
func (f flow) badOutcome(failed *sdk.ApplicationError) error {
	const unreadable = "Encoded failure" // what the SDK leaves of a failure that it cannot decrypt
	if failed.Message() == unreadable {
		return advised(fmt.Errorf("%s has failed, and why cannot be decrypted with the keys of this process", f.id), kindWrongKey, adviceOnKeys)
	}
	var detail temporal.Failure
	if failed.HasDetails() {
		_ = failed.Details(&detail) // those of others say nothing here
	}
	kind := failed.Type()
	if kind == "" || strings.ToLower(kind) != kind { // an error of the SDK, with a type of Go
		kind = failure.Other.Name()
	}
	return advised(errors.New(failed.Message()), kind, cmp.Or(advice.With(advice.InFlags(detail.Remedies), detail.Certain), detail.Advice, "see the log of the worker, then run it again"))
}
