package faults

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestStepOf(t *testing.T) {
	t.Parallel()
	tests := []struct {
		path string
		at   Side // where the request was met; AnySide on the way
		side Side
		call Call
	}{
		{"/api/v1/cloud.syncWorkspace", AnySide, Workspace, "cloud.syncWorkspace"},
		{"/chat/api/v1/settings/Register_Server", Workspace, Workspace, "settings/Register_Server"},
		{"/api/v1/method.call/cloud%3AconnectWorkspace", AnySide, Workspace, "cloud:connectWorkspace"},
		{"/api/v1/method.callAnon/login", AnySide, Workspace, "login"},
		{"/api/info", AnySide, Workspace, CallInfo},
		{"/chat/websocket", AnySide, Workspace, CallSocket},
		{"/elsewhere", Workspace, Workspace, AnyCall},
		{"/api/oauth/clients", AnySide, Cloud, CallClients},
		{"/api/oauth/token", Cloud, Cloud, CallToken},
		{"/api/v2/register/workspace", AnySide, Cloud, CallRegister},
		{"/api/v2/register/workspace/intent", AnySide, Cloud, CallIntent},
		{"/api/v2/register/workspace/poll", Cloud, Cloud, CallPoll},
		{"/api/v2/workspaces/w1/client", AnySide, Cloud, CallClient},
		{"/api/v2/workspaces/w1/client/downgrade", AnySide, Cloud, CallDowngrade},
		{"/api/v2/workspaces/w1/license", Cloud, Cloud, CallLicense},
		{"/api/v3/comms/workspace", Cloud, Cloud, CallComms},
		{"/billing/api/v2/checkout", AnySide, Cloud, CallCheckout},
		{"/api/v2/checkout", AnySide, Cloud, CallCheckout},
		{"/v2/server/supportedVersions", AnySide, Cloud, CallSupportedVersions},
		{"/elsewhere", AnySide, Cloud, AnyCall},
	}
	for _, test := range tests {
		r := httptest.NewRequest(http.MethodGet, "http://example.test"+test.path, nil)
		if got := stepOf(test.at, r); got.Side != test.side || got.Call != test.call || got.Path != test.path || got.Method != http.MethodGet {
			t.Errorf("%s at %q is %+v, want %q of the %s", test.path, test.at, got, test.call, test.side)
		}
	}
}
