package offline_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/offline"
	"github.com/rcreg/registration/registrationtest"
)

// registerOtherwise registers the workspace over its own connection, while its request is open.
func (g gapped) registerOtherwise(t *testing.T) {
	t.Helper()
	g.Cloud().SetMode(registrationtest.CloudUp)
	defer g.Cloud().SetMode(registrationtest.CloudDown)
	clienttest.RegisterForReal(t, g.Workspace, g.clock)
}

// TestRegisteredOtherwise: the answer to an open request replaces nothing, and what is to be done about it is said until it is withdrawn.
func TestRegisteredOtherwise(t *testing.T) {
	t.Parallel()
	for name, answered := range map[string]bool{"without an answer": false, "with an answer": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clienttest.EachVersion(t, "3.0", "", func(t *testing.T, v string) {
				g := newGapped(t, v)
				client := g.run(t)
				ticket := g.ask(t, client)
				says := "still open"
				if answered {
					g.courier(t)
					says = "remove workspace " + g.Cloud().Workspaces()[0].ID + " in the Cloud console"
				}
				g.registerOtherwise(t)
				for way, look := range g.looks(client, ticket) {
					result, err := look(t)
					clienttest.Expect(t, way, result, err, nil, false)
					expectNote(t, result, says)
					expectNote(t, result, "withdraw")
				}
				if g.handedOver() != 0 {
					t.Error("the answer was handed over")
				}
				if err := g.requester(t).Withdraw(ticket.Request); err != nil {
					t.Fatal(err)
				}
				result, err := client.Register(t.Context(), registration.Request{})
				clienttest.Expect(t, "register once it is withdrawn", result, err, nil, false)
				if len(result.Notes) != 0 {
					t.Errorf("notes %q", result.Notes)
				}
				g.expectArchived(t)
			})
		})
	}
}

// TestRegisteredWhileHandingOver registers the workspace otherwise at the last moment.
func TestRegisteredWhileHandingOver(t *testing.T) {
	t.Parallel()
	g := newGapped(t, "6.13.0")
	ticket := g.ask(t, g.run(t))
	g.courier(t)
	client := g.over(t, watching("cloud.manualRegister", func(int) { g.registerOtherwise(t) }))
	result, err := client.Resume(t.Context(), ticket)
	clienttest.Expect(t, "resume", result, err, nil, true)
	if result.After.WorkspaceID == g.Cloud().Workspaces()[0].ID {
		t.Error("the answer has replaced the registration")
	}
	expectNote(t, result, "registered otherwise")
}

// TestNewUniqueIDBetweenRequestAndAnswer: the answer is for the workspace that it was, and the workspace that it is asks anew.
func TestNewUniqueIDBetweenRequestAndAnswer(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.0", "", func(t *testing.T, v string) {
		g := newGapped(t, v)
		client := g.run(t)
		ticket := g.ask(t, client)
		g.courier(t)
		g.Set("uniqueID", "another-unique-id")
		result, err := client.Resume(t.Context(), ticket)
		clienttest.Expect(t, "resume", result, err, registration.ErrInvalidInput, false)
		if !strings.Contains(err.Error(), "new unique id") {
			t.Errorf("got %v", err)
		}
		again := g.ask(t, client)
		if again.Request == ticket.Request || again.UniqueID != "another-unique-id" {
			t.Errorf("it asked %#v, and before it %#v", again, ticket)
		}
		g.save(t, again, ".json", g.load(t, "answers", ticket.Request+".json"))
		g.expectRefused(t, client, again, offline.ErrOtherWorkspace)
	})
}

// TestTicketsThatAreMixedUp lead to no request of another workspace, and to none of another kind.
func TestTicketsThatAreMixedUp(t *testing.T) {
	t.Parallel()
	g := newGapped(t, "6.13.0")
	client := g.run(t)
	ticket := g.ask(t, client)
	// Another workspace, with the same folders.
	other := newGapped(t, "6.13.0")
	other.path = g.path
	otherTicket := other.ask(t, other.run(t))
	code := other.code(t, otherTicket)
	other.save(t, otherTicket, ".txt", code)
	cases := map[string]struct {
		change func(*registration.Ticket)
		cause  error
	}{
		"with the request of another workspace": {func(k *registration.Ticket) { k.Request = otherTicket.Request }, nil},
		"with a request that is none":           {func(k *registration.Ticket) { k.Request = "../../etc/passwd" }, offline.ErrUnknownRequest},
		"with a request that nobody has made":   {func(k *registration.Ticket) { k.Request = "aaaaaaaaaaaaaaaa" }, offline.ErrUnknownRequest},
		"of a registration by e-mail": {func(k *registration.Ticket) {
			k.Request, k.DeviceCode, k.Expires = "", "code", g.clock.Now().AddDate(1, 0, 0)
		}, offline.ErrUnknownRequest},
		"of another transport":  {func(k *registration.Ticket) { k.Transport = "direct" }, nil},
		"of a newer operation":  {func(k *registration.Ticket) { k.Operation = "disconnect" }, nil},
		"of another workspace":  {func(k *registration.Ticket) { *k = otherTicket }, nil},
		"without a unique id":   {func(k *registration.Ticket) { k.UniqueID = "" }, nil},
		"without anything left": {func(k *registration.Ticket) { *k = registration.Ticket{} }, nil},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mixed := ticket
			tc.change(&mixed)
			for way, look := range map[string]func() (registration.Result, error){
				"resume": func() (registration.Result, error) { return client.Resume(t.Context(), mixed) },
				"wait":   func() (registration.Result, error) { return client.Wait(t.Context(), mixed) },
			} {
				_, err := look()
				if !errors.Is(err, registration.ErrInvalidInput) || tc.cause != nil && !errors.Is(err, tc.cause) || !strings.Contains(err.Error(), ". Next: ") {
					t.Errorf("%s: got %v", way, err)
				}
			}
			if g.handedOver() != 0 {
				t.Error("something was handed over")
			}
		})
	}
}
