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

// Advice is what to do about a failure, by what prints it: commands on one workspace, and on a fleet whose outcomes have advice of the library.
func Advice(err error, library string) map[string]string {
	return map[string]string{"one": explain(err).Advice, "fleet": fleetAdvice(fleet.Outcome{Err: err, Advice: library})}
}
