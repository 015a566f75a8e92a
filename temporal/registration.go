package temporal

import (
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/fleet"
)

// Registration is the input of [RegisterWorkflow]: at most one of Token, Email and AirGap. Without any the token comes from the worker's pool.
type Registration struct {
	Workspace fleet.Workspace `json:"workspace"`
	// Token says where the worker finds the registration token.
	Token fleet.Reference `json:"token,omitzero"`
	// Email is the address that the Cloud asks to confirm.
	Email string `json:"email,omitempty"`
	// AirGap asks over the worker's exchange folder, and waits for a courier.
	AirGap bool `json:"air_gap,omitempty"`
	// ReplaceLicense lets the Cloud's license replace a better one in force, as in a [registration.Request].
	ReplaceLicense bool `json:"replace_license,omitempty"`
	// GiveUp is how long to wait for confirmation: 14 days when it is zero.
	GiveUp time.Duration `json:"give_up_ns,omitempty"`
	// Remind is how often a message that ran out is sent again: once a day when it is zero. Remind at once with [UpdateRemind].
	Remind time.Duration `json:"remind_ns,omitempty"`
	// Detach ends the workflow as pending when a person has to act, and leaves the wait to a workflow of its own, so that a fleet need not wait.
	Detach bool `json:"detach,omitempty"`
	// Patience is how long an act is tried that may go better later: a day when it is zero.
	Patience time.Duration `json:"patience_ns,omitempty"`
	// Wait is what an earlier run of the workflow has left; nil to begin.
	Wait *Wait `json:"wait,omitempty"`
}

const (
	usualGiveUp = 14 * 24 * time.Hour
	usualRemind = 24 * time.Hour
)

// Wait is how far a registration has come that waits for confirmation. It goes from one run of a workflow to the next.
type Wait struct {
	// Ticket is nil once it has run out.
	Ticket *registration.Ticket `json:"ticket,omitempty"`
	// Since is when the wait began, and Asked when the last message was sent or the last request was written.
	Since    time.Time `json:"since"`
	Asked    time.Time `json:"asked"`
	Messages int       `json:"messages"`
	Looks    int       `json:"looks"`
}

func (in Registration) patience() time.Duration {
	if in.Patience <= 0 {
		return actTimeout
	}
	return in.Patience
}

func (in Registration) giveUp() time.Duration {
	if in.GiveUp <= 0 {
		return usualGiveUp
	}
	return in.GiveUp
}

func (in Registration) remind() time.Duration {
	if in.Remind <= 0 {
		return usualRemind
	}
	return in.Remind
}
