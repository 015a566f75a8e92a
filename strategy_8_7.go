package registration

// strategy87 is 8.7: connect over REST, and a license can be checked without applying it.
func strategy87() strategy {
	s := strategy65()
	s.connect = road{post("cloud.connectWorkspace"), method("cloud:connectWorkspace")}
	s.validateLicense = road{post("licenses.validate")}
	return s
}
