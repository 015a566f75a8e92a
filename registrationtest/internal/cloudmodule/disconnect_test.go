package cloudmodule_test

import (
	"net/http"
	"testing"
	"time"
)

// A6: a disconnect is true always, and changes the wish alone.
func TestA6Disconnect(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"3.0.0", "3.18.0", "6.0.0", "6.4.0"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, version)
			for _, when := range []string{"unregistered", "registered", "again"} {
				if when == "registered" {
					b.connect()
				}
				if got, err := b.call("disconnectWorkspace"); err != nil || got != true {
					t.Errorf("%s, it says %v, %v", when, got, err)
				}
				b.wantSettings(map[string]any{"Register_Server": false})
			}
			b.wantCalls()
			if !b.registered() {
				t.Error("the credentials are gone")
			}
		})
	}
}

// Where the cache lags, the sync that follows a disconnect from 6.0 still has the old wish.
func TestDisconnectWithALaggingCache(t *testing.T) {
	t.Parallel()
	for version, calls := range map[string][]string{"5.4.0": nil, "6.0.0": {askToken, askClient}, "6.4.0": {askToken, askClient}} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, version, withLag(20*time.Millisecond))
			b.connect()
			b.clock.Advance(time.Second)
			if got, err := b.call("disconnectWorkspace"); err != nil || got != true {
				t.Errorf("it says %v, %v", got, err)
			}
			b.wantCalls(calls...)
		})
	}
}

// A7: a reconnect is true even if the Cloud fails, and where the cache lags it makes no call at all.
func TestA7Reconnect(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"6.0.0", "6.4.0"} {
		for _, test := range []struct {
			name  string
			lag   time.Duration
			cloud answer
			calls []string
		}{
			{"well", 0, nil, []string{askToken, askClient, askLicense("?version=2")}},
			{"500", 0, refuse(http.StatusInternalServerError, "internal_error"), []string{askToken, askToken}},
			{"lag", 20 * time.Millisecond, nil, nil},
		} {
			t.Run(version+" "+test.name, func(t *testing.T) {
				t.Parallel()
				b := newBench(t, version, withLag(test.lag))
				if got, err := b.call("reconnectWorkspace"); err != nil || got != false {
					t.Errorf("unregistered, it says %v, %v", got, err)
				}
				b.connect()
				b.settings.Set("Register_Server", false)
				b.clock.Advance(time.Second)
				b.cloud.set("", test.cloud)
				if got, err := b.call("reconnectWorkspace"); err != nil || got != true {
					t.Errorf("it says %v, %v", got, err)
				}
				b.wantCalls(test.calls...)
				b.wantSettings(map[string]any{"Register_Server": true})
			})
		}
	}
}
