package registration

// strategy60 is 6.0: a method brings a disconnected workspace back, and the workspace can say whether it reaches the Cloud.
func strategy60() strategy {
	s := strategy46()
	s.preIntent = road{post("cloud.registerPreIntent")}
	s.reconnect = road{method("cloud:reconnectWorkspace"), post("settings/Register_Server")}
	return s
}
