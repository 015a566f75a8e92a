package registration

// strategy46 is 4.6: the status has a REST endpoint.
func strategy46() strategy {
	s := strategy44()
	s.status = road{get("cloud.registrationStatus"), method("cloud:checkRegisterStatus")}
	return s
}
