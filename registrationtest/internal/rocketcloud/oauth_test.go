package rocketcloud

import (
	"net/url"
	"slices"
	"testing"
	"time"
)

func TestRegistrationTokenWorksOnce(t *testing.T) {
	t.Parallel()
	cloud, _ := newTestCloud(t)
	token := cloud.IssueToken()
	body := map[string]any{"email": "ops@example.test", "client_name": "Example"}
	first := ask(t, cloud, "POST", "/api/oauth/clients", token, body)
	first.want(t, 201, "")
	for _, field := range []string{"workspaceId", "client_id", "client_secret", "publicKey", "registration_client_uri"} {
		if first.string(t, field) == "" {
			t.Errorf("the grant's %s is empty", field)
		}
	}
	ask(t, cloud, "POST", "/api/oauth/clients", token, body).want(t, 400, "token_already_used")
	ask(t, cloud, "POST", "/api/oauth/clients", "made-up", body).want(t, 401, "invalid_token")
	ask(t, cloud, "POST", "/api/oauth/clients", "", body).want(t, 401, "invalid_token")
	if got := cloud.SpentTokens(); !slices.Equal(got, []string{token}) {
		t.Errorf("%d spent tokens, want the one", len(got))
	}
	if got := len(cloud.Workspaces()); got != 1 {
		t.Errorf("%d workspaces, want 1", got)
	}
}

func TestUnreadableBodySpendsNoToken(t *testing.T) {
	t.Parallel()
	cloud, _ := newTestCloud(t)
	token := cloud.IssueToken()
	ask(t, cloud, "POST", "/api/oauth/clients", token, `{"email":`).want(t, 400, "invalid_payload")
	if len(cloud.SpentTokens()) != 0 {
		t.Error("the token is spent")
	}
}

func TestAcceptTokens(t *testing.T) {
	t.Parallel()
	cloud, _ := newTestCloud(t)
	cloud.AcceptTokens(func(token string) bool { return token == "handed-out-elsewhere" })
	ask(t, cloud, "POST", "/api/oauth/clients", "handed-out-elsewhere", map[string]any{}).want(t, 201, "")
	ask(t, cloud, "POST", "/api/oauth/clients", "handed-out-elsewhere", map[string]any{}).want(t, 400, "token_already_used")
	ask(t, cloud, "POST", "/api/oauth/clients", "other", map[string]any{}).want(t, 401, "invalid_token")
}

func TestAccessTokenExpires(t *testing.T) {
	t.Parallel()
	cloud, clock := newTestCloud(t)
	grant := connect(t, cloud)
	token := accessToken(t, cloud, grant).string(t, "access_token")
	ask(t, cloud, "GET", pathOf(t, grant)+"/license", token, nil).want(t, 200, "")
	_ = clock.Sleep(t.Context(), accessLifetime-time.Second)
	ask(t, cloud, "GET", pathOf(t, grant)+"/license", token, nil).want(t, 200, "")
	_ = clock.Sleep(t.Context(), time.Second)
	ask(t, cloud, "GET", pathOf(t, grant)+"/license", token, nil).want(t, 401, "unauthorized")
}

func TestAccessTokenIsForOneWorkspace(t *testing.T) {
	t.Parallel()
	cloud, _ := newTestCloud(t)
	one, other := connect(t, cloud), connect(t, cloud)
	token := accessToken(t, cloud, one).string(t, "access_token")
	ask(t, cloud, "POST", pathOf(t, other)+"/sync", token, map[string]any{}).want(t, 401, "unauthorized")
	ask(t, cloud, "POST", pathOf(t, one)+"/sync", token, map[string]any{}).want(t, 200, "")
	ask(t, cloud, "POST", pathOf(t, one)+"/sync", "", map[string]any{}).want(t, 401, "unauthorized")
}

func TestRevokedAccessTokenIsRefused(t *testing.T) {
	t.Parallel()
	cloud, _ := newTestCloud(t)
	grant := connect(t, cloud)
	token := accessToken(t, cloud, grant).string(t, "access_token")
	form := url.Values{"client_id": {grant.string(t, "client_id")}, "client_secret": {grant.string(t, "client_secret")}, "token": {token}}
	ask(t, cloud, "POST", "/api/oauth/revoke", "", form).want(t, 200, "")
	ask(t, cloud, "POST", pathOf(t, grant)+"/sync", token, map[string]any{}).want(t, 401, "unauthorized")
	form.Set("client_secret", "wrong")
	ask(t, cloud, "POST", "/api/oauth/revoke", "", form).want(t, 400, "oauth_invalid_client_credentials")
}

func TestAccessTokenNeedsTheSecret(t *testing.T) {
	t.Parallel()
	cloud, _ := newTestCloud(t)
	grant := connect(t, cloud)
	form := url.Values{"client_id": {grant.string(t, "client_id")}, "client_secret": {"wrong"}, "grant_type": {"client_credentials"}}
	ask(t, cloud, "POST", "/api/oauth/token", "", form).want(t, 400, "oauth_invalid_client_credentials")
	form.Set("grant_type", "password")
	ask(t, cloud, "POST", "/api/oauth/token", "", form).want(t, 400, "unsupported_grant_type")
}

func TestRemovedWorkspaceIsRefused(t *testing.T) {
	t.Parallel()
	cloud, _ := newTestCloud(t)
	grant := connect(t, cloud)
	token := accessToken(t, cloud, grant).string(t, "access_token")
	id := grant.string(t, "workspaceId")
	if err := cloud.Remove(id); err != nil {
		t.Fatal(err)
	}
	accessToken(t, cloud, grant).want(t, 400, "oauth_invalid_client_credentials")
	ask(t, cloud, "POST", pathOf(t, grant)+"/client", token, map[string]any{}).want(t, 401, "unauthorized")
	if list := cloud.Workspaces(); len(list) != 1 || !list[0].Removed || list[0].ID != id {
		t.Errorf("workspaces are %+v, want the removed one", list)
	}
}
