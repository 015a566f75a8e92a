package httpclient_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rcreg/registration/internal/httpclient"
	"github.com/rcreg/registration/registrationtest"
)

// TestWritesAreSentOnceOverAConnectionThatBreaks: the server answers the first request of a connection, and ends it after the second without a word. net/http
// repeats a GET then by itself, also one that changes something.
func TestWritesAreSentOnceOverAConnectionThatBreaks(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		request *httpclient.Request
		most    int64
	}{
		"POST":                       {&httpclient.Request{Verb: http.MethodPost, URL: plainAddress, Body: []byte(`{"token":"t"}`), Effect: httpclient.Write}, 1},
		"POST without a body":        {&httpclient.Request{Verb: http.MethodPost, URL: plainAddress, Effect: httpclient.Write}, 1},
		"GET that changes something": {&httpclient.Request{Verb: http.MethodGet, URL: plainAddress, Effect: httpclient.Write}, 1},
		"GET":                        {&httpclient.Request{Verb: http.MethodGet, URL: plainAddress}, 10}, // five tries, and once more for each by net/http
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var breaks, seen atomic.Int64
				transport := ownTransport(t)
				transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
					ours, theirs := net.Pipe()
					go func() {
						defer theirs.Close()
						in := bufio.NewReader(theirs)
						for first := true; ; first = false {
							request, err := http.ReadRequest(in)
							if err != nil {
								return
							}
							body, _ := io.ReadAll(request.Body)
							if breaks.Load() > 0 {
								seen.Add(1)
								if request.Method == http.MethodGet && len(body)+len(request.TransferEncoding) != 0 {
									t.Errorf("a GET came with a body: %v", request)
								}
							}
							if !first {
								return
							}
							_, _ = io.WriteString(theirs, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
						}
					}()
					return ours, nil
				}
				client := httpclient.New(httpclient.Config{RoundTripper: transport, Clock: registrationtest.NewClock(start)})
				if _, err := client.Do(t.Context(), &httpclient.Request{Verb: http.MethodGet, URL: plainAddress}); err != nil {
					t.Fatal(err)
				}
				breaks.Add(1)
				_, err := client.Do(t.Context(), test.request)
				var lost *httpclient.LostError
				if test.request.Effect == httpclient.Write && !errors.As(err, &lost) {
					t.Errorf("got %v", err)
				}
				if seen.Load() < 1 || seen.Load() > test.most {
					t.Errorf("it was sent %d times", seen.Load())
				}
			})
		})
	}
}

// goAway starts a server that answers every request over HTTP/2 by a GOAWAY which says that none was processed, and counts them. Over HTTP/1.1 it answers well.
func goAway(t *testing.T) (server *httptest.Server, refused *atomic.Int64) {
	t.Helper()
	refused = new(atomic.Int64)
	server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Proto) }))
	server.TLS = &tls.Config{NextProtos: []string{"h2", "http/1.1"}, MinVersion: tls.VersionTLS12}
	server.Config.TLSNextProto = map[string]func(*http.Server, *tls.Conn, http.Handler){"h2": func(_ *http.Server, c *tls.Conn, _ http.Handler) {
		defer c.Close()
		in := bufio.NewReader(c)
		if _, err := in.Discard(24); err != nil { // the preface
			return
		}
		h2Frame(c, 4, 0, nil)
		for {
			head := make([]byte, 9)
			if _, err := io.ReadFull(in, head); err != nil {
				return
			}
			if _, err := in.Discard(int(head[0])<<16 | int(head[1])<<8 | int(head[2])); err != nil {
				return
			}
			switch {
			case head[3] == 4 && head[4]&1 == 0:
				h2Frame(c, 4, 1, nil)
			case head[3] == 1:
				refused.Add(1)
				h2Frame(c, 7, 0, make([]byte, 8))
				return
			}
		}
	}}
	server.StartTLS()
	t.Cleanup(server.Close)
	return server, refused
}

// h2Frame writes a frame of stream 0.
func h2Frame(w io.Writer, kind, flags byte, payload []byte) {
	head := binary.BigEndian.AppendUint32([]byte{byte(len(payload) >> 16), byte(len(payload) >> 8), byte(len(payload)), kind, flags}, 0)
	_, _ = w.Write(append(head, payload...))
}

func trusting(server *httptest.Server) *tls.Config {
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	return &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
}

// TestOwnTransportSpeaksHTTP1 also where the default of the program has spoken HTTP/2, so that its clone would.
func TestOwnTransportSpeaksHTTP1(t *testing.T) {
	t.Parallel()
	server, refused := goAway(t)
	transport := ownTransport(t)
	if transport.TLSClientConfig != nil && strings.Contains(strings.Join(transport.TLSClientConfig.NextProtos, " "), "h2") {
		t.Error("it offers HTTP/2")
	}
	transport.TLSClientConfig = trusting(server)
	client := httpclient.New(httpclient.Config{RoundTripper: transport})
	request := write()
	request.URL = server.URL
	reply, err := client.Do(t.Context(), request)
	if err != nil || string(reply.Body) != "HTTP/1.1" || refused.Load() != 0 {
		t.Errorf("got %v, %v, and %d times HTTP/2", reply, err, refused.Load())
	}
}

// TestWritesAreSentOnceOverHTTP2 that a transport of the user's own speaks.
func TestWritesAreSentOnceOverHTTP2(t *testing.T) {
	t.Parallel()
	for name, request := range map[string]*httpclient.Request{
		"POST": write(),
		"GET":  {Verb: http.MethodGet, Effect: httpclient.Write},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, refused := goAway(t)
			transport := &http.Transport{TLSClientConfig: trusting(server), ForceAttemptHTTP2: true}
			t.Cleanup(transport.CloseIdleConnections)
			request.URL = server.URL
			// A client that repeats does so until its context ends.
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
			defer cancel()
			_, err := httpclient.New(httpclient.Config{RoundTripper: transport}).Do(ctx, request)
			var lost *httpclient.LostError
			if !errors.As(err, &lost) || refused.Load() != 1 {
				t.Errorf("got %v; the server saw it %d times", err, refused.Load())
			}
		})
	}
}

// TestOnceProvesThatNothingLeft: whatever went wrong before there was a connection, nothing was sent.
func TestOnceProvesThatNothingLeft(t *testing.T) {
	t.Parallel()
	const secure = "https://chat.example.com/api/info"
	alert := func(description byte) func(net.Conn) {
		return func(c net.Conn) {
			_, _ = c.Read(make([]byte, 4096))
			_, _ = c.Write([]byte{21, 3, 1, 0, 2, 2, description})
		}
	}
	for name, test := range map[string]struct {
		serve    func(net.Conn)
		attempts int64
	}{
		"protocol version": {alert(70), 1},
		"handshake failed": {alert(40), 1},
		"internal error":   {alert(80), 1},
		"no TLS": {func(c net.Conn) {
			_, _ = c.Read(make([]byte, 4096))
			_, _ = io.WriteString(c, "HTTP/1.1 400 Bad Request\r\n\r\n")
		}, 1},
		"the end": {func(c net.Conn) { _, _ = c.Read(make([]byte, 4096)) }, 5}, // as of a server that restarts
		"silence": {func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var dials atomic.Int64
				transport := ownTransport(t)
				transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
					dials.Add(1)
					ours, theirs := net.Pipe()
					go func() {
						defer theirs.Close()
						test.serve(theirs)
					}()
					return ours, nil
				}
				client := httpclient.New(httpclient.Config{RoundTripper: transport, Clock: registrationtest.NewClock(start)})
				request := write()
				request.URL = secure
				_, err := client.Do(t.Context(), request)
				var notSent *httpclient.NotSentError
				if !errors.As(err, &notSent) || dials.Load() != test.attempts {
					t.Errorf("got %v after %d dials", err, dials.Load())
				}
			})
		})
	}
}

// TestExchangesHaveALimit: a server that takes the request and never answers is asked once.
func TestExchangesHaveALimit(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		effect httpclient.Effect
		limit  time.Duration // zero for none of the caller's
		want   time.Duration
	}{
		"read":            {httpclient.Read, 0, 30 * time.Second},
		"write":           {httpclient.Write, 0, time.Minute},
		"read, as asked":  {httpclient.Read, 2 * time.Minute, 2 * time.Minute},
		"write, as asked": {httpclient.Write, time.Second, time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client := overPipe(t, func(io.Writer) {})
				ctx := t.Context()
				if test.limit != 0 {
					ctx = httpclient.WithLimit(ctx, test.limit)
				}
				begun := time.Now()
				_, err := client.Do(ctx, &httpclient.Request{Verb: http.MethodGet, URL: plainAddress, Effect: test.effect})
				var (
					lost   *httpclient.LostError
					silent *httpclient.SilentError
				)
				if !errors.As(err, &lost) || !errors.As(err, &silent) || time.Since(begun) != test.want || errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("got %v after %v", err, time.Since(begun))
				}
			})
		})
	}
}
