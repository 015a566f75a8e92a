package registration

// strategy89 is 8.9: the registration data over REST.
func strategy89() strategy {
	s := strategy87()
	s.registrationData = road{get("cloud.workspaceRegisterData"), method("cloud:getWorkspaceRegisterData")}
	return s
}
