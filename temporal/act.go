package temporal

import (
	"errors"
	"time"

	enums "go.temporal.io/api/enums/v1"
	sdk "go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/rcreg/registration/failure"
)

const (
	// tryTimeout leaves room for an act whose reply is lost, which takes a minute, and for a rate limit of a minute.
	tryTimeout = 5 * time.Minute
	// firstRetry is before the second try; it doubles up to maxRetry.
	firstRetry = 5 * time.Second
	maxRetry   = 10 * time.Minute
	// actTimeout is how long an act may be tried: a workspace may be away for a day.
	actTimeout = 24 * time.Hour
	// lookTimeout is how long a look is tried before the workflow goes on waiting.
	lookTimeout = 10 * time.Minute
)

// act carries out an activity until it is done, has failed for good, or within is over.
func act(ctx workflow.Context, name string, within time.Duration, in any) (Step, error) {
	var step Step
	err := workflow.ExecuteActivity(withOptions(ctx, within), name, in).Get(ctx, &step)
	return step, err
}

// withOptions sets how long an activity is tried, and how often.
func withOptions(ctx workflow.Context, within time.Duration) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		ScheduleToCloseTimeout: within,
		StartToCloseTimeout:    tryTimeout,
		HeartbeatTimeout:       heartbeatTimeout,
		WaitForCancellation:    true, // what was begun tells what came of it
		RetryPolicy:            &sdk.RetryPolicy{InitialInterval: firstRetry, BackoffCoefficient: 2, MaximumInterval: maxRetry},
	})
}

// kindOfFailure is the kind of the error of an activity or a child workflow.
func kindOfFailure(err error) string {
	var failed *sdk.ApplicationError
	var timeout *sdk.TimeoutError
	switch {
	case errors.As(err, &failed):
		return failed.Type()
	case errors.As(err, &timeout) && timeout.TimeoutType() == enums.TIMEOUT_TYPE_SCHEDULE_TO_START:
		return failure.Timeout.Name() // no worker has begun it
	case errors.As(err, &timeout): // one may have, and was not heard of again
		return failure.OutcomeUnknown.Name()
	}
	return failure.Other.Name()
}

// failedForGood reports whether trying again leads to the same. An act that ran out of time may still go well at another time.
func failedForGood(err error) bool {
	var failed *sdk.ApplicationError
	var timeout *sdk.TimeoutError
	return errors.As(err, &failed) && failed.NonRetryable() && !errors.As(err, &timeout)
}

func kindExpired() string { return failure.Expired.Name() }
