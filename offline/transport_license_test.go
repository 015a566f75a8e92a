package offline_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/offline"
	"github.com/rcreg/registration/registrationtest"
)

// registered is a workspace that a courier has registered across the gap, and a client of it.
func (g gapped) registered(t *testing.T) *registration.Client {
	t.Helper()
	client := g.run(t)
	g.ask(t, client)
	g.courier(t)
	result, err := client.Register(t.Context(), registration.Request{})
	clienttest.Expect(t, "register", result, err, nil, true)
	g.ClearHistory()
	return client
}

// askForLicense asks for a license and returns the ticket of the request.
func (g gapped) askForLicense(t *testing.T, client *registration.Client) registration.Ticket {
	t.Helper()
	result, err := client.Sync(t.Context())
	ticket := waiting(t, result, err)
	if strings.Contains(err.Error(), "Continue offline") || !strings.Contains(err.Error(), "save the license that Rocket.Chat sends you as answers/"+ticket.Request+".txt") {
		t.Errorf("it leads to the wrong page of the console: %v", err)
	}
	return ticket
}

// applied counts the licenses that were handed to the workspace.
func (g gapped) applied() int { return g.asked("licenses.add") }

func expectLicense(t *testing.T, name string, result registration.Result, err error) {
	t.Helper()
	clienttest.Expect(t, name, result, err, nil, false)
	if result.License == nil || result.License.After.State != registration.LicenseInForce {
		t.Errorf("%s: the license is %+v", name, result.License)
	}
	expectNote(t, result, "only the license was refreshed")
}

// TestOfflineLicense refreshes the license with a courier, on every dialect that takes one.
func TestOfflineLicense(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.10", "", func(t *testing.T, v string) {
		g := newGapped(t, v)
		client := g.registered(t)
		ticket := g.askForLicense(t, client)
		if again := g.askForLicense(t, client); again != ticket {
			t.Errorf("asked again, the ticket is %#v", again)
		}
		result, err := client.Resume(t.Context(), ticket)
		clienttest.Expect(t, "resume too early", result, err, registration.ErrPending, false)
		g.courier(t)
		result, err = client.Wait(t.Context(), ticket)
		expectLicense(t, "wait", result, err)
		g.expectFiles(t, "requests")
		g.expectFiles(t, "answers")
		g.expectNoSecret(t, result, err)
		result, err = client.Resume(t.Context(), ticket)
		clienttest.Expect(t, "resume again", result, err, nil, false)
		expectNote(t, result, "put in force before")
		if n := g.applied(); n != 1 {
			t.Errorf("%d licenses were handed over", n)
		}
		if next := g.askForLicense(t, client); next.Request == ticket.Request {
			t.Error("the next refresh asks with the same request")
		}
		if n := len(g.Cloud().SpentTokens()); n != 1 {
			t.Errorf("%d tokens were spent", n)
		}
	})
}

func TestOfflineLicenseBelow310(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.0", "3.10", func(t *testing.T, v string) {
		g := newGapped(t, v)
		client := g.registered(t)
		result, err := client.Sync(t.Context())
		clienttest.Expect(t, "sync", result, err, registration.ErrUnsupported, false)
		g.expectFiles(t, "requests")
	})
}

// TestOfflineLicenseByHand saves the license that Rocket.Chat has sent by mail.
func TestOfflineLicenseByHand(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.10", "", func(t *testing.T, v string) {
		g := newGapped(t, v)
		client := g.registered(t)
		ticket := g.askForLicense(t, client)
		g.save(t, ticket, ".txt", "\ufeff"+lines(clienttest.LicenseText(t, g.Workspace, registrationtest.LicenseSpec{Modules: []string{"auditing"}}), 60, "\r\n"))
		result, err := client.Sync(t.Context())
		expectLicense(t, "sync", result, err)
	})
}

// TestOfflineLicenseIsRefused: the request stays open, another answer helps, and withdrawing it is the way out.
func TestOfflineLicenseIsRefused(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		text func(*testing.T, gapped) string
		kind error
	}{
		"not signed": {func(*testing.T, gapped) string { return "not-signed" }, registration.ErrLicenseRefused},
		"for another address": {func(t *testing.T, g gapped) string {
			return clienttest.LicenseText(t, g.Workspace, registrationtest.LicenseSpec{Address: "https://other.example.com"})
		}, nil},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clienttest.EachVersion(t, "6.5", "", func(t *testing.T, v string) {
				g := newGapped(t, v)
				client := g.registered(t)
				ticket := g.askForLicense(t, client)
				g.save(t, ticket, ".txt", tc.text(t, g))
				for range 2 {
					result, err := client.Sync(t.Context())
					if !errors.Is(err, registration.ErrLicenseRefused) && !errors.Is(err, registration.ErrLicenseNotInForce) || tc.kind != nil && !errors.Is(err, tc.kind) {
						t.Fatalf("got %v, want %v", err, tc.kind)
					}
					if result.License == nil {
						t.Error("the result says nothing of the license")
					}
					expectNote(t, result, "answer to request "+ticket.Request)
					expectNote(t, result, "stays open until a license is in force")
					g.expectFiles(t, "requests", ticket.Request+".json", ticket.Request+".txt")
				}
				g.save(t, ticket, ".txt", clienttest.LicenseText(t, g.Workspace, registrationtest.LicenseSpec{}))
				result, err := client.Resume(t.Context(), ticket)
				expectLicense(t, "another answer", result, err)

				next := g.askForLicense(t, client)
				g.save(t, next, ".txt", tc.text(t, g))
				if _, err := client.Sync(t.Context()); err == nil {
					t.Fatal("a bad license is in force")
				}
				if err := g.requester(t).Withdraw(next.Request); err != nil {
					t.Fatal(err)
				}
				if last := g.askForLicense(t, client); last.Request == next.Request {
					t.Error("the withdrawn request stands")
				}
			})
		})
	}
}

// TestOfflineLicenseThatIsNone is refused before the workspace is asked.
func TestOfflineLicenseThatIsNone(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		text  func(*testing.T, gapped, registration.Ticket) string
		cause error
	}{
		"the code of a registration": {func(t *testing.T, g gapped, k registration.Ticket) string { return g.code(t, k) }, offline.ErrUnusable},
		"the registration data": {func(t *testing.T, g gapped, k registration.Ticket) string {
			return g.load(t, "requests", k.Request+".txt")
		}, offline.ErrUnusable},
		"half the code": {func(t *testing.T, g gapped, k registration.Ticket) string { return g.code(t, k)[:101] }, offline.ErrUnusable},
		"a web page":    {func(*testing.T, gapped, registration.Ticket) string { return "<html>" }, offline.ErrUnusable},
		"nothing":       {func(*testing.T, gapped, registration.Ticket) string { return "" }, offline.ErrTruncated},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGapped(t, "8.7.0")
			client := g.registered(t)
			ticket := g.askForLicense(t, client)
			g.save(t, ticket, ".txt", tc.text(t, g, ticket))
			for name, look := range map[string]func() (registration.Result, error){
				"sync":   func() (registration.Result, error) { return client.Sync(t.Context()) },
				"resume": func() (registration.Result, error) { return client.Resume(t.Context(), ticket) },
				"wait":   func() (registration.Result, error) { return client.Wait(t.Context(), ticket) },
			} {
				result, err := look()
				clienttest.Expect(t, name, result, err, registration.ErrInvalidGrant, false)
				if !errors.Is(err, tc.cause) {
					t.Errorf("%s: got %v, want %v", name, err, tc.cause)
				}
			}
			if g.applied() != 0 || g.asked("licenses.validate") != 0 {
				t.Error("it was handed to the workspace")
			}
		})
	}
}

// TestOfflineLicenseIsClosedByTheNextRun pulls the stick out when the license is in force, before its request is closed.
func TestOfflineLicenseIsClosedByTheNextRun(t *testing.T) {
	t.Parallel()
	for _, way := range []string{"resume", "sync"} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			g := newGapped(t, "6.13.0")
			ticket := g.askForLicense(t, g.registered(t))
			g.courier(t)
			client := g.over(t, watching("licenses.add", func(int) { g.pullOut(t) }))
			result, err := client.Sync(t.Context())
			expectLicense(t, "with the stick pulled out", result, err)
			expectNote(t, result, "cleanup is incomplete")
			g.putIn(t)
			if way == "resume" {
				result, err = client.Resume(t.Context(), ticket)
				clienttest.Expect(t, "resume", result, err, nil, false)
				g.expectFiles(t, "requests")
			} else {
				next := g.askForLicense(t, client)
				g.expectFiles(t, "requests", next.Request+".json", next.Request+".txt")
			}
			if _, err := os.Stat(g.file("archive", ticket.Request+".answer.json")); err != nil {
				t.Error(err)
			}
			if n := g.applied(); n != 1 {
				t.Errorf("%d licenses were handed over", n)
			}
		})
	}
}

// TestTicketOfAnotherKind: the answer to a registration is no license, and the other way round.
func TestTicketOfAnotherKind(t *testing.T) {
	t.Parallel()
	g := newGapped(t, "6.13.0")
	client := g.run(t)
	registering := g.ask(t, client)
	g.courier(t)
	g.registerOtherwise(t)
	registering.Operation = "sync"
	result, err := client.Resume(t.Context(), registering)
	clienttest.Expect(t, "a registration as a license", result, err, registration.ErrInvalidInput, false)

	licensing := g.askForLicense(t, client)
	g.save(t, licensing, ".txt", clienttest.LicenseText(t, g.Workspace, registrationtest.LicenseSpec{}))
	clienttest.Forgets(g.Workspace)
	result, err = client.Resume(t.Context(), licensing)
	clienttest.Expect(t, "a license for an unregistered workspace", result, err, registration.ErrNotRegistered, false)
	licensing.Operation = ""
	result, err = client.Resume(t.Context(), licensing)
	clienttest.Expect(t, "a license as a registration", result, err, registration.ErrInvalidInput, false)
	if g.applied() != 0 || g.handedOver() != 0 {
		t.Error("something was handed over")
	}
}
