// Package reporttest has fleets for the tests of reports, also of those in a real browser.
package reporttest

import (
	"fmt"
	"time"

	"github.com/rcreg/registration/fleet"
)

// Written returns when the pages of the tests are written.
func Written() time.Time { return time.Date(2026, 11, 24, 14, 37, 0, 0, time.UTC) }

// Sample is a fleet of mixed versions, in which most went well.
func Sample(n int) []fleet.Outcome {
	versions := []string{"3.18.7", "4.8.7", "5.4.10", "6.4.9", "6.13.0", "7.10.2", "8.7.0", "8.9.1", "9.0.0"}
	names := []string{"alpha", "bravo", "café", "delta", "echo", "harbour", "meadow", "orchard", "zenith"}
	outcomes := make([]fleet.Outcome, n)
	for i := range outcomes {
		name := fmt.Sprintf("%s-%05d", names[i%len(names)], i)
		until := Written().AddDate(0, 0, i%len(versions)*45-90)
		o := fleet.Outcome{
			Workspace: name, URL: "https://" + name + ".example.com", Operation: "register", Class: fleet.Done, Version: versions[(i*7)%len(versions)],
			State: "registered", Changed: true, Attempts: 1, Began: Written().Add(-20 * time.Minute), Took: time.Duration(900+i*37%4000) * time.Millisecond, SupportUntil: &until,
			Labels: map[string]string{"tier": []string{"gold", "silver", "bronze", "silver"}[i%4]},
		}
		if days := []string{"-1", "-1", "10", "3", "0"}; versions[(i*7)%len(versions)] >= "7" { // from 7.0
			_ = o.ReadOnly.UnmarshalJSON([]byte(days[i%len(days)])) // a countdown that is no nil
		}
		troubled(&o, i)
		outcomes[i] = o
	}
	return outcomes
}

// troubled makes something else of some outcomes.
func troubled(o *fleet.Outcome, i int) {
	switch i % 40 {
	case 3, 11, 19, 27, 35:
		o.Class, o.Changed, o.Resumed = fleet.Unchanged, false, true
	case 5:
		o.Class, o.State, o.Kind, o.Changed = fleet.Failed, "unregistered", "rejected", false
		o.Message = o.Workspace + ": register: the Cloud refused the registration token"
		o.Advice = "get a new registration token from the Cloud console"
	case 13:
		o.Class, o.State, o.Version, o.Kind, o.Changed, o.SupportUntil, o.Attempts = fleet.Failed, "", "", "unreachable", false, nil, 4
		o.Message = "the workspace cannot be reached: connection refused"
		o.Advice = "check the address, and that the workspace runs and can be reached from here"
	case 21:
		o.Class, o.State, o.Kind, o.Changed = fleet.Pending, "unregistered", "pending", false
		o.Message, o.Advice = "request k5d2m7q3w4xy6zab waits for its answer", "carry the exchange folder to where the Cloud can be reached"
	case 29:
		o.Class, o.Kind, o.Changed, o.Attempts = fleet.Unknown, "outcome_unknown", false, 3
		o.Message, o.Advice = "no reply came, and the status cannot be read", "run it again: it looks first"
	case 37:
		o.Class, o.State, o.Kind, o.Changed, o.Attempts = fleet.Cancelled, "disconnected", "interrupted", false, 0
	}
}

// Hostile is a fleet that wants to be more than text.
func Hostile() []fleet.Outcome {
	const run = `<script>window.stolen = 1</script>`
	return []fleet.Outcome{
		{Workspace: run, URL: "javascript:window.stolen=1", Class: fleet.Failed, Version: run, State: run, Kind: run, Message: run, Advice: run, Operation: run},
		{Workspace: `"><img src="https://evil.example.com/x" onerror="window.stolen=1">`, URL: `https://a.example.com/" onclick="window.stolen=1`, Class: `x" onclick="window.stolen=1`},
		{Workspace: `</table></style><style>*{display:none}</style>`, URL: "data:text/html," + run, Class: fleet.Done, Message: "\u202etxet desrever\x00\x1b[2J", Version: "{{.CSS}}"},
	}
}
