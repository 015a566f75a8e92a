package registrationtest

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestFidelityNoticesDifferences falsifies a recording in one respect at a time: the replay has to notice each.
func TestFidelityNoticesDifferences(t *testing.T) {
	t.Parallel()
	other := 201
	tests := map[string]struct {
		falsify func(*recording)
		want    string
	}{
		"nothing":           {func(*recording) {}, ""},
		"status":            {func(r *recording) { r.Response.Status = &other }, "status 200, want 201"},
		"content type":      {func(r *recording) { r.Response.Headers["content-type"] = "text/html" }, "content type"},
		"a limit":           {func(r *recording) { r.Response.Headers["x-ratelimit-limit"] = "10" }, "x-ratelimit-limit"},
		"a limit's reset":   {func(r *recording) { r.Response.Headers["x-ratelimit-reset"] = "1" }, "milliseconds"},
		"no status":         {func(r *recording) { r.Response.Status = nil }, "has no status"},
		"no headers":        {func(r *recording) { r.Response.Headers = nil }, "has no headers"},
		"a header less":     {func(r *recording) { delete(r.Response.Headers, "content-type") }, "header content-type"},
		"result":            {func(r *recording) { message(r)["result"] = false }, "result is true, want false"},
		"the result alone":  {func(r *recording) { message(r)["result"] = false }, "not the JSON beside it"},
		"its text alone":    {func(r *recording) { body(r)["message"] = `{"msg":"result","id":"1","result":false}` }, "not the JSON beside it"},
		"a key more":        {func(r *recording) { message(r)["extra"] = 1.0 }, "has no extra"},
		"a key less":        {func(r *recording) { delete(message(r), "result") }, "unexpected result"},
		"a call less":       {func(r *recording) { r.Calls = r.Calls[:len(r.Calls)-1] }, "asked the Cloud"},
		"a call's path":     {func(r *recording) { r.Calls[0].Path += "?x=1" }, "asked the Cloud"},
		"a call's status":   {func(r *recording) { r.Calls[0].Status = 200.0 }, "asked the Cloud"},
		"a call's fields":   {func(r *recording) { r.Calls[0].BodyKeys = nil; r.Calls[0].BodyKeys = []string{"email"} }, "unexpected client_name"},
		"no fields":         {func(r *recording) { r.Calls[0].BodyKeys = nil }, "has no body keys"},
		"no call's headers": {func(r *recording) { r.Calls[0].Headers = nil }, "has no headers of"},
		"a call's bearer":   {func(r *recording) { delete(r.Calls[0].Headers, "authorization") }, "authorization"},
		"its value":         {authorized("Bearer good-token-2"), `want "Bearer good-token-2"`},
		"its kind":          {authorized("Bearer <access token>"), `want "Bearer <access token>"`},
		"its scheme":        {authorized("Basic Z29vZA=="), `want "Basic Z29vZA=="`},
		"a call's type":     {func(r *recording) { r.Calls[0].Headers["content-type"] = "text/plain" }, `want "text/plain"`},
		"a setting less":    {func(r *recording) { delete(r.Settings, "Cloud_Workspace_Id") }, "unexpected Cloud_Workspace_Id"},
		"a setting more":    {func(r *recording) { r.Settings["uniqueID"] = "u" }, "has no uniqueID"},
		"a setting's value": {func(r *recording) { r.Settings["Cloud_Workspace_Id"] = "ws-2" }, `"ws-1", want "ws-2"`},
		"a setting later": {func(r *recording) {
			r.Later = map[string]any{"Cloud_Workspace_Id": r.Settings["Cloud_Workspace_Id"]}
			delete(r.Settings, "Cloud_Workspace_Id")
		}, "Cloud_Workspace_Id was recorded as changed after the reply"},
		"a race elsewhere": {func(r *recording) {
			r.Later = map[string]any{"Enterprise_License_Status": "Valid"}
		}, "Enterprise_License_Status was recorded as changed after the reply"},
		"a license": {func(r *recording) { r.Settings["Cloud_Workspace_License"] = "other" }, "Cloud_Workspace_License"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			step := goodConnect()
			test.falsify(&step)
			p := newPlay(t, scene{version: step.Version, scenario: step.Scenario})
			got := strings.Join(p.step(&step), "\n")
			if test.want == "" && got != "" || !strings.Contains(got, test.want) {
				t.Errorf("noticed %q, want %q", got, test.want)
			}
		})
	}
}

// authorized falsifies what the Cloud was told about who asks.
func authorized(as string) func(*recording) {
	return func(r *recording) { r.Calls[0].Headers["authorization"] = as }
}

func body(r *recording) map[string]any {
	object, _ := r.Response.Body.(map[string]any)
	return object
}

// message is the JSON inside a method's answer.
func message(r *recording) map[string]any {
	object, _ := r.Response.Message.(map[string]any)
	return object
}

// goodConnect is an exchange as it was recorded: 6.4 connects.
func goodConnect() recording {
	status := 200
	return recording{
		Version: "6.4.0", Scenario: "connect", Step: "good token", Via: "method.call",
		Request: recordedRequest{
			Method:  "POST",
			Path:    "/api/v1/method.call/cloud%3AconnectWorkspace",
			Headers: map[string]string{"X-User-Id": "adminid", "X-Auth-Token": "admin-token", "Content-Type": "application/json"},
			Body: json.RawMessage(`{"message":"{\"msg\":\"method\",\"id\":\"1\",\"method\":\"cloud:connectWorkspace\",` +
				`\"params\":[\"good-token\"]}"}`),
			As: "admin",
		},
		Response: recordedResponse{
			Status:  &status,
			Headers: map[string]string{"content-type": "application/json"},
			Body:    map[string]any{"message": `{"msg":"result","id":"1","result":true}`, "success": true},
			Message: map[string]any{"msg": "result", "id": "1", "result": true},
		},
		Calls: []recordedCall{{
			Method: "POST", Path: "/api/oauth/clients", Status: 201.0,
			Headers:  map[string]string{"authorization": "Bearer good-token", "content-type": "application/json"},
			BodyKeys: []string{"email", "client_name", "redirect_uris"},
		}},
		Settings: map[string]any{
			"Register_Server": true, "Cloud_Workspace_Id": "ws-1", "Cloud_Workspace_Name": "Example Workspace",
			"Cloud_Workspace_Client_Id": "client-1", "Cloud_Workspace_Client_Secret": "secret-1",
			"Cloud_Workspace_Client_Secret_Expires_At": 0.0, "Cloud_Workspace_PublicKey": "pubkey-1",
			"Cloud_Workspace_Registration_Client_Uri": "http://127.0.0.1:<cloud>/api/v2/workspaces/ws-1",
			"Cloud_Workspace_License":                 "<VALID-LICENSE>",
		},
	}
}

// TestFidelityNoticesUniqueIDs falsifies the form of the unique id in a status.
func TestFidelityNoticesUniqueIDs(t *testing.T) {
	t.Parallel()
	const short, long = "tQ8xWm3kLp5vNc7Zd", "7ec70a3b-e179-4483-aa41-e1cc880a03ab"
	for version, good := range map[string]string{"6.4.0": short, "6.5.0": long, "9.0.0": long} {
		for _, id := range []string{short, long, "", "no id"} {
			status := 200
			step := recording{
				Version: version, Scenario: "status", Step: "status", Via: "rest",
				Request: recordedRequest{
					Method: "GET", Path: "/api/v1/cloud.registrationStatus", As: "admin",
					Headers: map[string]string{"X-User-Id": "adminid", "X-Auth-Token": "admin-token"},
				},
				Response: recordedResponse{
					Status: &status, Headers: map[string]string{"content-type": "application/json"},
					Body: map[string]any{"success": true, "registrationStatus": freshStatus(version, id)},
				},
			}
			p := newPlay(t, scene{version: version, scenario: step.Scenario})
			if diffs := p.step(&step); (len(diffs) == 0) != (id == good) {
				t.Errorf("%s with the unique id %q: noticed %q", version, id, diffs)
			}
		}
	}
}

// freshStatus is the status of a fresh workspace.
func freshStatus(version, uniqueID string) map[string]any {
	status := map[string]any{
		"workspaceRegistered": false, "workspaceId": "", "uniqueId": uniqueID, "token": "", "email": "admin@example.test",
	}
	if version == "6.4.0" {
		status["connectToCloud"] = false
	}
	return status
}
