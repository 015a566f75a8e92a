package temporal

import (
	"errors"
	"time"

	sdk "go.temporal.io/sdk/temporal"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/workspace"
)

// Failure is the detail of the ApplicationError with which an activity or a workflow ends: what a person needs who reads of it. It holds no secret. The type
// of the error is the kind of failure, as [registration.KindName] names it.
type Failure struct {
	Workspace string `json:"workspace"` // its name in the list
	URL       string `json:"url"`
	Version   string `json:"version,omitempty"`
	Operation string `json:"operation,omitempty"`
	Advice    string `json:"advice,omitempty"`
}

// failure makes the outcome of an operation that failed into an error that Temporal retries, or not.
func failure(o fleet.Outcome, now time.Time) error {
	return sdk.NewApplicationErrorWithOptions(o.Message, o.Kind, sdk.ApplicationErrorOptions{
		NonRetryable:   isFinal(o.Err),
		NextRetryDelay: retryDelay(o.Err, now),
		Details:        []any{Failure{Workspace: o.Workspace, URL: o.URL, Version: o.Version, Operation: o.Operation, Advice: o.Advice}},
	})
}

// isFinal tells whether the operation has decided that nothing but somebody's act helps. What has no kind may pass by itself, such as a network that is away.
func isFinal(err error) bool {
	var decided *registration.Error
	if !errors.As(err, &decided) || decided.Kind == nil {
		return errors.Is(err, fleet.ErrNoTokens)
	}
	for _, passes := range []error{registration.ErrRateLimited, registration.ErrSyncFailed, registration.ErrOutcomeUnknown} {
		if errors.Is(decided.Kind, passes) {
			return false
		}
	}
	return true
}

// retryDelay is how long the workspace, or the Cloud, wants not to be asked; zero when it does not say.
func retryDelay(err error, now time.Time) time.Duration {
	var fromWorkspace *workspace.Error
	var fromCloud *cloud.Error
	at := now
	switch {
	case errors.As(err, &fromWorkspace) && !fromWorkspace.RetryAt.IsZero():
		at = fromWorkspace.RetryAt
	case errors.As(err, &fromCloud) && !fromCloud.RetryAt.IsZero():
		at = fromCloud.RetryAt
	}
	return max(at.Sub(now), 0)
}
