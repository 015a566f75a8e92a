package watch

import (
	"fmt"
	"strings"
	"time"

	"github.com/rcreg/registration"
)

// Seen is what was seen of one workspace. It holds no secret.
type Seen struct {
	Workspace string `json:"workspace"` // its name in the list
	URL       string `json:"url"`
	// Labels are those of the list, shared with it: do not change them.
	Labels map[string]string `json:"labels,omitempty"`
	// Version, State and WorkspaceID are what it said last; empty when it never did.
	Version     string             `json:"version,omitempty"`
	State       registration.State `json:"state,omitempty"`
	WorkspaceID string             `json:"workspace_id,omitempty"`
	// Support is whether Rocket.Chat supports the version, SupportUntil the end of that, where it is known.
	Support      registration.SupportState `json:"support,omitempty"`
	SupportUntil time.Time                 `json:"support_until,omitzero"`
	// License is nil where nothing is known of it: below 3.10, and before it was read.
	License *License `json:"license,omitempty"`
	// ReadOnly and Unconfirmed are those of a [registration.Status].
	ReadOnly    registration.Countdown `json:"days_until_read_only,omitzero"`
	Unconfirmed bool                   `json:"deployment_unconfirmed,omitempty"`
	// Cloud is what the last sync has shown; empty without one.
	Cloud CloudState `json:"cloud,omitempty"`
	// Looked is when it was asked last, Answered when it answered last, Synced when a sync last showed something.
	Looked   time.Time `json:"looked,omitzero"`
	Answered time.Time `json:"answered,omitzero"`
	Synced   time.Time `json:"synced,omitzero"`
	// Changed is when it was last seen to be another one than before, and Change what was.
	Changed time.Time `json:"changed,omitzero"`
	Change  string    `json:"change,omitempty"`
	// Troubles are what is not well now, the gravest first.
	Troubles []Trouble `json:"troubles"`
}

// License is what is watched of a license.
type License struct {
	State   registration.LicenseState `json:"state"`
	Expires time.Time                 `json:"expires,omitzero"` // zero when it does not say
	Trial   bool                      `json:"trial,omitempty"`
	Offline bool                      `json:"offline,omitempty"`
}

// CloudState is whether Rocket.Chat Cloud knows a workspace.
type CloudState string

// What a sync can show.
const (
	// Known: the Cloud has answered the workspace.
	Known CloudState = "known"
	// Removed: the Cloud does not know it any more.
	Removed CloudState = "removed"
)

// IsWell reports whether there is no trouble.
func (s Seen) IsWell() bool { return len(s.Troubles) == 0 }

// has returns the trouble of a name.
func (s Seen) has(name Name) (Trouble, bool) {
	for _, t := range s.Troubles {
		if t.Name == name {
			return t, true
		}
	}
	return Trouble{}, false
}

// differs says in words what is another one than before; empty when nothing is, and at the first look.
func (s Seen) differs(before Seen) string {
	if before.Answered.IsZero() {
		return ""
	}
	var changes []string
	for _, fact := range []struct{ name, before, after string }{
		{"version", before.Version, s.Version},
		{"state", string(before.State), string(s.State)},
		{"workspace id", before.WorkspaceID, s.WorkspaceID},
		{"license", before.License.say(), s.License.say()},
		{"support", saySupport(before), saySupport(s)},
		{"cloud", string(before.Cloud), string(s.Cloud)},
		{"deployment", sayDeployment(before), sayDeployment(s)},
	} {
		if fact.before != fact.after {
			changes = append(changes, fmt.Sprintf("%s from %s to %s", fact.name, orNone(fact.before), orNone(fact.after)))
		}
	}
	return strings.Join(changes, ", ")
}

func (l *License) say() string {
	switch {
	case l == nil:
		return ""
	case l.Expires.IsZero():
		return string(l.State)
	}
	return string(l.State) + " until " + day(l.Expires)
}

func saySupport(s Seen) string {
	if s.SupportUntil.IsZero() {
		return string(s.Support)
	}
	return string(s.Support) + " until " + day(s.SupportUntil)
}

func sayDeployment(s Seen) string {
	if s.Unconfirmed {
		return "unconfirmed"
	}
	return "confirmed"
}

func orNone(text string) string {
	if text == "" {
		return "none"
	}
	return text
}

func day(at time.Time) string { return at.UTC().Format(time.DateOnly) }
