package registration

// strategy31 is 3.1: the same methods, now over POST method.call.
func strategy31() strategy {
	s := strategy30()
	s.manualNeedsOff = false
	return s
}
