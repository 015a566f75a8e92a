package sim

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/registrationtest/internal/calltest"
)

// startSim starts a simulation that ends with the test.
func startSim(t *testing.T, version string) *Server {
	t.Helper()
	server, err := Start(Config{Version: version})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	return server
}

// control calls the control API.
func control(t *testing.T, server *Server, method, path, body string) calltest.Reply {
	t.Helper()
	return calltest.Call(t, method, server.Cloud().URL()+"/_sim/"+path, body, nil)
}

// callMethod calls a method of a simulation's workspace as its administrator.
func callMethod(t *testing.T, server *Server, name string, params ...any) any {
	t.Helper()
	info := server.Info()
	return calltest.Method(t, info.WorkspaceURL, calltest.Headers(info.UserID, info.AuthToken), name, params...)
}

func TestServerInfo(t *testing.T) {
	t.Parallel()
	server := startSim(t, "5.4")
	info := server.Info()
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

func TestServerRegistersAndIsRemoved(t *testing.T) {
	t.Parallel()
	server := startSim(t, "6.13.0")
	if got := callMethod(t, server, "cloud:connectWorkspace", server.Info().RegistrationTokens[0]); got != true {
		t.Fatalf("connect answers %v", got)
	}
	state := control(t, server, "GET", "state", "")
	workspaces, _ := state.Body["workspaces"].([]any)
	if len(workspaces) != 1 || state.Body["spent_tokens"] != 1.0 || state.Body["cloud_mode"] != "up" {
		t.Fatalf("state is %s", state.Text)
	}
	settings, _ := state.Body["settings"].(map[string]any)
	if settings["Cloud_Workspace_Client_Secret"] != "[redacted]" {
		t.Errorf("the client secret is %v", settings["Cloud_Workspace_Client_Secret"])
	}
	id, _ := workspaces[0].(map[string]any)["id"].(string)
	removed := control(t, server, "POST", "workspaces/"+id+"/remove", "")
	if removed.Status != 200 || !strings.Contains(removed.Text, `"removed":true`) {
		t.Errorf("remove answers %d %s", removed.Status, removed.Text)
	}
	history := control(t, server, "GET", "history", "")
	cloud, _ := history.Body["cloud"].([]any)
	workspace, _ := history.Body["workspace"].([]any)
	if len(cloud) == 0 || len(workspace) != 1 || strings.Contains(history.Text, "_sim") ||
		strings.Contains(history.Text, server.Info().RegistrationTokens[0]) {
		t.Errorf("history is %s", history.Text)
	}
}

func TestServerTokensAndDevices(t *testing.T) {
	t.Parallel()
	server := startSim(t, "6.0.0")
	token, _ := control(t, server, "POST", "tokens", "").Body["registration_token"].(string)
	if got := callMethod(t, server, "cloud:connectWorkspace", token); got != true {
		t.Errorf("connect with an issued token answers %v", got)
	}
	calltest.Call(t, "POST", server.Cloud().URL()+"/api/v2/register/workspace/intent", `{"contactEmail":"ops@example.test"}`, nil)
	code := server.Cloud().Devices()[0].Code
	for action, want := range map[string]string{"deny": "denied", "confirm": "confirmed"} {
		reply := control(t, server, "POST", "devices/"+code+"/"+action, "")
		if reply.Status != 200 || !strings.Contains(reply.Text, `"state":"`+want+`"`) {
			t.Errorf("%s answers %d %s", action, reply.Status, reply.Text)
		}
	}
	control(t, server, "POST", "devices/"+code+"/expire", "")
	if reply := control(t, server, "POST", "devices/"+code+"/confirm", ""); reply.Status != 404 {
		t.Errorf("confirming an expired code answers %d", reply.Status)
	}
}

func TestServerContinueOffline(t *testing.T) {
	t.Parallel()
	server := startSim(t, "6.0.0")
	text, _ := callMethod(t, server, "cloud:getWorkspaceRegisterData").(string)
	reply := control(t, server, "POST", "offline", text+"\n")
	if _, err := base64.StdEncoding.DecodeString(strings.TrimSpace(reply.Text)); err != nil || reply.Status != 200 {
		t.Fatalf("got %d %q", reply.Status, reply.Text)
	}
	if known := server.Cloud().Workspaces(); len(known) != 1 {
		t.Errorf("the Cloud knows %d workspaces", len(known))
	}
}

func TestServerCloudMode(t *testing.T) {
	t.Parallel()
	server := startSim(t, "6.4.0")
	if reply := control(t, server, "POST", "cloud", `{"mode":"nonsense"}`); reply.Body["cloud_mode"] != "nonsense" {
		t.Fatalf("mode answers %d %s", reply.Status, reply.Text)
	}
	if got := callMethod(t, server, "cloud:connectWorkspace", server.Info().RegistrationTokens[0]); got != false {
		t.Errorf("connect to a Cloud that answers nonsense: %v", got)
	}
	control(t, server, "POST", "cloud", `{"mode":"down"}`)
	if got := callMethod(t, server, "cloud:connectWorkspace", server.Info().RegistrationTokens[0]); got != false {
		t.Errorf("connect to a Cloud that is down: %v", got)
	}
	control(t, server, "POST", "cloud", `{"mode":"up"}`)
	if got := callMethod(t, server, "cloud:connectWorkspace", server.Info().RegistrationTokens[0]); got != true {
		t.Errorf("connect to a Cloud that is up: %v", got)
	}
}

func TestServerRefuses(t *testing.T) {
	t.Parallel()
	server := startSim(t, "9.0.0")
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
			reply := control(t, server, test.method, test.path, test.body)
			if reply.Status != test.status || reply.Body["error"] == nil {
				t.Errorf("got %d %s, want %d and an error", reply.Status, reply.Text, test.status)
			}
		})
	}
}

func TestServerReset(t *testing.T) {
	t.Parallel()
	server := startSim(t, "8.7.0")
	before := server.Info()
	callMethod(t, server, "cloud:connectWorkspace", before.RegistrationTokens[0])
	reply := control(t, server, "POST", "reset", "")
	after := server.Info()
	if reply.Status != 200 || after.AuthToken != before.AuthToken || after.WorkspaceURL != before.WorkspaceURL {
		t.Errorf("reset answers %d %s", reply.Status, reply.Text)
	}
	if len(server.Cloud().Workspaces()) != 0 || server.Workspace().Settings()["Cloud_Workspace_Client_Id"] != "" {
		t.Error("still registered after a reset")
	}
	if got := callMethod(t, server, "cloud:connectWorkspace", before.RegistrationTokens[1]); got == true {
		t.Error("a token from before the reset works")
	}
}

func TestStartFails(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]Config{
		"version":         {Version: "2.4.0"},
		"address":         {Version: "6.4.0", Listen: "256.0.0.1:0"},
		"Cloud's address": {Version: "6.4.0", CloudListen: "256.0.0.1:0"},
	} {
		if server, err := Start(config); err == nil {
			server.Close()
			t.Errorf("%s: started", name)
		}
	}
	if _, err := Start(Config{Version: "2.4.0", CloudListen: "256.0.0.1:0"}); !errors.Is(err, registrationtest.ErrVersion) {
		t.Errorf("it took an address before it looked at the version: %v", err)
	}
}

func TestServerControlWaitsForTheWorkspace(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	server := &Server{ready: make(chan struct{})}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "/_sim/state", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	server.control().ServeHTTP(nil, request) // returns, instead of looking at a workspace that is not there
}

func TestLicenses(t *testing.T) {
	t.Parallel()
	if _, err := Start(Config{Version: "8.8", License: "free"}); !errors.Is(err, ErrLicense) {
		t.Errorf("of no such kind: %v", err)
	}
	server, err := Start(Config{Version: "8.8", License: "offline"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	inForce := func() string {
		info := server.Info()
		reply := calltest.Call(t, http.MethodGet, info.WorkspaceURL+"/api/v1/licenses.info", "", calltest.Headers(info.UserID, info.AuthToken))
		return reply.Text
	}
	if text := inForce(); !strings.Contains(text, `"offline":true`) {
		t.Errorf("in force is %s", text)
	}
	if err := server.Reset(); err != nil {
		t.Fatal(err)
	}
	if text := inForce(); !strings.Contains(text, `"offline":true`) {
		t.Errorf("after a reset, in force is %s", text)
	}
	for kind, status := range map[string]int{"valid": 200, "offline": 200, "expired": 200, "elsewhere": 200, "free": 404} {
		reply := control(t, server, http.MethodGet, "licenses/"+kind, "")
		if reply.Status != status || strings.HasPrefix(reply.Text, "RCV3_") != (status == 200) {
			t.Errorf("%s: %d %.20q", kind, reply.Status, reply.Text)
		}
	}
}
