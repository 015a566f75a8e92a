package rocketcloud

import (
	"testing"
)

func TestSyncKeepsWhatTheWorkspaceTells(t *testing.T) {
	t.Parallel()
	cloud, _ := newTestCloud(t)
	grant := connect(t, cloud)
	token := accessToken(t, cloud, grant).string(t, "access_token")
	data := map[string]any{"uniqueId": "u", "address": "http://chat.example.test", "version": "6.4.0", "siteName": "New name"}
	path := pathOf(t, grant)
	for _, call := range []string{"/client", "/sync"} {
		answer := ask(t, cloud, "POST", path+call, token, data)
		answer.want(t, 200, "")
		if answer.string(t, "workspaceId") != grant.string(t, "workspaceId") {
			t.Errorf("%s answers %s", call, answer.text)
		}
	}
	got := cloud.Workspaces()[0]
	if got.Syncs != 2 || got.UniqueID != "u" || got.Version != "6.4.0" || got.Name != "New name" || got.Address == "" {
		t.Errorf("the Cloud knows %+v", got)
	}
}

func TestCallsOfARegisteredWorkspace(t *testing.T) {
	t.Parallel()
	cloud, _ := newTestCloud(t)
	grant := connect(t, cloud)
	token := accessToken(t, cloud, grant).string(t, "access_token")
	path := pathOf(t, grant)
	tests := map[string]struct{ method, path, field string }{
		"legacy sync": {"POST", path + "/client", "publicKey"},
		"sync":        {"POST", path + "/sync", "license"},
		"license":     {"GET", path + "/license?version=2", "license"},
		"comms":       {"POST", "/api/v3/comms/workspace", "announcements"},
		"checkout":    {"POST", "/billing/api/v2/checkout", "url"},
		"downgrade":   {"POST", path + "/client/downgrade", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answer := ask(t, cloud, test.method, test.path, token, map[string]any{})
			answer.want(t, 200, "")
			if _, ok := answer.body[test.field]; !ok && test.field != "" {
				t.Errorf("no %s in %s", test.field, answer.text)
			}
			ask(t, cloud, test.method, test.path, "", map[string]any{}).want(t, 401, "unauthorized")
		})
	}
}

func TestUnknownCall(t *testing.T) {
	t.Parallel()
	cloud, _ := newTestCloud(t)
	ask(t, cloud, "GET", "/api/v9/nothing", "", nil).want(t, 404, "not_found")
}
