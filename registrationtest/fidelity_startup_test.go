package registrationtest

import (
	"encoding/json"
	"net/http"

	"github.com/rcreg/registration/registrationtest/internal/release"
)

// startUp compares what a workspace did when it was started with REG_TOKEN in its environment.
func (p *play) startUp(step *recording) []string {
	status, err := p.statusNow()
	if err != nil {
		return []string{err.Error()}
	}
	return p.compare("status", step.Response.StatusMethod, status)
}

// statusNow asks by method, and by REST where the method is gone.
func (p *play) statusNow() (any, error) {
	if release.MustParse(p.scene.version).Before("9.0") {
		answer, err := p.callDirectly(p.t.Context(), &recording{
			Request: recordedRequest{As: "admin", Body: []byte(`{"msg":"method","method":"cloud:checkRegisterStatus","params":[]}`)},
		})
		return answer["result"], err
	}
	reply, err := p.send(&recording{Request: recordedRequest{
		As: "admin", Method: http.MethodGet, Path: "/api/v1/cloud.registrationStatus",
		Headers: map[string]string{"X-Auth-Token": "admin-token", "X-User-Id": "adminid"},
	}})
	if err != nil {
		return nil, err
	}
	var body map[string]any
	err = json.Unmarshal(reply.body, &body)
	return body["registrationStatus"], err
}
