// Package outcome says what the outcomes of a fleet mean as a whole: for the commands on fleets, which show and end alike.
//
//	if code := outcome.ExitCode(counts); code != exitcode.Done { … }
package outcome

import (
	"fmt"
	"strings"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/internal/exitcode"
)

// Classes lists the classes as tables have them.
func Classes() []fleet.Class {
	return []fleet.Class{fleet.Done, fleet.Unchanged, fleet.Pending, fleet.Unknown, fleet.Failed, fleet.Cancelled}
}

// IsWell reports whether there is nothing left to do for a workspace.
func IsWell(class fleet.Class) bool { return class == fleet.Done || class == fleet.Unchanged }

// ExitCode is how a command on a fleet ends that could do its work, with so many outcomes of each class.
func ExitCode(counts map[fleet.Class]int) int {
	switch {
	case counts[fleet.Failed]+counts[fleet.Cancelled] > 0:
		return exitcode.Failed
	case counts[fleet.Unknown] > 0:
		return exitcode.OutcomeUnknown
	case counts[fleet.Pending] > 0:
		return exitcode.Pending
	}
	return exitcode.Done
}

// Some names the first of many workspaces.
func Some(names []string) string {
	const most = 8
	if more := len(names) - most; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), more)
	}
	return strings.Join(names, ", ")
}
