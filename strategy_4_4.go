package registration

// strategy44 is 4.4: a workspace can be registered by e-mail.
func strategy44() strategy {
	s := strategy310()
	s.startEmail = road{post("cloud.createRegistrationIntent")}
	s.pollEmail = road{get("cloud.confirmationPoll")}
	return s
}
