package registrationtest

// startUp compares what a workspace did when it was started with REG_TOKEN in its environment.
func (p *play) startUp(step *recording) []string {
	status, err := p.callDirectly(p.t.Context(), &recording{
		Request: recordedRequest{As: "admin", Body: []byte(`{"msg":"method","method":"cloud:checkRegisterStatus","params":[]}`)},
	})
	if err != nil {
		return []string{err.Error()}
	}
	return p.compare("status", step.Response.StatusMethod, status["result"])
}
