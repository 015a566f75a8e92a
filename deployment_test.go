package registration_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/workspace"
)

func TestConfirmDeploymentAsNew(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]registrationtest.Option{"plain": nil, "lag": {registrationtest.WithSettingsLag(clienttest.SettingsLag)}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clienttest.EachVersion(t, "6.5", "", func(t *testing.T, v string) {
				ws, client := registeredWorkspace(t, v, options...)
				result, err := client.ConfirmDeployment(t.Context(), registration.NewWorkspace)
				clienttest.Expect(t, "registered", result, err, nil, true)
				if result.After.State != registration.Unregistered || result.After.UniqueID == result.Before.UniqueID || len(result.Notes) != 2 {
					t.Errorf("got %+v", result)
				}
				if last := ws.Cloud().Workspaces()[0]; !strings.Contains(strings.Join(result.Notes, " "), last.ID) {
					t.Errorf("the notes do not name what was cleared: %q", result.Notes)
				}
				// A copy that is unregistered still has the unique id of its original.
				again, err := client.ConfirmDeployment(t.Context(), registration.NewWorkspace)
				clienttest.Expect(t, "unregistered", again, err, nil, true)
				if again.After.UniqueID == result.After.UniqueID || len(again.Notes) != 1 {
					t.Errorf("got %+v", again)
				}
			})
		})
	}
}

// DEPLOYMENT_ID in the environment fixes the unique id: the copy forgets its registration, and stays the twin of its original.
func TestE5DeploymentIDKeepsTheUniqueID(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "6.5", "", func(t *testing.T, v string) {
		ws, clock := clienttest.Start(t, v, registrationtest.WithDeploymentID("fixed-by-the-environment"))
		client := clienttest.OpenWithToken(t, ws, clock)
		result, err := client.Register(t.Context(), registration.Request{Token: ws.Cloud().IssueToken()})
		clienttest.Expect(t, "register", result, err, nil, true)
		result, err = client.ConfirmDeployment(t.Context(), registration.NewWorkspace)
		if err == nil || result.After.State != registration.Unregistered || result.After.UniqueID != "fixed-by-the-environment" || !strings.Contains(err.Error(), "DEPLOYMENT_ID") {
			t.Errorf("got %+v, %v", result.After, err)
		}
	})
}

func TestConfirmDeploymentAsUpdated(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "6.5", "", func(t *testing.T, v string) {
		ws, client := registeredWorkspace(t, v)
		result, err := client.ConfirmDeployment(t.Context(), registration.UpdatedConfiguration)
		clienttest.Expect(t, "confirm", result, err, nil, false)
		if ws.Setting("Deployment_FingerPrint_Verified") != true || len(result.Notes) != 1 || result.After.State != registration.Registered {
			t.Errorf("got %+v", result)
		}
	})
}

func TestConfirmDeploymentBelow65(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.0", "6.5", func(t *testing.T, v string) {
		ws, clock := clienttest.Start(t, v)
		client := clienttest.OpenWithToken(t, ws, clock)
		ws.ClearHistory()
		result, err := client.ConfirmDeployment(t.Context(), registration.NewWorkspace)
		clienttest.Expect(t, "confirm", result, err, registration.ErrUnsupported, false)
		if text := err.Error(); !strings.Contains(text, "disconnect") || !strings.Contains(text, "6.5") || len(ws.History()) != 0 {
			t.Errorf("no remedy, or something was sent: %v", err)
		}
	})
}

func TestConfirmDeploymentRefusesOtherValues(t *testing.T) {
	t.Parallel()
	ws, clock := clienttest.Start(t, "8.7.0")
	client := clienttest.OpenWithToken(t, ws, clock)
	ws.ClearHistory()
	for _, as := range []registration.Deployment{"", "new", "NEW-WORKSPACE", "new-workspace\n", registration.Deployment(strings.Repeat("x", 1<<20))} {
		result, err := client.ConfirmDeployment(t.Context(), as)
		clienttest.Expect(t, "confirm", result, err, registration.ErrInvalidInput, false)
		if len(err.Error()) > 1000 || as.Warning() != "" {
			t.Errorf("%.20q has a warning, or an error that repeats all of it", as)
		}
	}
	if n := len(ws.History()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
	for _, as := range []registration.Deployment{registration.NewWorkspace, registration.UpdatedConfiguration} {
		if as.Warning() == "" {
			t.Errorf("%s has no warning", as)
		}
	}
}

// TestConfirmDeploymentAnswers sets what is answered apart from what the status shows.
func TestConfirmDeploymentAnswers(t *testing.T) {
	t.Parallel()
	const registered = `{"registrationStatus":{"workspaceRegistered":true,"workspaceId":"w","uniqueId":"old"},"success":true}`
	const forgotten = `{"registrationStatus":{"workspaceRegistered":false,"workspaceId":"","uniqueId":"old"},"success":true}`
	const renewed = `{"registrationStatus":{"workspaceRegistered":false,"workspaceId":"","uniqueId":"new"},"success":true}`
	const another = `{"registrationStatus":{"workspaceRegistered":true,"workspaceId":"w","uniqueId":"new"},"success":true}`
	refused := answers(400, "application/json", `{"success":false,"error":"no"}`)
	yes, no := jsonReply(`{"success":true}`), httpmock.NewStringResponder(500, `{"success":false,"error":"broken"}`).HeaderSet(clienttest.JSONHeader())
	lost := httpmock.NewErrorResponder(errors.New("the line is dead"))
	page := httpmock.NewStringResponder(200, "<html>").HeaderSet(http.Header{"Content-Type": {"text/html"}})
	cases := map[string]struct {
		as      registration.Deployment
		answer  httpmock.Responder
		after   string
		kind    error
		changed bool
	}{
		"new, done":                {registration.NewWorkspace, yes, renewed, nil, true},
		"new, failed yet done":     {registration.NewWorkspace, no, renewed, nil, true},
		"new, lost yet done":       {registration.NewWorkspace, lost, renewed, nil, true},
		"new, true yet registered": {registration.NewWorkspace, yes, registered, errAny, false},
		"new, the id stays":        {registration.NewWorkspace, yes, forgotten, errAny, true},
		"new, yet registered":      {registration.NewWorkspace, yes, another, errAny, true},
		"new, page yet done":       {registration.NewWorkspace, page, renewed, nil, true},
		"new, nothing to read":     {registration.NewWorkspace, yes, `{"success":true}`, registration.ErrOutcomeUnknown, false},
		"updated, done":            {registration.UpdatedConfiguration, yes, registered, nil, false},
		"updated, lost":            {registration.UpdatedConfiguration, lost, registered, registration.ErrOutcomeUnknown, false},
		"updated, lost once":       {registration.UpdatedConfiguration, lost.Then(yes), registered, nil, false},
		"updated, neither, then":   {registration.UpdatedConfiguration, jsonReply(`{"success":"yes"}`).Then(yes), registered, nil, false},
		"updated, redirected":      {registration.UpdatedConfiguration, httpmock.NewStringResponder(307, "").HeaderSet(http.Header{"Location": {"https://elsewhere.example.com"}}).Then(yes), registered, nil, false},
		"updated, failed":          {registration.UpdatedConfiguration, no, registered, errAny, false},
		"updated, refused":         {registration.UpdatedConfiguration, refused, registered, workspace.ErrRefused, false},
		"updated, another id":      {registration.UpdatedConfiguration, yes, another, errAny, true},
		"updated, another state":   {registration.UpdatedConfiguration, yes, forgotten, errAny, true},
		"updated, and gone":        {registration.UpdatedConfiguration, yes, renewed, errAny, true},
		"updated, nothing to read": {registration.UpdatedConfiguration, yes, `{"success":true}`, registration.ErrOutcomeUnknown, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ws, _ := mocked(t, "https://chat.example.com", map[string]httpmock.Responder{
				"GET /api/info":                        jsonReply(`{"version":"8.7.0","success":true}`),
				"GET /api/v1/cloud.registrationStatus": jsonReply(registered).Then(jsonReply(tc.after)).Then(jsonReply(tc.after)).Then(jsonReply(tc.after)).Then(jsonReply(tc.after)),
				"POST /api/v1/fingerprint":             tc.answer,
			})
			client := clienttest.ClientOf(t, ws)
			result, err := client.ConfirmDeployment(t.Context(), tc.as)
			expectEnd(t, result, err, tc.kind, tc.changed)
		})
	}
}

// TestConfirmDeploymentLooksUntilBothShow reads the status no more often than it takes: once before, and twice after.
func TestConfirmDeploymentLooksUntilBothShow(t *testing.T) {
	t.Parallel()
	status := func(says string) httpmock.Responder {
		return jsonReply(`{"registrationStatus":{"workspaceRegistered":` + says + `},"success":true}`)
	}
	shown := status(`true,"uniqueId":"old"`).Then(status(`true,"uniqueId":"new"`)).Then(status(`false,"uniqueId":"new"`))
	client := licenseClient(t, "8.7.0", map[string]httpmock.Responder{
		"GET /api/v1/cloud.registrationStatus": shown, "POST /api/v1/fingerprint": jsonReply(`{"success":true}`),
	})
	result, err := client.ConfirmDeployment(t.Context(), registration.NewWorkspace)
	clienttest.Expect(t, "confirm", result, err, nil, true)
	if len(result.Calls) != 4 {
		t.Errorf("made %+v", result.Calls)
	}
}

func TestConfirmDeploymentWithoutAStatus(t *testing.T) {
	t.Parallel()
	client := licenseClient(t, "8.7.0", map[string]httpmock.Responder{
		"GET /api/v1/cloud.registrationStatus": jsonReply(`{"success":true}`).Then(jsonReply(`{"registrationStatus":{"workspaceRegistered":false,"uniqueId":"u"},"success":true}`)),
		"POST /api/v1/fingerprint":             jsonReply(`{"success":true}`),
	})
	result, err := client.ConfirmDeployment(t.Context(), registration.NewWorkspace)
	clienttest.Expect(t, "confirm", result, err, workspace.ErrBadReply, false)
	for _, call := range result.Calls {
		if call.Name == "POST fingerprint" {
			t.Error("it acted without knowing what was there")
		}
	}
}

func TestConfirmDeploymentThatMayNot(t *testing.T) {
	t.Parallel()
	ws, _ := mocked(t, "https://chat.example.com", map[string]httpmock.Responder{
		"GET /api/info":                        jsonReply(`{"version":"8.7.0","success":true}`),
		"GET /api/v1/cloud.registrationStatus": jsonReply(`{"registrationStatus":{"workspaceRegistered":true,"uniqueId":"u"},"success":true}`),
		"POST /api/v1/fingerprint":             httpmock.NewStringResponder(403, `{"success":false,"error":"unauthorized"}`).HeaderSet(clienttest.JSONHeader()),
	})
	client := clienttest.ClientOf(t, ws)
	for _, as := range []registration.Deployment{registration.NewWorkspace, registration.UpdatedConfiguration} {
		result, err := client.ConfirmDeployment(t.Context(), as)
		clienttest.Expect(t, string(as), result, err, registration.ErrForbidden, false)
		var failure *workspace.Error
		if !errors.As(err, &failure) || failure.Status != 403 {
			t.Errorf("the cause is missing: %v", err)
		}
	}
}
