package cloud_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/internal/hostile"
	"github.com/rcreg/registration/registrationtest"
)

// home is the one honest address of a hostile network: what is sent anywhere else is caught.
const home = "https://cloud.example.com"

// besieged is a client of the home, and the network that it is in.
func besieged(t *testing.T, handler http.Handler) (*cloud.Client, *hostile.Network) {
	t.Helper()
	network := hostile.NewNetwork(t, home, handler)
	client, err := cloud.New(cloud.WithURL(home), cloud.WithBillingURL(home), cloud.WithReleasesURL(home),
		cloud.WithRoundTripper(network.RoundTripper()), cloud.WithClock(registrationtest.NewClock(time.Unix(1_800_000_000, 0))))
	if err != nil {
		t.Fatal(err)
	}
	return client, network
}

// homeGrant is a grant of the home.
func homeGrant(t *testing.T) cloud.Grant {
	t.Helper()
	return grantOf(t, map[string]any{"registration_client_uri": home + "/api/v2/workspaces/ws-1"})
}

// givesTokens answers the call for an access token, and leaves everything else to another handler.
func givesTokens(rest http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", rest)
	mux.HandleFunc("POST /api/oauth/token", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"access_token":"` + accessToken + `","expires_in":3600}`))
	})
	return mux
}

// checkNothingCaught: neither a request nor a secret has left the home.
func checkNothingCaught(t *testing.T, network *hostile.Network, failures ...error) {
	t.Helper()
	for _, request := range network.Caught() {
		t.Errorf("sent elsewhere: %s", request)
	}
	for _, err := range failures {
		shown := fmt.Sprintf("%v %+v %#v", err, err, err)
		var failure *cloud.Error
		if errors.As(err, &failure) && failure.Err != nil {
			shown += failure.Err.Error()
		}
		for _, secret := range []string{clientSecret, accessToken, "token-secret", "device-secret", "stats-secret", licenseText} {
			if strings.Contains(shown, secret) {
				t.Errorf("the error shows %s: %s", secret, shown)
			}
		}
	}
}

// echo stands for the secret that a call has sent, in what a server says.
const echo = "SECRET"

// sentBy returns the secret of a call.
func sentBy(r *http.Request) string {
	for _, sent := range []string{strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "), r.URL.Query().Get("token"), r.PostFormValue("client_secret")} {
		if sent != "" {
			return sent
		}
	}
	return "nothing"
}

// TestNoRedirectLeadsAway: every call, lured to every place by every status, fails as one that the Cloud has not answered, and sends nothing there. What
// redirects may have passed it on: nobody knows what became of a write.
func TestNoRedirectLeadsAway(t *testing.T) {
	t.Parallel()
	for name, place := range hostile.Places("cloud.example.com", echo) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, status := range []int{300, 301, 302, 303, 305, 307, 308} {
				redirect := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("Location", strings.ReplaceAll(place, echo, sentBy(r)))
					w.WriteHeader(status)
				})
				client, network := besieged(t, givesTokens(redirect))
				failures := failuresOf(t.Context(), t, client, homeGrant(t))
				client, forTokens := besieged(t, redirect)
				_, err := client.AccessToken(t.Context(), homeGrant(t), cloud.ScopeWorkspace)
				checkNothingCaught(t, network, failures...)
				checkNothingCaught(t, forTokens, err)
				for _, err := range append(failures, err) {
					var failed *cloud.Error
					if !errors.As(err, &failed) || !errors.Is(err, cloud.ErrBadReply) || errors.Is(err, cloud.ErrOutcomeUnknown) != isWrite(failed) {
						t.Errorf("HTTP %d: got %v", status, err)
					}
				}
			}
		})
	}
}

// TestNoReplyLeadsAway: headers that browsers obey, and addresses in a body, change nothing about where the next call goes, nor what it carries.
func TestNoReplyLeadsAway(t *testing.T) {
	t.Parallel()
	const evil = "https://evil.example.com"
	headers := map[string]string{
		"Location": evil, "Content-Location": evil, "Refresh": "0; url=" + evil, "Link": "<" + evil + ">; rel=canonical", "Alt-Svc": `h2="evil.example.com:443"`,
		"Set-Cookie": "session=1; Domain=example.com", "WWW-Authenticate": `Basic realm="x"`, "Strict-Transport-Security": "max-age=0",
	}
	const body = `{"id":"notice-1","device_code":"device-secret","url":"https://pay.example.com/","registration_client_uri":"` + evil + `","workspaceId":"ws-1",` +
		`"license":"` + licenseText + `","signed":"a.b.c","announcements":{"create":[]},"token_endpoint":"` + evil + `","verification_url":"` + evil + `"}`
	client, network := besieged(t, givesTokens(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Cookie") != "" || r.Host != "cloud.example.com" {
			t.Errorf("sent %v to %s", r.Header, r.Host)
		}
		for name, value := range headers {
			w.Header().Set(name, value)
		}
		_, _ = w.Write([]byte(body))
	})))
	for range 2 {
		for name, err := range workspaceCalls(t, client, homeGrant(t)) {
			if err != nil {
				t.Errorf("%s: got %v", name, err)
			}
		}
		intent, err := client.Intent(t.Context(), data(t), false)
		if err != nil {
			t.Error(err)
		}
		if _, _, err = client.Poll(t.Context(), intent.DeviceCode.Reveal()); !errors.Is(err, cloud.ErrBadReply) {
			t.Errorf("got %v", err)
		}
	}
	checkNothingCaught(t, network)
}

// TestNoEchoIsShown: a server that sends back what it was sent, where net/http quotes what it does not understand.
func TestNoEchoIsShown(t *testing.T) {
	t.Parallel()
	for name, reply := range map[string]string{
		"the status line": "SECRET\r\n\r\n",
		"the status":      "HTTP/1.1 SECRET\r\n\r\n",
		"a header":        "HTTP/1.1 200 OK\r\nSECRET\r\n\r\n",
		"the length":      "HTTP/1.1 200 OK\r\nContent-Length: SECRET\r\n\r\n",
		"the encoding":    "HTTP/1.1 200 OK\r\nTransfer-Encoding: SECRET\r\n\r\n",
		"a chunk":         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nSECRET\r\n",
		"a place":         "HTTP/1.1 302 Found\r\nConnection: close\r\nLocation: https://%zz/SECRET\r\n\r\n",
		"a host":          "HTTP/1.1 302 Found\r\nConnection: close\r\nLocation: https://SECRET.example.com/\r\n\r\n",
		"a code":          "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n{\"error\":\"SECRET\"}",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, network := besieged(t, givesTokens(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				sent := sentBy(r)
				connection, _, err := http.NewResponseController(w).Hijack()
				if err != nil {
					return
				}
				_, _ = connection.Write([]byte(strings.ReplaceAll(reply, echo, sent)))
				_ = connection.Close()
			})))
			checkNothingCaught(t, network, failuresOf(t.Context(), t, client, homeGrant(t))...)
		})
	}
}

// TestOnlySafeLinksAreShown: what the Cloud wants a person to open or to read may come from somebody in its place.
func TestOnlySafeLinksAreShown(t *testing.T) {
	t.Parallel()
	for link, safe := range map[string]bool{
		"https://cloud.example.com/verify?code=AB-CD": true,
		"http://localhost:3000/verify":                true,
		"http://cloud.example.com/verify":             false,
		"":                                            false,
		"javascript:alert(1)":                         false,
		"data:text/html,x":                            false,
		"file:///etc/passwd":                          false,
		"//evil.example.com/":                         false,
		"https://":                                    false,
		"https://:443/":                               false,
		"https://cloud.example.com@evil.example.com/":            false,
		"https://cloud.example.com/\x1b[2Jx":                     false,
		"https://cloud.example.com/ x":                           false,
		"https://cloud.example.com/\u202egnp.exe":                false,
		"https://cl\u043eud.example.com/":                        false,
		"https://cloud.example.com/" + strings.Repeat("a", 4096): false,
	} {
		client, mock := mocked(t)
		allow(mock)
		quoted := strings.NewReplacer("\x1b", `\u001b`).Replace(link)
		answer(mock, http.MethodPost, registerURL+"/intent?resent=false", http.StatusOK, `{"device_code":"dev-1","user_code":"`+quoted+`","verification_url":"`+quoted+`"}`)
		answer(mock, http.MethodPost, "https://billing.example.com/api/v2/checkout", http.StatusOK, `{"url":"`+quoted+`"}`)
		intent, err := client.Intent(t.Context(), data(t), false)
		if err != nil || (intent.VerificationURL == link) != (safe || link == "") || strings.ContainsFunc(intent.UserCode, func(r rune) bool { return r <= ' ' || r > '~' }) {
			t.Errorf("%q: got %v, %v", link, intent, err)
		}
		got, err := client.Checkout(t.Context(), grantOf(t, nil), "https://chat.example.com/yes", "https://chat.example.com/no")
		if (err == nil) != safe || safe != (got == link && link != "") {
			t.Errorf("%q: got %q, %v", link, got, err)
		}
	}
}

// isWrite reports whether a call changes something at the Cloud, for which a repetition would do harm.
func isWrite(failed *cloud.Error) bool {
	harmless := []string{"POST oauth/token", "POST register/workspace/pre-intent"}
	return strings.HasPrefix(failed.Operation, http.MethodPost) && !slices.Contains(harmless, failed.Operation)
}
