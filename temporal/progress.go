package temporal

import "time"

// Phase is what a workflow for one workspace is doing.
type Phase string

// The phases.
const (
	// PhaseActing: it asks the workspace, or the Cloud.
	PhaseActing Phase = "acting"
	// PhaseWaiting: a person or a courier has to act.
	PhaseWaiting Phase = "waiting"
	// PhaseExpired: the message was not confirmed in time, and the next message is not due yet.
	PhaseExpired Phase = "expired"
	// PhaseResting: there is nothing to do until the next sync.
	PhaseResting Phase = "resting"
	// PhaseDone: it has ended, well or not.
	PhaseDone Phase = "done"
)

// Progress is what [QueryStatus] tells of a workflow for one workspace. It holds no secret.
type Progress struct {
	Workspace string    `json:"workspace"` // its name in the list
	URL       string    `json:"url"`
	Phase     Phase     `json:"phase"`
	Since     time.Time `json:"since"` // of the phase
	// Email, UserCode and VerificationURL are what a person needs who confirms a message.
	Email           string `json:"email,omitempty"`
	UserCode        string `json:"user_code,omitempty"`
	VerificationURL string `json:"verification_url,omitempty"`
	// Request is what a courier has to answer.
	Request string `json:"request,omitempty"`
	// Expires is when the message runs out; zero for a request, which waits for ever.
	Expires  time.Time `json:"expires,omitzero"`
	Messages int       `json:"messages,omitempty"`
	Looks    int       `json:"looks"`
	// Next is when the workflow acts again by itself.
	Next time.Time `json:"next,omitzero"`
	// Kind and Message are of the last failure; empty when the last act went well.
	Kind    string `json:"kind,omitempty"`
	Message string `json:"message,omitempty"`
}
