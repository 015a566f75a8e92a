package registrationtest

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

// simReply is an answer of the control API.
type simReply struct {
	status int
	body   map[string]any
	text   string
}

// startSim starts a simulation that ends with the test.
func startSim(t *testing.T, version string) *Sim {
	t.Helper()
	sim, err := StartSim(SimConfig{Version: version})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sim.Close)
	return sim
}

// call sends a request to a server and returns its answer.
func call(t *testing.T, method, url, body string, header http.Header) simReply {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header = header.Clone()
	if request.Header == nil {
		request.Header = http.Header{}
	}
	request.Header.Set("Content-Type", "application/json")
	request.Close = true // no connection stays behind
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	reply := simReply{status: response.StatusCode, text: string(text)}
	_ = json.Unmarshal(text, &reply.body) // nil for a page
	return reply
}

// control calls the control API.
func control(t *testing.T, sim *Sim, method, path, body string) simReply {
	t.Helper()
	return call(t, method, sim.Cloud().URL()+"/_sim/"+path, body, nil)
}

// callMethod calls a method of a simulation's workspace as its administrator.
func callMethod(t *testing.T, sim *Sim, name string, params ...any) any {
	t.Helper()
	info := sim.Info()
	return methodResult(t, info.WorkspaceURL, Account{UserID: info.UserID, AuthToken: info.AuthToken}, name, params...)
}

func TestSimInfo(t *testing.T) {
	t.Parallel()
	sim := startSim(t, "5.4")
	info := sim.Info()
	if info.Version != "5.4.0" || info.UserID == "" || info.Ordinary.UserID == info.UserID || len(info.RegistrationTokens) != 3 {
		t.Errorf("info is %+v", info)
	}
	text, err := json.Marshal(info)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"workspace_url", "cloud_url", "version", "user_id", "auth_token", "ordinary_user", "registration_tokens"} {
		if !strings.Contains(string(text), `"`+key+`"`) {
			t.Errorf("no %s in the JSON", key)
		}
	}
}

func TestSimRegistersAndIsRemoved(t *testing.T) {
	t.Parallel()
	sim := startSim(t, "6.13.0")
	if got := callMethod(t, sim, "cloud:connectWorkspace", sim.Info().RegistrationTokens[0]); got != true {
		t.Fatalf("connect answers %v", got)
	}
	state := control(t, sim, "GET", "state", "")
	workspaces, _ := state.body["workspaces"].([]any)
	if len(workspaces) != 1 || state.body["spent_tokens"] != 1.0 || state.body["cloud_mode"] != "up" {
		t.Fatalf("state is %s", state.text)
	}
	settings, _ := state.body["settings"].(map[string]any)
	if settings["Cloud_Workspace_Client_Secret"] != "[redacted]" {
		t.Errorf("the client secret is %v", settings["Cloud_Workspace_Client_Secret"])
	}
	id, _ := workspaces[0].(map[string]any)["id"].(string)
	removed := control(t, sim, "POST", "workspaces/"+id+"/remove", "")
	if removed.status != 200 || !strings.Contains(removed.text, `"removed":true`) {
		t.Errorf("remove answers %d %s", removed.status, removed.text)
	}
	history := control(t, sim, "GET", "history", "")
	cloud, _ := history.body["cloud"].([]any)
	workspace, _ := history.body["workspace"].([]any)
	if len(cloud) == 0 || len(workspace) != 1 || strings.Contains(history.text, "_sim") ||
		strings.Contains(history.text, sim.Info().RegistrationTokens[0]) {
		t.Errorf("history is %s", history.text)
	}
}

func TestSimTokensAndDevices(t *testing.T) {
	t.Parallel()
	sim := startSim(t, "6.0.0")
	token, _ := control(t, sim, "POST", "tokens", "").body["registration_token"].(string)
	if got := callMethod(t, sim, "cloud:connectWorkspace", token); got != true {
		t.Errorf("connect with an issued token answers %v", got)
	}
	sim.Cloud().cloud.AddDevice("code", "Example", "http://chat.example.test", DevicePending)
	for action, want := range map[string]string{"deny": "denied", "confirm": "confirmed"} {
		reply := control(t, sim, "POST", "devices/code/"+action, "")
		if reply.status != 200 || !strings.Contains(reply.text, `"state":"`+want+`"`) {
			t.Errorf("%s answers %d %s", action, reply.status, reply.text)
		}
	}
	control(t, sim, "POST", "devices/code/expire", "")
	if reply := control(t, sim, "POST", "devices/code/confirm", ""); reply.status != 404 {
		t.Errorf("confirming an expired code answers %d", reply.status)
	}
}

func TestSimContinueOffline(t *testing.T) {
	t.Parallel()
	sim := startSim(t, "6.0.0")
	text, _ := callMethod(t, sim, "cloud:getWorkspaceRegisterData").(string)
	reply := control(t, sim, "POST", "offline", text+"\n")
	if _, err := base64.StdEncoding.DecodeString(strings.TrimSpace(reply.text)); err != nil || reply.status != 200 {
		t.Fatalf("got %d %q", reply.status, reply.text)
	}
	if known := sim.Cloud().Workspaces(); len(known) != 1 {
		t.Errorf("the Cloud knows %d workspaces", len(known))
	}
}

func TestSimCloudMode(t *testing.T) {
	t.Parallel()
	sim := startSim(t, "6.4.0")
	if reply := control(t, sim, "POST", "cloud", `{"mode":"nonsense"}`); reply.body["cloud_mode"] != "nonsense" {
		t.Fatalf("mode answers %d %s", reply.status, reply.text)
	}
	if got := callMethod(t, sim, "cloud:connectWorkspace", sim.Info().RegistrationTokens[0]); got != false {
		t.Errorf("connect to a Cloud that answers nonsense: %v", got)
	}
	control(t, sim, "POST", "cloud", `{"mode":"down"}`)
	if got := callMethod(t, sim, "cloud:connectWorkspace", sim.Info().RegistrationTokens[0]); got != false {
		t.Errorf("connect to a Cloud that is down: %v", got)
	}
	control(t, sim, "POST", "cloud", `{"mode":"up"}`)
	if got := callMethod(t, sim, "cloud:connectWorkspace", sim.Info().RegistrationTokens[0]); got != true {
		t.Errorf("connect to a Cloud that is up: %v", got)
	}
}

func TestSimRefuses(t *testing.T) {
	t.Parallel()
	sim := startSim(t, "9.0.0")
	tests := map[string]struct {
		method, path, body string
		status             int
	}{
		"mode":        {"POST", "cloud", `{"mode":"sideways"}`, 400},
		"no JSON":     {"POST", "cloud", `mode=down`, 400},
		"large":       {"POST", "cloud", strings.Repeat(" ", 2*maxControlBody), 400},
		"no text":     {"POST", "offline", "not base64!", 400},
		"device":      {"POST", "devices/made-up/confirm", "", 404},
		"workspace":   {"POST", "workspaces/made-up/remove", "", 404},
		"call":        {"POST", "nothing", "", 404},
		"wrong verb":  {"GET", "reset", "", 404},
		"wrong verb2": {"DELETE", "state", "", 404},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reply := control(t, sim, test.method, test.path, test.body)
			if reply.status != test.status || reply.body["error"] == nil {
				t.Errorf("got %d %s, want %d and an error", reply.status, reply.text, test.status)
			}
		})
	}
}

func TestSimReset(t *testing.T) {
	t.Parallel()
	sim := startSim(t, "8.7.0")
	before := sim.Info()
	callMethod(t, sim, "cloud:connectWorkspace", before.RegistrationTokens[0])
	reply := control(t, sim, "POST", "reset", "")
	after := sim.Info()
	if reply.status != 200 || after.AuthToken != before.AuthToken || after.WorkspaceURL != before.WorkspaceURL {
		t.Errorf("reset answers %d %s", reply.status, reply.text)
	}
	if len(sim.Cloud().Workspaces()) != 0 || sim.Workspace().Settings()["Cloud_Workspace_Client_Id"] != "" {
		t.Error("still registered after a reset")
	}
	if got := callMethod(t, sim, "cloud:connectWorkspace", before.RegistrationTokens[1]); got == true {
		t.Error("a token from before the reset works")
	}
}

func TestStartSimFails(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]SimConfig{
		"version":         {Version: "2.4.0"},
		"address":         {Version: "6.4.0", Listen: "256.0.0.1:0"},
		"Cloud's address": {Version: "6.4.0", CloudListen: "256.0.0.1:0"},
	} {
		if sim, err := StartSim(config); err == nil {
			sim.Close()
			t.Errorf("%s: started", name)
		}
	}
	if _, err := StartSim(SimConfig{Version: "2.4.0", CloudListen: "256.0.0.1:0"}); !errors.Is(err, ErrVersion) {
		t.Errorf("it took an address before it looked at the version: %v", err)
	}
}

func TestSimControlWaitsForTheWorkspace(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	sim := &Sim{ready: make(chan struct{})}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "/_sim/state", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	sim.control().ServeHTTP(nil, request) // returns, instead of looking at a workspace that is not there
}
