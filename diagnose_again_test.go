package registration_test

import (
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/clienttest"
)

// TestDiagnoseKeepsWhatAClientHasLearned of the calls that its server has.
func TestDiagnoseKeepsWhatAClientHasLearned(t *testing.T) {
	t.Parallel()
	const missing = "cloud.registrationStatus"
	ws, mock := mocked(t, "https://chat.example.com", map[string]httpmock.Responder{
		"GET /api/info":          jsonReply(`{"version":"8.7.0","success":true}`),
		"GET /api/v1/" + missing: answers(404, "text/plain", "404 Not Found"),
		"POST /api/v1/method.call/cloud%3AcheckRegisterStatus": methodReply(`{"msg":"result","id":"1","result":{"workspaceRegistered":true,"uniqueId":"u"}}`),
	})
	client := clienttest.ClientOf(t, ws)
	if _, err := client.Status(t.Context()); err != nil {
		t.Fatal(err)
	}
	checkFindings(t, client.Diagnose(t.Context()), severities{registration.CheckStatus: ok})
	if n := mock.GetCallCountInfo()["GET https://chat.example.com/api/v1/"+missing]; n != 1 {
		t.Errorf("a call that is not there was tried %d times", n)
	}
}

// TestDiagnoseAfterAnUpgrade asks what only the new version can be asked.
func TestDiagnoseAfterAnUpgrade(t *testing.T) {
	t.Parallel()
	ws, clock := clienttest.Start(t, "5.4.0")
	client := clienttest.OpenWithToken(t, ws, clock, withFakeCloud(t, ws, clock)...)
	if err := ws.Upgrade("8.7.0"); err != nil {
		t.Fatal(err)
	}
	d := client.Diagnose(t.Context(), registration.AskCloud())
	checkFindings(t, d, severities{registration.CheckVersion: ok, registration.CheckWorkspaceCloud: ok})
	if d.Version != "8.7.0" {
		t.Errorf("the version is %q", d.Version)
	}
}

// TestDiagnoseVersionThatIsReadOnce: the second look, for the full version, fails, and what is known stays.
func TestDiagnoseVersionThatIsReadOnce(t *testing.T) {
	t.Parallel()
	responders := registeredAnswers()
	responders["GET /api/info"] = jsonReply(`{"version":"8.7","success":true}`).Then(answers(403, "text/html", "<html>"))
	ws, _ := mocked(t, "https://chat.example.com", responders)
	d := registration.Diagnose(t.Context(), ws)
	checkFindings(t, d, severities{registration.CheckVersion: ok, registration.CheckPermissions: info, registration.CheckStatus: ok})
	if d.Version != "8.7" {
		t.Errorf("the version is %q", d.Version)
	}
}
