package registrationtest

// exception is a recorded exchange that the fakes need not reproduce.
type exception struct {
	scenario, step string
	reason         string
}

// exceptions is the whole list.
func exceptions() []exception {
	return []exception{
		{"two-connects-at-once", "second of two connects sent at once",
			"how two concurrent calls interleave at the Cloud is up to the scheduler, and differs between the recordings"},
		{"licence-add-good", "good license as admin",
			"from 6.5 the server notes the license's status a moment after its reply, which the recording missed; the fake does it at once"},
		{"removed-in-cloud", "sync: cloud says oauth_invalid_client_credentials",
			"with a settings cache that lags, its 20 ms are over after two token calls at 7.0 to 8.6.0, and after three otherwise"},
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
