package registrationtest

// exception is a recorded exchange that the fakes need not reproduce.
type exception struct {
	scenario, step string
	reason         string
}

// exceptions is the whole list. An exception that passes all the same is counted as excepted.
func exceptions() []exception {
	return []exception{
		{"two-connects-at-once", "second of two connects sent at once",
			"how two concurrent calls interleave at the Cloud is up to the scheduler, and differs between the recordings"},
	}
}

// exceptionFor finds the reason why an exchange is excepted.
func exceptionFor(s scene, step *recording) (reason string, excepted bool) {
	for _, e := range exceptions() {
		if e.scenario == s.scenario && e.step == step.Step {
			return e.reason, true
		}
	}
	return "", false
}
