package cli

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
