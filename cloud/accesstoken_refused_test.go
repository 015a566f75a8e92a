package cloud_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/rcreg/registration/cloud"
)

func TestRevoke(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	asked := numbered(mock)
	grant := grantOf(t, nil)
	mock.RegisterResponder(http.MethodPost, base+"/api/oauth/revoke", func(r *http.Request) (*http.Response, error) {
		for key, want := range map[string]string{
			"client_id": "client-1", "client_secret": clientSecret, "token": "access-1", "token_type_hint": "access_token",
		} {
			if got := r.PostFormValue(key); got != want {
				t.Errorf("%s is %q", key, got)
			}
		}
		return httpmock.NewStringResponse(http.StatusOK, ""), nil
	})
	token, err := client.AccessToken(t.Context(), grant, cloud.ScopeWorkspace)
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Revoke(t.Context(), grant, token); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		next, err := client.AccessToken(t.Context(), grant, cloud.ScopeWorkspace)
		if err != nil || next.Token.Reveal() != "access-2" || asked.Load() != 2 {
			t.Errorf("a revoked token is used again, or another one is forgotten: %v", err)
		}
		if err := client.Revoke(t.Context(), grant, token); err != nil {
			t.Error(err)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := client.Revoke(ended, grant, token); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

const syncURL = base + "/api/v2/workspaces/ws-1/sync"

// TestAccessTokenRefusedByAGateway: a gateway may have passed a write on before it refused the access token, so the write is not repeated.
func TestAccessTokenRefusedByAGateway(t *testing.T) {
	t.Parallel()
	for name, refuse := range map[string]httpmock.Responder{
		"a challenge":   challenged(replies(401, `{"error":"invalid_token"}`)),
		"a description": replies(401, `{"error":"invalid_token","error_description":"The access token expired"}`),
		"a text":        httpmock.NewStringResponder(401, `{"error":"unauthorized"}`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, mock := mocked(t)
			numbered(mock)
			mock.RegisterResponder(http.MethodPost, syncURL, refuse)
			_, err := client.Sync(t.Context(), grantOf(t, nil), data(t))
			if calls := mock.GetCallCountInfo()["POST "+syncURL]; !errors.Is(err, cloud.ErrOutcomeUnknown) || calls != 1 {
				t.Errorf("got %v after %d syncs", err, calls)
			}
			mock.RegisterResponder(http.MethodPost, base+"/api/oauth/token", refuse)
			client, _ = cloud.New(cloud.WithURL(base), cloud.WithRoundTripper(mock))
			if _, err := client.AccessToken(t.Context(), grantOf(t, nil), cloud.ScopeWorkspace); !errors.Is(err, cloud.ErrRefused) {
				t.Errorf("an access token: got %v", err)
			}
		})
	}
}

func TestARefusedAccessTokenIsReplacedOnce(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		good  string // the token that works
		want  error
		calls int64
	}{
		"the first": {"access-1", nil, 1}, "the second": {"access-2", nil, 2}, "none": {"", cloud.ErrUnauthorized, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, mock := mocked(t)
			asked := numbered(mock)
			syncs := 0
			mock.RegisterResponder(http.MethodPost, syncURL, func(r *http.Request) (*http.Response, error) {
				syncs++
				if r.Header.Get("Authorization") != "Bearer "+test.good {
					return replies(http.StatusUnauthorized, `{"error":"unauthorized"}`)(r)
				}
				return replies(http.StatusOK, `{"workspaceId":"ws-1"}`)(r)
			})
			_, err := client.Sync(t.Context(), grantOf(t, nil), data(t))
			if !errors.Is(err, test.want) || asked.Load() != test.calls || int64(syncs) != test.calls {
				t.Errorf("got %v after %d tokens and %d syncs", err, asked.Load(), syncs)
			}
		})
	}
}

func TestOtherRefusalsLeaveTheAccessTokenAlone(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]error{
		`{"error":"forbidden"}`: cloud.ErrOutcomeUnknown, `{"error":"oauth_invalid_client_credentials"}`: cloud.ErrInvalidClient,
	} {
		client, mock := mocked(t)
		allow(mock)
		answer(mock, http.MethodPost, homeURL+"/sync", http.StatusForbidden, body)
		if _, err := client.Sync(t.Context(), grantOf(t, nil), data(t)); !errors.Is(err, want) || errors.Is(err, cloud.ErrUnauthorized) || mock.GetTotalCallCount() != 2 {
			t.Errorf("got %v after %d requests", err, mock.GetTotalCallCount())
		}
	}
}

// TestReadRefusedByAGateway: of a read, a refusal of the access token counts whoever wrote it; one without a code is of something else.
func TestReadRefusedByAGateway(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		body   string
		want   error
		tokens int64
	}{
		"a description": {`{"error":"invalid_token","error_description":"The access token expired"}`, cloud.ErrUnauthorized, 2},
		"no code":       {`{"message":"no"}`, cloud.ErrBadReply, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, mock := mocked(t)
			asked := numbered(mock)
			mock.RegisterResponder(http.MethodGet, homeURL+"/license", replies(http.StatusUnauthorized, test.body))
			if _, err := client.License(t.Context(), grantOf(t, nil), 0); !errors.Is(err, test.want) || asked.Load() != test.tokens {
				t.Errorf("got %v after %d tokens", err, asked.Load())
			}
		})
	}
}
