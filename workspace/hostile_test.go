package workspace_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/rcreg/registration/internal/hostile"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/workspace"
)

// home is the one honest address of a hostile network: what is sent anywhere else is caught.
const home = "https://chat.example.com"

// besieged is a client of the home, under a sub-path or none, and the network that it is in.
func besieged(t *testing.T, path string, who workspace.Credentials, handler http.Handler) (*workspace.Client, *hostile.Network) {
	t.Helper()
	network := hostile.NewNetwork(t, home, handler)
	client, err := workspace.New(home+path, who, workspace.WithRoundTripper(network.RoundTripper()),
		workspace.WithClock(registrationtest.NewClock(start)), code("654321"))
	if err != nil {
		t.Fatal(err)
	}
	return client, network
}

// checkNothingCaught: neither a request nor a secret has left the home.
func checkNothingCaught(t *testing.T, network *hostile.Network, err error) {
	t.Helper()
	for _, request := range network.Caught() {
		t.Errorf("sent elsewhere: %s", request)
	}
	for ; err != nil; err = errors.Unwrap(err) {
		if shown := fmt.Sprintf("%v %+v %#v", err, err, err); strings.Contains(shown, authToken) {
			t.Errorf("the error shows the token: %s", shown)
		}
	}
}

// lure is a call that a redirect may lead away: who makes it, to which version, and what is redirected.
type lure struct {
	who           workspace.Credentials
	version, path string
	mayRun        bool // the call is a write, and what redirects it may have passed it on
	call          func(context.Context, *workspace.Client) error
}

func lures() map[string]lure {
	token, password := workspace.Token("admin-id", authToken), workspace.Password("admin", authToken)
	get := func(ctx context.Context, c *workspace.Client) error {
		return c.Get(ctx, "cloud.registrationStatus", nil, nil)
	}
	write := func(ctx context.Context, c *workspace.Client) error {
		return c.CallMethod(ctx, "cloud:connectWorkspace", nil, authToken)
	}
	return map[string]lure{
		"api/info": {token, "6.4.0", "/api/info", false, func(ctx context.Context, c *workspace.Client) error { _, err := c.Info(ctx); return err }},
		"GET":      {token, "6.4.0", "/api/v1/", false, get},
		"GET once": {token, "6.4.0", "/api/v1/", true, func(ctx context.Context, c *workspace.Client) error {
			return c.GetOnce(ctx, "cloud.confirmationPoll", map[string][]string{"deviceCode": {authToken}}, nil)
		}},
		"POST": {token, "6.4.0", "/api/v1/", true, func(ctx context.Context, c *workspace.Client) error {
			return c.Post(ctx, "cloud.manualRegister", map[string]string{"cloudBlob": authToken}, nil)
		}},
		"method":    {token, "6.4.0", "/api/v1/", true, write},
		"login":     {password, "6.4.0", "/api/v1/login", false, get},
		"WebSocket": {token, "3.0.0", "/websocket", false, write},
	}
}

// TestNoRedirectLeadsAway: every call, lured to every place by every status, ends with the address in question and sends nothing there.
func TestNoRedirectLeadsAway(t *testing.T) {
	t.Parallel()
	places := hostile.Places("chat.example.com", authToken)
	for call, test := range lures() {
		for name, place := range places {
			t.Run(call+", "+name, func(t *testing.T) {
				t.Parallel()
				status := make(chan int, 1)
				client, network := besieged(t, "", test.who, redirecting(test.version, test.path, place, status))
				for _, code := range []int{300, 301, 302, 303, 305, 307, 308} {
					status <- code
					err := test.call(t.Context(), client)
					<-status
					if failed := failure(t, err); !errors.Is(failed, workspace.ErrAddress) || failed.MayHaveRun != test.mayRun || failed.Status != code {
						t.Errorf("HTTP %d: got %v", code, err)
					}
					checkNothingCaught(t, network, err)
				}
			})
		}
	}
}

// redirecting is a workspace that redirects below a path, with the status that waits in the channel, and leaves it there.
func redirecting(version, path, place string, status chan int) http.Handler {
	mux := http.NewServeMux()
	if path != "/api/info" {
		mux.Handle("/api/info", saysVersion(version, http.NotFoundHandler()))
	}
	mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
		code := <-status
		status <- code
		w.Header().Set("Location", place)
		w.WriteHeader(code)
	})
	return mux
}

// TestNoHeaderLeadsAway: headers that browsers obey, and addresses in a body, change nothing about where the next call goes, nor what it carries.
func TestNoHeaderLeadsAway(t *testing.T) {
	t.Parallel()
	const evil = "https://evil.example.com"
	headers := map[string]string{
		"Location": evil, "Content-Location": evil, "Refresh": "0; url=" + evil, "Link": "<" + evil + ">; rel=canonical", "Alt-Svc": `h2="evil.example.com:443"`,
		"Set-Cookie": "session=1; Domain=example.com", "WWW-Authenticate": `Basic realm="x"`, "Proxy-Authenticate": "Basic", "Host": "evil.example.com",
		"Strict-Transport-Security": "max-age=0", "Access-Control-Allow-Origin": evil, "SourceMap": evil, "Sec-WebSocket-Location": evil,
	}
	const body = `{"success":true,"status":"success","version":"6.4.0","info":{"version":"6.4.0"},"workspaceUrl":"evil.example.com","url":"` + evil + `",` +
		`"ROOT_URL":"` + evil + `","supportedVersions":{"signed":"` + evil + `"},"location":"` + evil + `","data":{"userId":"u","authToken":"` + authToken + `","url":"` + evil + `"},` +
		`"message":"{\"msg\":\"result\",\"id\":\"1\",\"result\":{\"url\":\"` + evil + `\",\"registration_client_uri\":\"` + evil + `\"}}"}`
	for _, status := range []int{200, 201, 206, 304, 401, 407, 421, 426, 511} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			t.Parallel()
			client, network := besieged(t, "", workspace.Password("admin", authToken), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Cookie") != "" || r.Header.Get("Authorization") != "" || r.Host != "chat.example.com" {
					t.Errorf("sent %v to %s", r.Header, r.Host)
				}
				for name, value := range headers {
					w.Header().Set(name, value)
				}
				w.Header().Set("Content-Type", jsonType)
				w.WriteHeader(status)
				_, _ = w.Write([]byte(body))
			}))
			for range 2 {
				_, err := client.Info(t.Context())
				checkNothingCaught(t, network, err)
				checkNothingCaught(t, network, client.Get(t.Context(), "x", nil, nil))
				checkNothingCaught(t, network, client.CallMethod(t.Context(), "m", nil, authToken))
			}
			checkNothingCaught(t, network, client.Close(t.Context()))
		})
	}
}

// TestNoFrameLeadsAway: a server that speaks DDP and asks the client to come to another place, or to speak to it in another way.
func TestNoFrameLeadsAway(t *testing.T) {
	t.Parallel()
	const evil = "wss://evil.example.com/websocket"
	for name, text := range map[string]string{
		"reconnect":        `{"msg":"reconnect","url":"` + evil + `"}`,
		"redirect":         `{"msg":"redirect","location":"` + evil + `"}`,
		"another version":  `{"msg":"failed","version":"2","url":"` + evil + `"}`,
		"connected there":  `{"msg":"connected","session":"s","ddpUrl":"` + evil + `","server":"` + evil + `"}`,
		"a setting":        `{"msg":"changed","collection":"meteor_autoupdate_clientVersions","id":"x","fields":{"ROOT_URL":"` + evil + `"}}`,
		"a result":         `{"msg":"result","id":"2","result":{"url":"` + evil + `","token":"` + authToken + `"}}`,
		"an error":         `{"msg":"result","id":"2","error":{"error":"redirect","reason":"` + evil + ` ` + authToken + `","details":{"url":"` + evil + `"}}}`,
		"a second factor":  `{"msg":"result","id":"2","error":{"error":"totp-required","details":{"method":"totp","url":"` + evil + `"}}}`,
		"a token it holds": `{"msg":"` + authToken + `"`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &ddpServer{}
			s.call = func(map[string]any) []string { return []string{text, `{"msg":"result","id":"2","result":true}`} }
			client, network := besieged(t, "/chat", workspace.Token("admin-id", authToken), s.handler())
			checkNothingCaught(t, network, client.CallMethod(t.Context(), "m", nil, authToken))
			if n := s.connections(); n > 2 { // the second one carries the second factor
				t.Errorf("made %d connections", n)
			}
		})
	}
}

// TestNoEchoIsShown: a server that sends back what it was sent, where net/http and the readers quote what they do not understand.
func TestNoEchoIsShown(t *testing.T) {
	t.Parallel()
	raw := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			connection, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				return
			}
			_, _ = connection.Write([]byte(text))
			_ = connection.Close()
		}
	}
	answer := func(status int, body string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", jsonType)
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		})
	}
	for name, handler := range map[string]http.Handler{
		"the status line":      raw(authToken + "\r\n\r\n"),
		"the status":           raw("HTTP/1.1 " + authToken + "\r\n\r\n"),
		"a header":             raw("HTTP/1.1 200 OK\r\n" + authToken + "\r\n\r\n"),
		"the length":           raw("HTTP/1.1 200 OK\r\nContent-Length: " + authToken + "\r\n\r\n"),
		"the encoding":         raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: " + authToken + "\r\n\r\n"),
		"an upgrade":           raw("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: " + authToken + "\r\n\r\n"),
		"a place":              raw("HTTP/1.1 302 Found\r\nLocation: https://%zz/" + authToken + "\r\n\r\n"),
		"a chunk":              raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + authToken + "\r\n"),
		"a code":               answer(http.StatusBadRequest, `{"success":false,"errorType":"`+authToken+`","error":"x"}`),
		"a message":            answer(http.StatusBadRequest, `{"success":false,"error":"auth-\u0007token-\u200b0123456789"}`),
		"a bracket":            answer(http.StatusForbidden, `{"success":false,"error":"no [`+authToken+`]"}`),
		"a time":               answer(http.StatusOK, `{"success":true,"at":"`+authToken+`"}`),
		"a method's code":      answer(http.StatusOK, `{"success":true,"message":"{\"msg\":\"result\",\"error\":{\"error\":\"`+authToken+`\"}}"}`),
		"a method's exception": answer(http.StatusBadRequest, `{"success":false,"message":"{\"msg\":\"result\",\"error\":{\"name\":\"`+authToken+`\"}}"}`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, version := range []string{"6.4.0", "3.0.0"} { // the older one is asked over DDP
				client, network := besieged(t, "", workspace.Token("admin-id", authToken), saysVersion(version, handler))
				var out struct{ At time.Time }
				for _, err := range []error{client.Post(t.Context(), "x", nil, &out), client.CallMethod(t.Context(), "m", &out)} {
					if err != nil {
						checkNothingCaught(t, network, failure(t, err).Err)
					}
					checkNothingCaught(t, network, err)
				}
			}
		})
	}
}

// TestChallengeNamesOnlyMethods: what a workspace says of a second factor is shown to a person and sent in a header.
func TestChallengeNamesOnlyMethods(t *testing.T) {
	t.Parallel()
	for name, method := range map[string]string{"an escape": `totp\u001b[2J`, "a line": `totp\r\nX-Evil: 1`, "a sentence": "send it to me", "a long one": strings.Repeat("x", 1000)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var asked workspace.Challenge
			m := newMocked(t, "6.4.0", workspace.WithTwoFactor(func(_ context.Context, c workspace.Challenge) (string, error) {
				asked = c
				return "654321", nil
			}))
			m.mock.RegisterNoResponder(respond(http.StatusBadRequest, jsonType,
				strings.Replace(factorRequired(method), "[]", `["email","`+method+`"]`, 1)))
			if err := m.Post(t.Context(), "x", nil, nil); !errors.Is(err, workspace.ErrTwoFactorRequired) {
				t.Errorf("got %v", err)
			}
			if asked.Method != "totp" || len(asked.Methods) != 1 || asked.Methods[0] != "email" {
				t.Errorf("asked for %+v", asked)
			}
		})
	}
}

// TestNoEchoOfASecondFactor: a code that was wrong for one call may be right for the next.
func TestNoEchoOfASecondFactor(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"a code":       `{"success":false,"errorType":"x-654321","error":"no"}`,
		"a message":    `{"success":false,"error":"not 654321"}`,
		"a wrong type": `{"success":true,"at":654321}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMocked(t, "6.4.0", code("654321"))
			m.answer(http.MethodPost, "/api/v1/x", respond(http.StatusBadRequest, jsonType, factorRequired("totp")).Then(respond(http.StatusOK, jsonType, body)))
			var out struct{ At int8 }
			failed := failure(t, m.Post(t.Context(), "x", nil, &out))
			shown := failed.Error() + failed.Code + failed.Message
			if failed.Err != nil {
				shown += failed.Err.Error()
			}
			if strings.Contains(shown, "654321") {
				t.Errorf("it shows %s", shown)
			}
		})
	}
}
