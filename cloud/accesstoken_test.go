package cloud_test

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/registrationtest"
)

const tokenURL = base + "/api/oauth/token"

// numbered answers each request with another access token that lives for an hour, and counts them.
func numbered(mock *httpmock.MockTransport) *atomic.Int64 {
	var n atomic.Int64
	mock.RegisterResponder(http.MethodPost, tokenURL, func(*http.Request) (*http.Response, error) {
		return httpmock.NewJsonResponse(http.StatusOK, map[string]any{"access_token": "access-" + strconv.FormatInt(n.Add(1), 10), "expires_in": 3600})
	})
	return &n
}

func TestAccessTokenAsksAsAWorkspaceDoes(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	mock.RegisterResponder(http.MethodPost, tokenURL, func(r *http.Request) (*http.Response, error) {
		for key, want := range map[string]string{
			"client_id": "client-1", "client_secret": clientSecret, "grant_type": "client_credentials", "scope": cloud.ScopeWorkspace,
			"redirect_uri": "https://chat.example.com/admin/cloud/oauth-callback",
		} {
			if got := r.PostFormValue(key); got != want {
				t.Errorf("%s is %q", key, got)
			}
		}
		return httpmock.NewJsonResponse(http.StatusOK, map[string]any{"access_token": accessToken, "expires_in": 3600, "scope": "a b", "token_type": "Bearer"})
	})
	token, err := client.AccessToken(t.Context(), grantOf(t, nil), cloud.ScopeWorkspace)
	if err != nil || token.Token.Reveal() != accessToken || token.Scope != "a b" || !token.ExpiresAt.Equal(time.Unix(1_800_003_600, 0)) {
		t.Errorf("got %v, %v", token, err)
	}
}

func TestAccessTokenIsRememberedUntilShortlyBeforeItsEnd(t *testing.T) {
	t.Parallel()
	clock := registrationtest.NewClock(time.Unix(1_800_000_000, 0))
	client, mock := mocked(t, cloud.WithClock(clock))
	asked := numbered(mock)
	grant := grantOf(t, nil)
	get := func(scope string) string {
		token, err := client.AccessToken(t.Context(), grant, scope)
		if err != nil {
			t.Fatal(err)
		}
		return token.Token.Reveal()
	}
	first := get(cloud.ScopeWorkspace)
	clock.Advance(59*time.Minute - time.Second)
	if again := get(cloud.ScopeWorkspace); again != first || asked.Load() != 1 {
		t.Errorf("got %s after %d requests", again, asked.Load())
	}
	if other := get(cloud.ScopeBilling); other == first {
		t.Error("one token for two scopes")
	}
	clock.Advance(time.Second)
	if again := get(cloud.ScopeWorkspace); again == first || asked.Load() != 3 {
		t.Errorf("got %s after %d requests", again, asked.Load())
	}
}

// TestProve asks the Cloud, whatever is remembered.
func TestProve(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	asked := numbered(mock)
	for n := range 2 {
		if err := client.Prove(t.Context(), grantOf(t, nil)); err != nil || asked.Load() != int64(n+1) {
			t.Errorf("asked %d times: %v", asked.Load(), err)
		}
	}
	if token, err := client.AccessToken(t.Context(), grantOf(t, nil), cloud.ScopeWorkspace); err != nil || token.Token.Reveal() != "access-2" {
		t.Errorf("the newest is not remembered: %v", err)
	}
}

func TestAccessTokenWithoutAnEndIsNotRemembered(t *testing.T) {
	t.Parallel()
	for _, lifetime := range []string{"", `,"expires_in":0`, `,"expires_in":-5`} {
		client, mock := mocked(t)
		answer(mock, http.MethodPost, tokenURL, http.StatusOK, `{"access_token":"a"`+lifetime+`}`)
		for range 2 {
			if token, err := client.AccessToken(t.Context(), grantOf(t, nil), cloud.ScopeWorkspace); err != nil || !token.ExpiresAt.IsZero() {
				t.Errorf("got %v, %v", token, err)
			}
		}
		if mock.GetTotalCallCount() != 2 {
			t.Errorf("asked %d times", mock.GetTotalCallCount())
		}
	}
}

func TestAccessTokenIsAskedForOnceByMany(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	asked := numbered(mock)
	grant := grantOf(t, nil)
	var callers sync.WaitGroup
	for range 50 {
		callers.Go(func() {
			if token, err := client.AccessToken(t.Context(), grant, cloud.ScopeWorkspace); err != nil || token.Token.Reveal() != "access-1" {
				t.Errorf("got %v, %v", token, err)
			}
		})
	}
	callers.Wait()
	if asked.Load() != 1 {
		t.Errorf("asked %d times", asked.Load())
	}
}

func TestAccessTokenWaitsNoLongerThanItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, mock := mocked(t)
		mock.RegisterResponder(http.MethodPost, tokenURL, func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		grant := grantOf(t, nil)
		leading, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() {
			_, err := client.AccessToken(leading, grant, cloud.ScopeWorkspace)
			done <- err
		}()
		synctest.Wait()
		impatient, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := client.AccessToken(impatient, grant, cloud.ScopeWorkspace); !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, cloud.ErrUnreachable) {
			t.Errorf("got %v", err)
		}
		if err := client.Revoke(impatient, grant, cloud.AccessToken{}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("revoked meanwhile: %v", err)
		}
		stop()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		numbered(mock)
		if _, err := client.AccessToken(t.Context(), grant, cloud.ScopeWorkspace); err != nil {
			t.Errorf("the place is still taken: %v", err)
		}
	})
}

func TestAccessTokenFailures(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		status int
		body   string
		want   error
		calls  int
	}{
		"dropped by the Cloud": {400, `{"error":"oauth_invalid_client_credentials"}`, cloud.ErrInvalidClient, 1},
		"likewise, 401":        {401, `{"error":"oauth_invalid_client_credentials"}`, cloud.ErrInvalidClient, 1},
		"another 4xx":          {401, `{"error":"unauthorized"}`, cloud.ErrRefused, 1},
		"with 200 (trap A4)":   {200, `{"error":"oauth_invalid_client_credentials"}`, cloud.ErrBadReply, 1},
		"500":                  {500, `{"error":"internal_error"}`, cloud.ErrUnavailable, 5},
		"no token":             {200, `{"access_token":""}`, cloud.ErrBadReply, 1},
		"a newline in it":      {200, `{"access_token":"a\nb"}`, cloud.ErrBadReply, 1},
		"another type":         {200, `{"access_token":"a","token_type":"mac"}`, cloud.ErrBadReply, 1},
		"a list":               {200, `[]`, cloud.ErrBadReply, 1},
		"a wrong type":         {200, `{"access_token":5}`, cloud.ErrBadReply, 1},
		"an odd lifetime":      {200, `{"access_token":"a","expires_in":"soon"}`, cloud.ErrBadReply, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, mock := mocked(t)
			answer(mock, http.MethodPost, tokenURL, test.status, test.body)
			_, err := client.AccessToken(t.Context(), grantOf(t, nil), cloud.ScopeWorkspace)
			if !errors.Is(err, test.want) || mock.GetTotalCallCount() != test.calls {
				t.Errorf("got %v after %d requests", err, mock.GetTotalCallCount())
			}
		})
	}
}

func TestAccessTokenNeedsCredentials(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	for _, key := range []string{"client_id", "client_secret"} {
		grant := grantOf(t, map[string]any{key: nil})
		if _, err := client.AccessToken(t.Context(), grant, cloud.ScopeWorkspace); !errors.Is(err, cloud.ErrInvalidGrant) {
			t.Errorf("got %v", err)
		}
		if err := client.Revoke(t.Context(), grant, cloud.AccessToken{}); !errors.Is(err, cloud.ErrInvalidGrant) {
			t.Errorf("got %v", err)
		}
		if _, err := client.License(t.Context(), grant, 2); !errors.Is(err, cloud.ErrInvalidGrant) {
			t.Errorf("got %v", err)
		}
	}
	if mock.GetTotalCallCount() != 0 {
		t.Errorf("sent %d requests", mock.GetTotalCallCount())
	}
}

// TestAccessTokensOfMoreWorkspacesThanAreRemembered: 1024 are, and then all are forgotten.
func TestAccessTokensOfMoreWorkspacesThanAreRemembered(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	asked := numbered(mock)
	get := func(i int, want int64) {
		grant := grantOf(t, map[string]any{"client_id": "client-" + strconv.Itoa(i)})
		if _, err := client.AccessToken(t.Context(), grant, cloud.ScopeWorkspace); err != nil || asked.Load() != want {
			t.Fatalf("workspace %d: asked %d times, got %v", i, asked.Load(), err)
		}
	}
	for i := range 1024 {
		get(i, int64(i)+1)
	}
	get(0, 1024)
	get(1024, 1025)
	get(0, 1026)
	get(1024, 1026)
}

func TestAccessTokenOfAGrantWithoutRedirectURIs(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	mock.RegisterResponder(http.MethodPost, tokenURL, func(r *http.Request) (*http.Response, error) {
		if err := r.ParseForm(); err != nil || r.PostForm.Has("redirect_uri") {
			t.Errorf("sent a redirect_uri, %v", err)
		}
		return httpmock.NewStringResponse(http.StatusOK, `{"access_token":"a"}`), nil
	})
	for _, uris := range []any{nil, []string{}} {
		if _, err := client.AccessToken(t.Context(), grantOf(t, map[string]any{"redirect_uris": uris}), cloud.ScopeWorkspace); err != nil {
			t.Error(err)
		}
	}
}
