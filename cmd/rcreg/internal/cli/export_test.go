package cli

// FailureKinds returns the names of all kinds of failure, for the test that each is documented.
func FailureKinds() []string {
	names := []string{"usage", "failed"}
	for _, kind := range failureKinds() {
		names = append(names, kind.name)
	}
	return names
}
