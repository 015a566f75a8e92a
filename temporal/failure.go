package temporal

import (
	"time"

	sdk "go.temporal.io/sdk/temporal"

	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/fleet"
)

// Failure is the detail of the ApplicationError with which an activity or a workflow ends: what a person needs who reads of it. It holds no secret. The type
// of the error is the kind of failure, as [failure.Kind] names it.
type Failure struct {
	Workspace string `json:"workspace"` // its name in the list
	URL       string `json:"url"`
	Version   string `json:"version,omitempty"`
	Operation string `json:"operation,omitempty"`
	// Remedies are the ways out, the likeliest first; Advice says them in words, to a program.
	Remedies []failure.Remedy `json:"remedies,omitempty"`
	Advice   string           `json:"advice,omitempty"`
	Certain  string           `json:"certain,omitempty"` // in spite of the failure, such as "nothing was sent"
}

// failedWith makes the outcome of an operation that failed into an error that Temporal retries, or not.
func failedWith(o fleet.Outcome, now time.Time) error {
	return sdk.NewApplicationErrorWithOptions(o.Message, o.Kind, sdk.ApplicationErrorOptions{
		NonRetryable:   !o.MayPass(),
		NextRetryDelay: max(o.NotBefore().Sub(now), 0),
		Details:        []any{Failure{Workspace: o.Workspace, URL: o.URL, Version: o.Version, Operation: o.Operation, Remedies: o.Remedies, Advice: o.Advice, Certain: o.Certain}},
	})
}
