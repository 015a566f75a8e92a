package temporal

import (
	"time"

	"github.com/rcreg/registration/fleet"
)

// FleetRun is the input of [FleetWorkflow]: one operation on every workspace of a list. The list stays on the workers; only a page of it at a time, without
// secrets, enters the history.
type FleetRun struct {
	// List is the path of the list, the same on every worker.
	List string `json:"list"`
	// Labels select the workspaces that have all of them; none select all.
	Labels map[string]string `json:"labels,omitempty"`
	// Operation is "status", "sync" or "register".
	Operation string `json:"operation"`
	// Token says where the registration token of each workspace is: "{name}" in its file stands for the name of the workspace. Zero takes tokens from the pool of
	// the one worker that has it.
	Token fleet.Reference `json:"token,omitzero"`
	// Email is the address that the Cloud asks to confirm; the waits become workflows of their own, see [WaitID].
	Email string `json:"email,omitempty"`
	// AirGap asks over the workers' exchange folder; the waits become workflows of their own.
	AirGap bool `json:"air_gap,omitempty"`
	// ReplaceLicense lets the Cloud's licenses replace better ones in force, as in a [registration.Request].
	ReplaceLicense bool `json:"replace_license,omitempty"`
	// Window is how many workspaces are worked on at the same time: 32 when it is zero.
	Window int `json:"window,omitempty"`
	// Patience is how long a workspace is tried that may do better later: 5 minutes when it is zero. A page takes at least as long as its slowest workspace.
	Patience time.Duration `json:"patience_ns,omitempty"`
	// Progress is what earlier runs of the workflow have done; nil to begin.
	Progress *FleetProgress `json:"progress,omitempty"`
}

func (in FleetRun) window() int64 {
	if in.Window <= 0 {
		return usualWindow
	}
	return int64(in.Window)
}

func (in FleetRun) patience() time.Duration {
	if in.Patience <= 0 {
		return usualPatience
	}
	return in.Patience
}

const (
	usualWindow   = 32
	usualPatience = 5 * time.Minute
	// pageSize bounds a history: a workspace takes six events at most, of an activity or a child workflow, with those of the decision after it, so that
	// a page has some 3,000, of the 51,200 that a server allows. Its entries, of some 300 bytes each, stay below the 2 MB of a payload.
	pageSize = 500
)

// The operations of a fleet.
const (
	FleetStatus   = "status"
	FleetSync     = "sync"
	FleetRegister = "register"
)

// FleetProgress goes from one run of the workflow to the next: one page each.
type FleetProgress struct {
	// Digest is that of the list, so that it is not changed under a fleet that is at work.
	Digest string `json:"digest"`
	Next   int    `json:"next"` // where the next page begins
	Tally  Tally  `json:"tally"`
}

// Tally is what [QueryStatus] tells of a fleet.
type Tally struct {
	Total    int                 `json:"total"` // workspaces; 0 until the list is read
	Ended    int                 `json:"ended"`
	InFlight int                 `json:"in_flight"`
	Classes  map[fleet.Class]int `json:"classes,omitempty"`
	// Kinds counts the kinds of failure, see [failure.Kind].
	Kinds map[string]int `json:"kinds,omitempty"`
	// Troubled are the first workspaces that failed, with the kind of failure; the results of all are in the histories.
	Troubled []Trouble `json:"troubled,omitempty"`
}

// Trouble is a workspace that failed.
type Trouble struct {
	Workspace string `json:"workspace"`
	Kind      string `json:"kind"`
}

// maxTroubled bounds what goes from one run to the next.
const maxTroubled = 100

// count takes in what became of a workspace.
func (t *Tally) count(workspace string, class fleet.Class, kind string) {
	if t.Classes == nil {
		t.Classes, t.Kinds = map[fleet.Class]int{}, map[string]int{}
	}
	t.Ended++
	t.InFlight--
	t.Classes[class]++
	if class == fleet.Done || class == fleet.Unchanged || class == fleet.Pending {
		return
	}
	t.Kinds[kind]++
	if len(t.Troubled) < maxTroubled {
		t.Troubled = append(t.Troubled, Trouble{workspace, kind})
	}
}
