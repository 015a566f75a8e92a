package cli

import "github.com/rcreg/registration/fleet"

// FailureKinds returns the names of all kinds of failure, for the test that each is documented.
func FailureKinds() []string {
	kinds := failureKinds()
	names := append(make([]string, 0, len(kinds)+2), "usage", "failed")
	for _, kind := range kinds {
		names = append(names, kind.name)
	}
	for _, kind := range fleetKinds() {
		names = append(names, kind.name)
	}
	return names
}

// Cell makes a text safe for a spreadsheet.
func Cell(text string) string { return cell(text) }

// FleetExit is the exit code of a run with these outcomes.
func FleetExit(counts map[fleet.Class]int) int { return fleetView{Counts: counts}.exit() }
