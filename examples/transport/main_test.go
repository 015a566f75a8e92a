package main

import (
	"regexp"
	"strings"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/registrationtest"
)

func TestPlay(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := play(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	if want := regexp.MustCompile(`^the desk has request r1\nwas unregistered, is registered as workspace \w+\n$`); !want.MatchString(out.String()) {
		t.Errorf("it says %q", out.String())
	}
}

// TestDeskIsATransport, where the request waits for an approval, and where the desk approves at once.
func TestDeskIsATransport(t *testing.T) {
	t.Parallel()
	for name, atOnce := range map[string]bool{"waits": false, "at once": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			registrationtest.TestTransport(t, func(t *testing.T, ws *registrationtest.Workspace, _ *registrationtest.Clock) registration.Transport {
				office := newOffice(ws.Cloud().IssueToken)
				t.Cleanup(office.Close)
				office.atOnce = atOnce
				transport, err := newDesk(office.URL)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(transport.(desk).client.CloseIdleConnections)
				return transport
			})
		})
	}
}

func TestDeskWithoutAnAddress(t *testing.T) {
	t.Parallel()
	if _, err := newDesk("the desk"); err == nil {
		t.Error("it takes what is no address")
	}
}
