package registration

// strategy310 is 3.10: licenses can be read and applied.
func strategy310() strategy {
	s := strategy31()
	s.readLicense = road{get("licenses.get"), get("licenses.info")}
	s.applyLicense = road{post("licenses.add")}
	return s
}
