package httpclient_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rcreg/registration/internal/hostile"
	"github.com/rcreg/registration/internal/httpclient"
)

// plainAddress is one without TLS, which a server of a test can answer byte by byte.
const plainAddress = "http://chat.example.com/api/info"

// overPipe makes a client whose requests are answered by raw bytes. It belongs into a bubble of synctest.
func overPipe(t *testing.T, answer func(connection io.Writer)) *httpclient.Client {
	t.Helper()
	transport := ownTransport(t)
	transport.DialContext = hostile.NewDialer(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		connection, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer connection.Close()
		answer(connection)
		_, _ = io.Copy(io.Discard, connection) // until the client is gone
	}))
	return httpclient.New(httpclient.Config{RoundTripper: transport})
}

// TestOnceEndsWithItsContext: a server falls silent behind every byte of its reply, and does not close the connection.
func TestOnceEndsWithItsContext(t *testing.T) {
	t.Parallel()
	const timeout = 3 * time.Second
	for name, reply := range map[string]string{
		"announced":       "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n{\"success\":true}",
		"in chunks":       "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{\"succes\r\n8\r\ns\":true}\r\n0\r\n\r\n",
		"to its end":      "HTTP/1.1 200 OK\r\n\r\n{\"success\":true}",
		"hints before":    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
		"an upgrade":      "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: nonsense\r\n\r\nbytes",
		"a bare 101":      "HTTP/1.1 101 Whatever\r\nContent-Length: 2\r\n\r\n{}",
		"hints, then 101": "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n",
		"a redirect":      "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 4\r\n\r\nbody",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for sent := range len(reply) + 1 {
				synctest.Test(t, func(t *testing.T) {
					client := overPipe(t, func(connection io.Writer) { _, _ = io.WriteString(connection, reply[:sent]) })
					ctx, cancel := context.WithTimeout(t.Context(), timeout)
					defer cancel()
					begun := time.Now()
					got, err := client.Once(ctx, &httpclient.Request{Verb: http.MethodGet, URL: plainAddress})
					if took := time.Since(begun); took > timeout || took > 0 && !errors.Is(err, context.DeadlineExceeded) {
						t.Errorf("after %q: ended after %v with %v", reply[:sent], took, err)
					}
					if strings.Contains(name, "101") || name == "an upgrade" {
						var lost *httpclient.LostError
						if !errors.As(err, &lost) {
							t.Errorf("after %q: got %v, %v", reply[:sent], got, err)
						}
					}
				})
			}
		})
	}
}

// TestOnceTakesAnUpgradeForALostReply: there is nothing to wait for behind it.
func TestOnceTakesAnUpgradeForALostReply(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := overPipe(t, func(connection io.Writer) {
			_, _ = io.WriteString(connection, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: nonsense\r\n\r\n")
		})
		begun := time.Now()
		_, err := client.Once(t.Context(), &httpclient.Request{Verb: http.MethodGet, URL: plainAddress})
		var lost *httpclient.LostError
		if !errors.As(err, &lost) || !strings.Contains(err.Error(), "101") || time.Since(begun) != 0 {
			t.Errorf("got %v after %v", err, time.Since(begun))
		}
	})
}

// TestOnceBoundsRepliesBeforeTheReply: net/http passes over any number of replies such as 100 and 103, but not over any number of bytes.
func TestOnceBoundsRepliesBeforeTheReply(t *testing.T) {
	t.Parallel()
	for name, again := range map[string]string{
		"100": "HTTP/1.1 100 Continue\r\n\r\n", "102": "HTTP/1.1 102 Processing\r\n\r\n", "103": "HTTP/1.1 103 Early Hints\r\n\r\n", "199": "HTTP/1.1 199 \r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client := overPipe(t, func(connection io.Writer) {
					piece := strings.Repeat(again, 100)
					for err := error(nil); err == nil; {
						_, err = io.WriteString(connection, piece)
					}
				})
				_, err := client.Once(t.Context(), &httpclient.Request{Verb: http.MethodGet, URL: plainAddress})
				var lost *httpclient.LostError
				if !errors.As(err, &lost) {
					t.Errorf("got %v", err)
				}
			})
		})
	}
}

// answering is a RoundTripper of a user's own.
type answering func(*http.Request) *http.Response

func (f answering) RoundTrip(r *http.Request) (*http.Response, error) { return f(r), nil }

// TestOnceEndsWithItsContextOverAnyRoundTripper: the context ends the read of a body that knows nothing of it, also that of a redirect, and of one that drips.
func TestOnceEndsWithItsContextOverAnyRoundTripper(t *testing.T) {
	t.Parallel()
	const timeout = 20 * time.Second
	for name, test := range map[string]struct {
		status int
		header http.Header
		drips  bool
	}{
		"silence":              {status: http.StatusOK},
		"a byte a second":      {status: http.StatusOK, drips: true},
		"a redirect, silently": {status: http.StatusFound, header: http.Header{"Location": {"/elsewhere"}}},
		"an error, silently":   {status: http.StatusBadGateway},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client := httpclient.New(httpclient.Config{RoundTripper: answering(func(r *http.Request) *http.Response {
					body, writer := io.Pipe()
					if test.drips {
						go func() {
							for r.Context().Err() == nil {
								_, _ = writer.Write([]byte(" "))
								select {
								case <-time.After(time.Second):
								case <-r.Context().Done():
								}
							}
						}()
					}
					return &http.Response{StatusCode: test.status, Header: test.header, Body: body, ContentLength: -1, Request: r}
				})})
				ctx, cancel := context.WithTimeout(t.Context(), timeout)
				defer cancel()
				begun := time.Now()
				_, err := client.Once(ctx, read())
				var redirect *httpclient.RedirectError
				if took := time.Since(begun); took != timeout || !errors.Is(err, context.DeadlineExceeded) && !errors.As(err, &redirect) {
					t.Errorf("got %v after %v", err, took)
				}
			})
		})
	}
}
