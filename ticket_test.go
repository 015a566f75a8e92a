package registration_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/rcreg/registration"
)

func exampleTicket() registration.Ticket {
	at := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	return registration.Ticket{
		TicketFormat: 1, Transport: "direct", Workspace: "https://chat.example.com", UniqueID: "u1", Email: "ops@example.com", UserCode: "ABCD-EFGH",
		DeviceCode: "very-secret", Created: at, Expires: at.Add(15 * time.Minute), Interval: 5,
	}
}

func TestTicketSurvivesARestart(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal(exampleTicket())
	if err != nil {
		t.Fatal(err)
	}
	back, err := registration.ParseTicket(text)
	if err != nil {
		t.Fatal(err)
	}
	if back != exampleTicket() {
		t.Errorf("got %#v", back)
	}
}

func TestTicketShowsNoDeviceCode(t *testing.T) {
	t.Parallel()
	ticket := exampleTicket()
	pending := &registration.PendingError{Ticket: ticket}
	shown := fmt.Sprintf("%v %+v %#v %s %q %v %+v", ticket, ticket, ticket, ticket, ticket, pending, struct{ T registration.Ticket }{ticket})
	if strings.Contains(shown, "very-secret") {
		t.Errorf("the device code shows: %s", shown)
	}
	if !strings.Contains(shown, "ops@example.com") || !strings.Contains(shown, "ABCD-EFGH") {
		t.Errorf("what a person needs is missing: %s", shown)
	}
}

func TestParseTicketRefuses(t *testing.T) {
	t.Parallel()
	whole, err := json.Marshal(exampleTicket())
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct{ text, says string }{
		"nothing":       {"", "not complete JSON"},
		"cut off":       {string(whole[:len(whole)/2]), "not complete JSON"},
		"a web page":    {"<html>", "not complete JSON"},
		"a list":        {"[]", "not a"},
		"another JSON":  {`{"success":true}`, "no format"},
		"null":          {"null", "no format"},
		"wrong type":    {strings.Replace(string(whole), `"format":1`, `"format":"1"`, 1), "field format"},
		"newer format":  {strings.Replace(string(whole), `"format":1`, `"format":2`, 1), "format 2"},
		"no code":       {strings.Replace(string(whole), "very-secret", "", 1), "incomplete"},
		"negative":      {strings.Replace(string(whole), `"format":1`, `"format":-1`, 1), "no format"},
		"expires never": {strings.Replace(string(whole), "2026-03-04T05:21:07Z", "0001-01-01T00:00:00Z", 1), "incomplete"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := registration.ParseTicket([]byte(tc.text))
			var typed *registration.Error
			if !errors.As(err, &typed) || !errors.Is(err, registration.ErrInvalidInput) || !strings.Contains(err.Error(), tc.says) || typed.Advice == "" {
				t.Errorf("got %v, want ErrInvalidInput with advice that says %q", err, tc.says)
			}
			if err != nil && strings.Contains(err.Error(), "very-secret") {
				t.Errorf("the device code shows: %v", err)
			}
		})
	}
}

func FuzzParseTicket(f *testing.F) {
	whole, err := json.Marshal(exampleTicket())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add([]byte(`{"format":2}`))
	f.Add([]byte(`{"format":1,"unique_id":"u","device_code":"d","expires":"9999-12-31T23:59:59Z","interval_seconds":-5}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		ticket, err := registration.ParseTicket(text)
		if err != nil {
			if !errors.Is(err, registration.ErrInvalidInput) {
				t.Fatalf("an untyped error: %v", err)
			}
			return
		}
		again, err := json.Marshal(ticket)
		if err != nil {
			t.Fatalf("a ticket that was read cannot be written: %v", err)
		}
		back, err := registration.ParseTicket(again)
		if err != nil || !back.Expires.Equal(ticket.Expires) || back.DeviceCode != ticket.DeviceCode {
			t.Fatalf("read again it is %#v, %v", back, err)
		}
	})
}
