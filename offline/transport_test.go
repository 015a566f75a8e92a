package offline_test

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/offline"
	"github.com/rcreg/registration/registrationtest"
)

// gapped is a fake workspace behind an air gap: its Cloud is down for everybody but the courier, and the person who uses the console.
type gapped struct {
	*registrationtest.Workspace
	clock *registrationtest.Clock
	path  string // of the folders: exchange, state, ledger
}

func newGapped(t *testing.T, version string, options ...registrationtest.Option) gapped {
	t.Helper()
	ws, clock := clienttest.Start(t, version, options...)
	ws.Cloud().SetMode(registrationtest.CloudDown)
	return gapped{ws, clock, t.TempDir()}
}

// run is what a run of its own has: nothing but what is on disk came from earlier ones.
func (g gapped) run(t *testing.T) *registration.Client {
	t.Helper()
	return clienttest.OpenWithToken(t, g.Workspace, g.clock, registration.WithTransport(g.transport(t)))
}

func (g gapped) transport(t *testing.T) registration.Transport {
	t.Helper()
	r := g.requester(t)
	transport, err := offline.NewTransport(r.Folder, r.State)
	if err != nil {
		t.Fatal(err)
	}
	return transport
}

func (g gapped) requester(t *testing.T) *offline.Requester {
	t.Helper()
	folder, err := offline.OpenFolder(g.file())
	if err != nil {
		t.Fatal(err)
	}
	state, err := offline.OpenState(filepath.Join(g.path, "state"))
	if err != nil {
		t.Fatal(err)
	}
	return &offline.Requester{Folder: folder, State: state, Clock: g.clock}
}

// ask asks for a registration and returns the ticket of the request.
func (g gapped) ask(t *testing.T, client *registration.Client) registration.Ticket {
	t.Helper()
	result, err := client.Register(t.Context(), registration.Request{})
	return waiting(t, result, err)
}

// waiting is the ticket of what waits for an answer.
func waiting(t *testing.T, result registration.Result, err error) registration.Ticket {
	t.Helper()
	clienttest.Expect(t, "ask", result, err, registration.ErrPending, false)
	var pending *registration.PendingError
	if !errors.As(err, &pending) {
		t.Fatalf("got %v, want a *PendingError", err)
	}
	return pending.Ticket
}

// courier runs a courier, which answers one request.
func (g gapped) courier(t *testing.T) {
	t.Helper()
	g.Cloud().SetMode(registrationtest.CloudUp)
	defer g.Cloud().SetMode(registrationtest.CloudDown)
	ledger, err := offline.OpenLedger(filepath.Join(g.path, "ledger"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ledger.Close() }()
	c := &offline.Courier{
		Cloud: clienttest.CloudOf(t, g.Workspace, g.clock), Tokens: offline.OneToken(g.Cloud().IssueToken()), Folder: g.requester(t).Folder, Ledger: ledger, KeepGrants: true, Clock: g.clock,
	}
	report, err := c.Run(t.Context())
	if err != nil || report.Count(offline.Answered) != 1 {
		t.Fatalf("%v %+v", err, report)
	}
}

// code is what the Cloud console shows for the text of a request.
func (g gapped) code(t *testing.T, ticket registration.Ticket) string {
	t.Helper()
	code, err := g.Cloud().RegisterOffline(g.load(t, "requests", ticket.Request+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// file is the path of a file in the exchange folder.
func (g gapped) file(parts ...string) string {
	return filepath.Join(append([]string{g.path, "exchange"}, parts...)...)
}

func (g gapped) load(t *testing.T, parts ...string) string {
	t.Helper()
	text, err := os.ReadFile(g.file(parts...))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// save puts an answer into the exchange folder.
func (g gapped) save(t *testing.T, ticket registration.Ticket, suffix, text string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(g.file("answers"), 0o700), os.WriteFile(g.file("answers", ticket.Request+suffix), []byte(text), 0o600)); err != nil {
		t.Fatal(err)
	}
}

// handedOver counts the grants that were handed to the workspace.
func (g gapped) handedOver() int { return g.asked("cloud.manualRegister") }

// asked counts the requests of a call.
func (g gapped) asked(call string) int {
	n := 0
	for _, exchange := range g.History() {
		if strings.HasSuffix(exchange.Path, call) {
			n++
		}
	}
	return n
}

// TestOffline registers with a courier on every dialect, refreshes the license, and disconnects.
func TestOffline(t *testing.T) {
	t.Parallel()
	for _, v := range clienttest.Versions() {
		t.Run(v, func(t *testing.T) {
			t.Parallel()
			g := newGapped(t, v)
			client := g.run(t)
			ticket := g.ask(t, client)
			g.expectFiles(t, "requests", ticket.Request+".json", ticket.Request+".txt")
			if again := g.ask(t, client); again != ticket {
				t.Errorf("asked again, the ticket is %#v", again)
			}
			result, err := client.Resume(t.Context(), ticket)
			clienttest.Expect(t, "resume too early", result, err, registration.ErrPending, false)
			g.courier(t)
			result, err = g.run(t).Wait(t.Context(), ticket)
			clienttest.Expect(t, "wait", result, err, nil, true)
			g.expectArchived(t, ticket)
			g.expectNoSecret(t, result, err, ticket)
			if text := fmt.Sprint(result.Notes); strings.Contains(text, "not sealed") || strings.Contains(text, "cleanup is incomplete") {
				t.Errorf("notes %q", result.Notes)
			}
			result, err = client.Resume(t.Context(), ticket)
			clienttest.Expect(t, "resume again", result, err, nil, false)
			result, err = client.Register(t.Context(), registration.Request{})
			clienttest.Expect(t, "register again", result, err, nil, false)
			if n, spent := g.handedOver(), len(g.Cloud().SpentTokens()); n != 1 || spent != 1 {
				t.Errorf("%d grants were handed over, %d tokens spent", n, spent)
			}
			g.expectArchived(t, ticket)
			g.expectGap(t)
		})
	}
}

// TestOfflineIsRegistered shows that what came over the gap is a registration like any other.
func TestOfflineIsRegistered(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.0", "", func(t *testing.T, v string) {
		g := newGapped(t, v)
		client := g.run(t)
		g.ask(t, client)
		g.courier(t)
		result, err := client.Register(t.Context(), registration.Request{})
		clienttest.Expect(t, "register", result, err, nil, true)
		g.Cloud().SetMode(registrationtest.CloudUp)
		result, err = clienttest.OpenWithToken(t, g.Workspace, g.clock).Sync(t.Context())
		clienttest.Expect(t, "sync over its own connection", result, err, nil, false)
		if !clienttest.Before(t, v, "6.5") {
			return
		}
		result, err = client.Disconnect(t.Context())
		clienttest.Expect(t, "disconnect", result, err, nil, true)
		result, err = client.Register(t.Context(), registration.Request{})
		clienttest.Expect(t, "register while disconnected", result, err, registration.ErrAlreadyRegistered, false)
		if ways := failure.Remedies(err); ways[0] != (failure.Remedy{Act: failure.Reconnect, With: "offline"}) {
			t.Errorf("the ways out are %v", ways)
		}
		result, err = client.Reconnect(t.Context())
		clienttest.Expect(t, "reconnect", result, err, nil, true)
	})
}

// watching sees each request of a call, before it leaves.
func watching(call string, sees func(n int)) http.RoundTripper {
	n := 0
	return clienttest.RoundTrip(func(r *http.Request) (*http.Response, error) {
		if strings.HasSuffix(r.URL.Path, call) {
			n++
			sees(n)
		}
		return http.DefaultTransport.RoundTrip(r)
	})
}

// over is run with something on the way to the workspace.
func (g gapped) over(t *testing.T, via http.RoundTripper) *registration.Client {
	t.Helper()
	return clienttest.OpenOver(t, g.Workspace, g.clock, via, registration.WithTransport(g.transport(t)))
}
