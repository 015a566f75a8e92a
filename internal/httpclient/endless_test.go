package httpclient_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/rcreg/registration/internal/hostile"
	"github.com/rcreg/registration/internal/httpclient"
)

// TestEndlessRepliesAreCutOff: however a server goes on for ever, no more is read than the limit and what one read brings along.
func TestEndlessRepliesAreCutOff(t *testing.T) {
	t.Parallel()
	const limit, slack = 64 << 10, 64 << 10
	for name, flood := range hostile.Floods() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			transport := ownTransport(t)
			transport.DialContext = hostile.NewDialer(t, flood)
			client := httpclient.New(httpclient.Config{RoundTripper: transport, MaxReply: limit})
			_, err := client.Once(t.Context(), &httpclient.Request{Verb: http.MethodGet, URL: "http://chat.example.com/"})
			var (
				tooLarge *httpclient.TooLargeError
				lost     *httpclient.LostError
			)
			most := int64(limit + slack)
			switch name {
			case "a head", "replies before reply":
				most = 1<<20 + slack
				if !errors.As(err, &lost) {
					t.Errorf("got %v", err)
				}
			default:
				if !errors.As(err, &tooLarge) {
					t.Errorf("got %v", err)
				}
			}
			if sent := flood.Sent.Load(); sent > most {
				t.Errorf("read %d bytes", sent)
			}
		})
	}
}

// ownTransport is the transport that a client has by itself.
func ownTransport(t *testing.T) *http.Transport {
	t.Helper()
	transport, ok := httpclient.DefaultTransport().(*http.Transport)
	if !ok {
		t.Fatalf("the transport is %T", httpclient.DefaultTransport())
	}
	t.Cleanup(transport.CloseIdleConnections)
	return transport
}
