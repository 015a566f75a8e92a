package inprocess_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rcreg/registration/internal/clock"
	"github.com/rcreg/registration/registrationtest/internal/inprocess"
)

const address = "https://chat.example.test"

// transportTo leads from address to a handler, and from nowhere else.
func transportTo(t *testing.T, handler http.HandlerFunc) *inprocess.Transport {
	t.Helper()
	transport := inprocess.New(func(u *url.URL) http.Handler {
		if u.Host != "chat.example.test" {
			return nil
		}
		return handler
	})
	t.Cleanup(transport.Close)
	return transport
}

// seen is what a client sees of an answer, but for the date.
func seen(t *testing.T, transport http.RoundTripper, method, address, body string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, address+"/a%2Fb?c=d", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("User-Agent", "test/1")
	request.Header.Set("Accept-Encoding", "identity")
	response, err := transport.RoundTrip(request)
	if err != nil {
		var reset syscall.Errno
		errors.As(err, &reset)
		return fmt.Sprintf("%T %v", err, reset == syscall.ECONNRESET || errors.Is(err, io.EOF))
	}
	defer response.Body.Close()
	read, err := io.ReadAll(response.Body)
	if response.Header.Get("Date") == "" {
		t.Error("no date")
	}
	response.Header.Del("Date")
	return fmt.Sprintf("%s %s %v %q %v %d", response.Proto, response.Status, response.Header, read, err, response.ContentLength)
}

// What a client sees is what it sees over a socket.
func TestLooksLikeASocket(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, method, body string
		handler            http.HandlerFunc
	}{
		{"nothing written", "GET", "", func(http.ResponseWriter, *http.Request) {}},
		{"JSON", "POST", "hello", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusTeapot)
			w.Header().Set("X-Late", "not sent")
			w.WriteHeader(http.StatusOK)
			_, _ = io.Copy(w, r.Body)
		}},
		{"a page without a type", "GET", "", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") }},
		{"the request", "PUT", "four", func(w http.ResponseWriter, r *http.Request) {
			_, _ = fmt.Fprint(w, r.Method, r.URL, r.RequestURI, r.Proto, r.ContentLength, r.Header.Get("User-Agent"), r.URL.EscapedPath(), r.URL.Query())
		}},
		{"HEAD", "HEAD", "", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Length", "7") }},
		{"cut", "GET", "", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "7")
			w.Header().Set("Content-Type", "text/plain")
			_, _ = io.WriteString(w, "four")
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(test.handler)
			t.Cleanup(server.Close)
			socket := &http.Transport{}
			t.Cleanup(socket.CloseIdleConnections)
			want := seen(t, socket, test.method, server.URL, test.body)
			if got := seen(t, transportTo(t, test.handler), test.method, address, test.body); got != want {
				t.Errorf("in process: %s\nover a socket: %s", got, want)
			}
		})
	}
}

func TestDropsAConnection(t *testing.T) {
	t.Parallel()
	transport := transportTo(t, func(w http.ResponseWriter, _ *http.Request) {
		if _, _, err := http.NewResponseController(w).Hijack(); !errors.Is(err, http.ErrNotSupported) {
			t.Errorf("it can be hijacked: %v", err)
		}
		_, _ = io.WriteString(w, "never seen")
		panic(http.ErrAbortHandler)
	})
	response, err := transport.RoundTrip(httptest.NewRequest(http.MethodGet, address, http.NoBody))
	if !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("%v %v", response, err)
	}
}

func TestFindsNobody(t *testing.T) {
	t.Parallel()
	transport := transportTo(t, func(http.ResponseWriter, *http.Request) {})
	var unknown *net.DNSError
	_, err := transport.RoundTrip(httptest.NewRequest(http.MethodGet, "https://elsewhere.example.test", http.NoBody))
	if !errors.As(err, &unknown) || !unknown.IsNotFound || unknown.Name != "elsewhere.example.test" {
		t.Errorf("another host: %v", err)
	}
	transport.Close()
	if _, err = transport.RoundTrip(httptest.NewRequest(http.MethodGet, address, http.NoBody)); !errors.As(err, &unknown) {
		t.Errorf("after its end: %v", err)
	}
}

// A server goes on with its work when the caller has left, learns of it, and is waited for.
func TestLeavesWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		worked := false
		transport := transportTo(t, func(_ http.ResponseWriter, r *http.Request) {
			<-r.Context().Done()
			worked = clock.System().Sleep(context.WithoutCancel(r.Context()), time.Hour) == nil
		})
		why := errors.New("too late")
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Minute, why)
		defer cancel()
		began := time.Now()
		if _, err := transport.RoundTrip(httptest.NewRequest(http.MethodGet, address, http.NoBody).WithContext(ctx)); !errors.Is(err, why) {
			t.Errorf("%v", err)
		}
		if took := time.Since(began); took != time.Minute {
			t.Errorf("the caller waited for %s", took)
		}
		if _, err := transport.RoundTrip(httptest.NewRequest(http.MethodGet, address, http.NoBody).WithContext(ctx)); !errors.Is(err, why) {
			t.Errorf("with a context that is done: %v", err)
		}
		transport.Close()
		if took := time.Since(began); !worked || took != time.Minute+time.Hour {
			t.Errorf("closed after %s, with the work done: %t", took, worked)
		}
	})
}

// A transport that is closed ends the requests that wait for ever.
func TestEndsWhatHangs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		transport := transportTo(t, func(_ http.ResponseWriter, r *http.Request) {
			<-r.Context().Done()
			panic(http.ErrAbortHandler)
		})
		got := make(chan error)
		go func() {
			_, err := transport.RoundTrip(httptest.NewRequest(http.MethodGet, address, http.NoBody))
			got <- err
		}()
		synctest.Wait()
		transport.Close()
		if err := <-got; !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("%v", err)
		}
	})
}
