package offline_test

import (
	"errors"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/offline"
)

// The stick is a folder that is renamed, and put back. offline tests sticks that fail half way.

func (g gapped) pullOut(t *testing.T) {
	t.Helper()
	if err := os.Rename(g.file(), g.file()+"-away"); err != nil {
		t.Error(err)
	}
}

func (g gapped) putIn(t *testing.T) {
	t.Helper()
	if err := os.Rename(g.file()+"-away", g.file()); err != nil {
		t.Error(err)
	}
}

// TestStickPulledOutWhileAsking: the request stands, and is written once the stick is back.
func TestStickPulledOutWhileAsking(t *testing.T) {
	t.Parallel()
	g := newGapped(t, "8.9.0")
	r := g.requester(t)
	client := g.over(t, watching("cloud.workspaceRegisterData", func(n int) {
		if n == 1 {
			g.pullOut(t)
		}
	}))
	result, err := client.Register(t.Context(), registration.Request{})
	expectAway(t, "register", result, err)
	pending, err := r.Pending(g.Setting("uniqueID").(string))
	if err != nil || len(pending) != 1 {
		t.Fatalf("pending are %v, %v", pending, err)
	}
	g.putIn(t)
	ticket := g.ask(t, client)
	if ticket.Request != pending[0].ID() {
		t.Errorf("request %s was made, and %s after it", pending[0].ID(), ticket.Request)
	}
	g.expectFiles(t, "requests", ticket.Request+".json", ticket.Request+".txt")
}

// TestStickPulledOutWhileLooking: a look says so, and a wait goes on, also while the answer is being copied.
func TestStickPulledOutWhileLooking(t *testing.T) {
	t.Parallel()
	g := newGapped(t, "8.9.0")
	ticket := g.ask(t, g.run(t))
	g.courier(t)
	answer := g.load(t, "answers", ticket.Request+".json")
	if err := os.RemoveAll(g.file("answers")); err != nil {
		t.Fatal(err)
	}
	client := g.run(t)
	g.pullOut(t)
	result, err := client.Resume(t.Context(), ticket)
	expectAway(t, "resume", result, err)
	result, err = client.Register(t.Context(), registration.Request{})
	expectAway(t, "register", result, err)
	g.putIn(t)

	began := g.clock.Now()
	moments := []func(){
		func() {},
		func() { g.pullOut(t) },
		func() {},
		func() { g.putIn(t) },
		func() { g.save(t, ticket, ".json", "") },
		func() { g.save(t, ticket, ".json", answer[:len(answer)/2]) },
		func() {
			g.save(t, ticket, ".json", answer[:len(answer)/2]+strings.Repeat("\x00", len(answer)-len(answer)/2))
		},
		func() { g.pullOut(t) },
		func() { g.putIn(t); g.save(t, ticket, ".json", answer) },
	}
	client = g.over(t, watching("cloud.registrationStatus", func(n int) {
		if n <= len(moments) {
			moments[n-1]()
		}
	}))
	result, err = client.Wait(t.Context(), ticket)
	clienttest.Expect(t, "wait", result, err, nil, true)
	g.expectArchived(t, ticket)
	if looks := int(g.clock.Now().Sub(began).Seconds() / 5); looks < len(moments)-1 {
		t.Errorf("it took %d looks", looks)
	}
}

// TestStickPulledOutWhileHandingOver: what was received is enough, and closing is caught up on by the next run, whatever it is.
func TestStickPulledOutWhileHandingOver(t *testing.T) {
	t.Parallel()
	next := map[string]func(*testing.T, *registration.Client, registration.Ticket) (registration.Result, error){
		"register": func(t *testing.T, c *registration.Client, _ registration.Ticket) (registration.Result, error) {
			return c.Register(t.Context(), registration.Request{})
		},
		"resume": func(t *testing.T, c *registration.Client, k registration.Ticket) (registration.Result, error) {
			return c.Resume(t.Context(), k)
		},
		"wait": func(t *testing.T, c *registration.Client, k registration.Ticket) (registration.Result, error) {
			return c.Wait(t.Context(), k)
		},
	}
	for name, run := range next {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGapped(t, "6.13.0")
			ticket := g.ask(t, g.run(t))
			g.courier(t)
			client := g.over(t, watching("cloud.manualRegister", func(int) { g.pullOut(t) }))
			result, err := run(t, client, ticket)
			clienttest.Expect(t, "with the stick pulled out", result, err, nil, true)
			expectNote(t, result, "cleanup is incomplete")
			result, err = run(t, client, ticket)
			clienttest.Expect(t, "without the stick", result, err, nil, false)
			expectNote(t, result, "cleanup is incomplete")
			g.expectNoSecretSaid(t, result, err)
			g.putIn(t)
			g.expectFiles(t, "requests", ticket.Request+".json", ticket.Request+".txt")
			result, err = run(t, client, ticket)
			clienttest.Expect(t, "with the stick", result, err, nil, false)
			if len(result.Notes) != 0 {
				t.Errorf("notes %q", result.Notes)
			}
			g.expectArchived(t, ticket)
			if n := g.handedOver(); n != 1 {
				t.Errorf("%d grants were handed over", n)
			}
		})
	}
}

// TestAnswerReceivedBeforeTheStickIsGone hands over from the state folder alone, after the first try has failed.
func TestAnswerReceivedBeforeTheStickIsGone(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.0", "", func(t *testing.T, v string) {
		g := newGapped(t, v)
		ticket := g.ask(t, g.run(t))
		g.courier(t)
		result, err := g.over(t, clienttest.Refusing("cloud.manualRegister")).Resume(t.Context(), ticket)
		clienttest.Expect(t, "a workspace that fails", result, err, registration.ErrRejected, false)
		if !strings.Contains(err.Error(), "is kept") {
			t.Errorf("nothing says that it may be run again: %v", err)
		}
		client := g.run(t)
		g.pullOut(t)
		result, err = client.Resume(t.Context(), ticket)
		clienttest.Expect(t, "without the stick", result, err, nil, true)
		g.putIn(t)
		result, err = client.Register(t.Context(), registration.Request{})
		clienttest.Expect(t, "with the stick", result, err, nil, false)
		g.expectArchived(t, ticket)
		if n, spent := g.handedOver(), len(g.Cloud().SpentTokens()); n != 1 || spent != 1 {
			t.Errorf("%d grants reached it, %d tokens spent", n, spent)
		}
	})
}

// TestStickThatCannotBeWritten carries an answer all the same. A file in the place of a folder stops even the superuser.
func TestStickThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	for _, folder := range []string{"requests", "archive"} {
		t.Run(folder, func(t *testing.T) {
			t.Parallel()
			g := newGapped(t, "6.13.0")
			client := g.run(t)
			ticket := g.ask(t, client)
			g.courier(t)
			block := func() error {
				return errors.Join(os.RemoveAll(g.file(folder)), os.WriteFile(g.file(folder), nil, 0o600))
			}
			if err := block(); err != nil {
				t.Fatal(err)
			}
			result, err := client.Register(t.Context(), registration.Request{})
			clienttest.Expect(t, "register", result, err, nil, true)
			expectNote(t, result, folder)
			if err := os.Remove(g.file(folder)); err != nil {
				t.Fatal(err)
			}
			result, err = client.Register(t.Context(), registration.Request{})
			clienttest.Expect(t, "register again", result, err, nil, false)
			g.expectArchived(t, ticket)
		})
	}
}

// TestStickThatTakesNoRequest: without an answer it must be writable, and the error blames no answer.
func TestStickThatTakesNoRequest(t *testing.T) {
	t.Parallel()
	g := newGapped(t, "6.13.0")
	client := g.run(t)
	if err := os.WriteFile(g.file("requests"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	result, err := client.Register(t.Context(), registration.Request{})
	clienttest.Expect(t, "register", result, err, offline.ErrNotRegular, false)
	if errors.Is(err, registration.ErrInvalidGrant) || errors.Is(err, offline.ErrStateDamaged) || !strings.Contains(err.Error(), "requests") {
		t.Errorf("got %v", err)
	}
	if err := os.Remove(g.file("requests")); err != nil {
		t.Fatal(err)
	}
	g.ask(t, client)
}

// TestHandOverAnsweredInFront: what the Cloud gave is kept, and is handed over when the way is free.
func TestHandOverAnsweredInFront(t *testing.T) {
	t.Parallel()
	g := newGapped(t, "8.9.0")
	g.ask(t, g.run(t))
	g.courier(t)
	front := clienttest.AnswerHandOver(http.StatusForbidden, `{"message":"forbidden by a rule"}`)
	_, err := g.over(t, clienttest.RoundTrip(func(q *http.Request) (*http.Response, error) {
		if answer := front(q); answer != nil {
			return answer, nil
		}
		return http.DefaultTransport.RoundTrip(q)
	})).Register(t.Context(), registration.Request{})
	clienttest.ExpectHandOverInFront(t, err)
	result, err := g.run(t).Register(t.Context(), registration.Request{})
	clienttest.Expect(t, "again", result, err, nil, true)
}
