package diagnose_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/rcreg/registration/diagnose"
)

// TestPost finds out whether a POST comes through, by the refusal of each generation of servers and by what others answer.
func TestPost(t *testing.T) {
	t.Parallel()
	const page = `<html><title>Attention Required!</title></html>`
	for name, tc := range map[string]struct {
		version string
		post    httpmock.Responder
		want    diagnose.Severity
		next    string
	}{
		"the page of 3.x":       {"4.3.0", answers(200, "text/html", `<script>__meteor_runtime_config__ = {}</script>`), ok, ""},
		"the refusal of 6.x":    {"6.13.0", answers(405, "application/json", `{"status":"error","message":"API endpoint does not exist"}`), ok, ""},
		"the refusal of 8.x":    {"8.7.0", answers(404, "text/plain", "404 Not Found"), ok, ""},
		"no credentials":        {"8.7.0", answers(401, "application/json", `{"success":false,"error":"You must be logged in to do this.","status":"error","message":"You must be logged in to do this."}`), ok, ""},
		"a call that is there":  {"11.0.0", jsonReply(`{"success":true}`), ok, ""},
		"a proxy refuses":       {"8.7.0", answers(403, "text/html", page), problem, "let POST /api/v1/* pass"},
		"a proxy of a 3.x":      {"4.3.0", answers(403, "text/html", page), problem, "let POST /api/v1/* pass"},
		"a page that says well": {"8.7.0", answers(200, "text/html", page), unseen, ""},
		"a page of a 3.x":       {"4.3.0", answers(200, "text/html", page), unseen, ""},
		"a gateway":             {"8.7.0", answers(502, "text/html", page), unseen, ""},
		"a limit":               {"8.7.0", answers(429, "text/html", page), unseen, "wait"},
		"cut off":               {"8.7.0", httpmock.NewErrorResponder(errors.New("dead")), unseen, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const status = `{"registrationStatus":{"workspaceRegistered":true,"workspaceId":"w","uniqueId":"u"},"success":true}`
			ws, _ := mocked(t, "https://chat.example.com", map[string]httpmock.Responder{
				"GET /api/info":                                        jsonReply(`{"version":"` + tc.version + `","success":true}`),
				"GET /api/v1/cloud.registrationStatus":                 jsonReply(status),
				"POST /api/v1/cloud.registrationStatus":                tc.post,
				"POST /api/v1/method.call/cloud%3AcheckRegisterStatus": answers(404, "text/plain", "404 Not Found"), // so that the status is read from REST
			})
			d := diagnose.Run(t.Context(), ws)
			f, _ := d.Finding(diagnose.CheckPost)
			if f.Severity != tc.want || !strings.Contains(f.Advice(), tc.next) || strings.Contains(f.Evidence, "proxy that refuses") != (tc.want == problem) {
				t.Errorf("got %+v", f)
			}
		})
	}
}
