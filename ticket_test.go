package registration_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/registrationtest/faults"
)

func exampleTicket() registration.Ticket {
	at := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	return registration.Ticket{
		TicketFormat: 1, Transport: "direct", Workspace: "https://chat.example.com", UniqueID: "u1", Email: "ops@example.com", UserCode: "ABCD-EFGH",
		DeviceCode: "very-secret", Created: at, Expires: at.Add(15 * time.Minute), Interval: 5,
	}
}

// requestTicket is the ticket of a request in an exchange folder.
func requestTicket(operation string) registration.Ticket {
	return registration.Ticket{
		TicketFormat: 1, Transport: "offline", Operation: operation, Workspace: "https://chat.example.com", UniqueID: "u1", Request: "k5d2m7q3w4xy6zab",
		Created: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC),
	}
}

func TestTicketSurvivesARestart(t *testing.T) {
	t.Parallel()
	for name, ticket := range map[string]registration.Ticket{"e-mail": exampleTicket(), "request": requestTicket(""), "request for a license": requestTicket("sync")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, err := json.Marshal(ticket)
			if err != nil {
				t.Fatal(err)
			}
			back, err := registration.ParseTicket(text)
			if err != nil {
				t.Fatal(err)
			}
			if back != ticket {
				t.Errorf("got %+v of %s", back, text)
			}
			if shown := strings.Contains(string(text), `"expires"`); shown == ticket.Expires.IsZero() {
				t.Errorf("a time that is none is written: %s", text)
			}
		})
	}
}

// TestDamagedTickets changes each byte of a ticket, with a check and as it was written before there was one: with a check it is refused, or all of it is there.
func TestDamagedTickets(t *testing.T) {
	t.Parallel()
	for name, ticket := range map[string]registration.Ticket{"e-mail": exampleTicket(), "request": requestTicket("sync")} {
		text, err := json.MarshalIndent(ticket, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		refused := 0
		for _, damage := range faults.Damages(text, 1) {
			switch got, err := registration.ParseTicket(damage.Content); {
			case err == nil && got != ticket:
				t.Errorf("%s, %s: it is read as %+v", name, damage.Name, got)
			case err != nil && !errors.Is(err, registration.ErrInvalidInput):
				t.Errorf("%s, %s: %v", name, damage.Name, err)
			case err != nil:
				refused++
			}
		}
		t.Logf("%s: of %d damages %d are refused, and the others change nothing", name, len(faults.Damages(text, 1)), refused)
		old := regexp.MustCompile(`,\s*"check": "[^"]*"`).ReplaceAllString(string(text), "")
		if got, err := registration.ParseTicket([]byte(old)); err != nil || got != ticket || old == string(text) {
			t.Errorf("%s, as it was written before there was a check: %v, %v", name, got, err)
		}
	}
}

// TestPendingSaysWhatToDo names the request, the files and the page of the console.
func TestPendingSaysWhatToDo(t *testing.T) {
	t.Parallel()
	without := exampleTicket()
	without.UserCode = ""
	cases := map[string]struct {
		ticket registration.Ticket
		says   []string
		not    string
	}{
		"e-mail":                {exampleTicket(), []string{"ops@example.com", "ABCD-EFGH", "2026-03-04 05:21 UTC"}, "exchange folder"},
		"e-mail, no code":       {without, []string{"ops@example.com"}, "user code"},
		"request":               {requestTicket(""), []string{"requests/k5d2m7q3w4xy6zab.txt", `"Continue offline"`, "answers/k5d2m7q3w4xy6zab.txt", "courier"}, "0001"},
		"request for a license": {requestTicket("sync"), []string{"license", "answers/k5d2m7q3w4xy6zab.txt", "courier"}, "Continue offline"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := error(&registration.PendingError{Ticket: tc.ticket})
			for _, part := range append(tc.says, "Next: ") {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q is missing: %v", part, err)
				}
			}
			if !errors.Is(err, registration.ErrPending) || strings.Contains(err.Error(), tc.not) {
				t.Errorf("it says %q: %v", tc.not, err)
			}
			if shown := fmt.Sprint(tc.ticket); tc.ticket.Request != "" && shown != "ticket for https://chat.example.com (request k5d2m7q3w4xy6zab)" {
				t.Errorf("the ticket shows as %q", shown)
			}
		})
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
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("waiting", "ticket", ticket, "error", pending)
	if !strings.Contains(log.String(), "ABCD-EFGH") || strings.Contains(log.String(), "very-secret") {
		t.Errorf("the log has %s", log.String())
	}
	if want := `ticket for https://chat.example.com (ops@example.com, user code "ABCD-EFGH", expires 2026-03-04T05:21:07Z)`; ticket.String() != want {
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
		"no request":    {`{"format":1,"unique_id":"u","transport":"offline","request":""}`, "incomplete"},
		"no unique id":  {`{"format":1,"transport":"offline","request":"k5d2m7q3w4xy6zab"}`, "incomplete"},
		"odd request":   {`{"format":1,"unique_id":"u","request":["k5d2m7q3w4xy6zab"]}`, "field request"},
		"odd operation": {`{"format":1,"unique_id":"u","request":"k5d2m7q3w4xy6zab","operation":1}`, "field operation"},
		"expires never": {strings.Replace(string(whole), "2026-03-04T05:21:07Z", "0001-01-01T00:00:00Z", 1), "incomplete"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := registration.ParseTicket([]byte(tc.text))
			var typed *registration.Error
			if !errors.As(err, &typed) || !errors.Is(err, registration.ErrInvalidInput) || !strings.Contains(err.Error(), tc.says) || typed.Advice() == "" {
				t.Errorf("got %v, want ErrInvalidInput with advice that says %q", err, tc.says)
			}
			if err != nil && strings.Contains(err.Error(), "very-secret") {
				t.Errorf("the device code shows: %v", err)
			}
		})
	}
}

func FuzzParseTicket(f *testing.F) {
	for _, ticket := range []registration.Ticket{exampleTicket(), requestTicket(""), requestTicket("sync")} {
		whole, err := json.Marshal(ticket)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(whole)
		f.Add(whole[:len(whole)/2])
	}
	f.Add([]byte(`{"format":1,"unique_id":"u","request":"../../etc/passwd","operation":"sync"}`))
	f.Add([]byte(`{"format":1,"unique_id":"u","request":"k5d2m7q3w4xy6zab","operation":7}`))
	f.Add([]byte(`{"format":1,"unique_id":"u","request":"\u0000","created":"2026-03-04T05:06:07+25:00"}`))
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
		if err != nil || !back.Expires.Equal(ticket.Expires) || !back.Created.Equal(ticket.Created) {
			t.Fatalf("read again it is %#v, %v", back, err)
		}
		back.Expires, back.Created = ticket.Expires, ticket.Created // equal, perhaps in other words
		if back != ticket {
			t.Fatalf("read again it is %#v, before it was %#v", back, ticket)
		}
		if ticket.DeviceCode == "" && ticket.Request == "" {
			t.Fatalf("nothing waits for %#v", ticket)
		}
	})
}
