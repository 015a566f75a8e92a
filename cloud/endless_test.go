package cloud_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/internal/hostile"
	"github.com/rcreg/registration/registrationtest"
)

// mostRead is what a call may read at most: the limit of a reply is 4 MiB. A head may have 1 MiB, and a call that reads is made five times when no whole
// head comes.
const mostRead = 5 * (1<<20 + 64<<10)

// flooded returns a client whose Cloud gives access tokens, and answers everything else without an end.
func flooded(t *testing.T, flood *hostile.Flood) (*cloud.Client, cloud.Grant) {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("/", flood)
	mux.HandleFunc("/api/oauth/token", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"access_token":"` + accessToken + `","expires_in":3600}`))
	})
	transport := &http.Transport{DialContext: hostile.NewDialer(t, mux), MaxResponseHeaderBytes: 1 << 20}
	t.Cleanup(transport.CloseIdleConnections)
	const house = "http://localhost"
	client, err := cloud.New(cloud.WithURL(house), cloud.WithBillingURL(house), cloud.WithReleasesURL(house),
		cloud.WithRoundTripper(transport), cloud.WithClock(registrationtest.NewClock(time.Unix(1_800_000_000, 0))))
	if err != nil {
		t.Fatal(err)
	}
	return client, grantOf(t, map[string]any{"registration_client_uri": house + "/api/v2/workspaces/ws-1"})
}

func checkCutOff(t *testing.T, flood *hostile.Flood, failures ...error) {
	t.Helper()
	for _, err := range failures {
		if !errors.Is(err, cloud.ErrBadReply) && !errors.Is(err, cloud.ErrOutcomeUnknown) && !errors.Is(err, cloud.ErrUnreachable) {
			t.Errorf("got %v", err)
		}
	}
	if sent := flood.Sent.Load(); sent > int64(len(failures)*mostRead) {
		t.Errorf("read %d bytes", sent)
	}
}

// TestEndlessRepliesAreCutOff: no more is read than the limit, in whatever way the Cloud, or somebody in its place, goes on for ever.
func TestEndlessRepliesAreCutOff(t *testing.T) {
	t.Parallel()
	for name, flood := range hostile.Floods() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, grant := flooded(t, flood)
			_, exchanged := client.ExchangeToken(t.Context(), "token-secret", data(t))
			_, licensed := client.License(t.Context(), grant, 2)
			checkCutOff(t, flood, exchanged, licensed)
		})
	}
}

func TestEveryCallCutsOffAnEndlessReply(t *testing.T) {
	t.Parallel()
	flood := hostile.Floods()["one text"]
	client, grant := flooded(t, flood)
	checkCutOff(t, flood, failuresOf(t.Context(), t, client, grant)...)
}

// TestALongAccessTokenIsNotRemembered: a client remembers up to a thousand of them.
func TestALongAccessTokenIsNotRemembered(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	answer(mock, http.MethodPost, base+"/api/oauth/token", http.StatusOK, `{"access_token":"`+strings.Repeat("a", 1<<20)+`","expires_in":3600}`)
	if token, err := client.AccessToken(t.Context(), grantOf(t, nil), cloud.ScopeWorkspace); !errors.Is(err, cloud.ErrBadReply) || !token.Token.IsEmpty() {
		t.Errorf("got %v, %v", token, err)
	}
}
