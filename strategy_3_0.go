package registration

// strategy30 is 3.0: every question about the Cloud is a method. The workspace client sends them over the DDP WebSocket,
// because 3.0 has no method.call.
func strategy30() strategy {
	return strategy{
		status:           road{method("cloud:checkRegisterStatus"), get("cloud.registrationStatus")},
		connect:          road{method("cloud:connectWorkspace"), post("cloud.connectWorkspace")},
		sync:             road{method("cloud:syncWorkspace"), post("cloud.syncWorkspace")},
		disconnect:       road{method("cloud:disconnectWorkspace")},
		reconnect:        road{post("settings/Register_Server")},
		registrationData: road{method("cloud:getWorkspaceRegisterData"), get("cloud.workspaceRegisterData")},
		manualRegister:   road{post("cloud.manualRegister")},
		syncProves:       true,
		manualNeedsOff:   true,
	}
}
