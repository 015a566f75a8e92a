package fleet

import (
	"time"

	"github.com/rcreg/registration"
)

// Class says in one word what became of a workspace, for those who count.
type Class string

// The classes of outcomes.
const (
	// Done: the operation succeeded, and the workspace is another one than before.
	Done Class = "done"
	// Unchanged: the operation succeeded, and there was nothing to change.
	Unchanged Class = "unchanged"
	// Pending: a person or a courier has to act first; run it again then.
	Pending Class = "pending"
	// Failed: it did not happen. Outcome.Advice says what to do.
	Failed Class = "failed"
	// Unknown: it may have happened, and the workspace could not tell. The next run looks first.
	Unknown Class = "unknown"
	// Cancelled: it was not begun, or was interrupted.
	Cancelled Class = "cancelled"
)

// Outcome is what became of one workspace in a run. It holds no secret.
type Outcome struct {
	Workspace string `json:"workspace"` // its name in the list
	URL       string `json:"url"`
	Operation string `json:"operation"`
	Class     Class  `json:"class"`
	// Version is empty when the workspace did not tell.
	Version string `json:"version,omitempty"`
	// State is the state of its registration that was seen last, such as "registered"; empty when none was.
	State string `json:"state,omitempty"`
	// Kind names the kind of failure, such as "unauthorized", and does not change with releases; empty when it went well.
	Kind    string `json:"kind,omitempty"`
	Message string `json:"message,omitempty"`
	Advice  string `json:"advice,omitempty"`
	Changed bool   `json:"changed"`
	// Attempts counts how often the operation was tried in this run.
	Attempts int           `json:"attempts"`
	Began    time.Time     `json:"began"`
	Took     time.Duration `json:"took_ns"` // with the waits between attempts
	// Resumed: the journal knew the outcome, and nothing was asked.
	Resumed bool `json:"resumed,omitempty"`
	// SupportUntil is the end of the version's support window, where it is known.
	SupportUntil *time.Time `json:"support_until,omitempty"`
	// Ticket is that of a pending operation.
	Ticket *registration.Ticket `json:"-"`
	// Err is the error as it was; nil when it went well, and after a resumed run.
	Err error `json:"-"`
}
