package relay_test

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"filippo.io/age"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/grants"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/offline"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/registrationtest/faults"
	"github.com/rcreg/registration/relay"
)

// TestRelayRefusesToWorkWithoutWhatItTakes: nothing is asked of anybody then.
func TestRelayRefusesToWorkWithoutWhatItTakes(t *testing.T) {
	t.Parallel()
	r := newRelayed(t, "6.13.0")
	client := clienttest.CloudOf(t, r.Workspace, r.clock)
	pending := openStore(t, filepath.Join(r.folder, "grants"))
	if err := os.Symlink("grants", filepath.Join(r.folder, "link")); err != nil {
		t.Fatal(err)
	}
	again, link := openStore(t, filepath.Join(r.folder, "grants")), openStore(t, filepath.Join(r.folder, "link"))
	other := openStore(t, filepath.Join(r.folder, "registered"))
	for name, tc := range map[string]struct {
		client            *cloud.Client
		store, registered *grants.Store
		says              string
	}{
		"no Cloud":             {nil, pending, other, "cloud.New"},
		"no store":             {client, nil, other, "works once"},
		"one store":            {client, pending, pending, "another folder"},
		"one folder":           {client, pending, again, "another folder"},
		"one folder, two ways": {client, link, pending, "another folder"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			transport, err := relay.New(tc.client, tc.store, nil, relay.LicensesWith(tc.registered))
			if transport != nil || !errors.Is(err, registration.ErrInvalidInput) || !strings.Contains(err.Error(), tc.says) {
				t.Errorf("got %v, %v", transport, err)
			}
		})
	}
	t.Cleanup(func() {
		if asked := r.Cloud().History(); len(asked) != 0 {
			for _, exchange := range asked {
				if exchange.Header.Get("User-Agent") == clienttest.CloudAgent {
					t.Errorf("the Cloud was asked: %s", exchange.Path)
				}
			}
		}
	})
}

func TestRelayNeedsARequest(t *testing.T) {
	t.Parallel()
	r := newRelayed(t, "6.13.0")
	client := r.run(t)
	r.ClearHistory()
	result, err := client.Register(t.Context(), registration.Request{})
	clienttest.Expect(t, "register", result, err, registration.ErrInvalidInput, false)
	if n := len(r.History()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

// TestRelayStoreThatCannotBeUsed: it is looked at before a token is spent, and the next run with a good one ends registered.
func TestRelayStoreThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	grants := func(r relayed) string { return filepath.Join(r.folder, "grants") }
	for name, tc := range map[string]struct {
		spoil func(*testing.T, relayed) error
		mend  func(relayed) error
		want  error
	}{
		"gone":                {func(_ *testing.T, r relayed) error { return os.Remove(grants(r)) }, func(relayed) error { return nil }, offline.ErrFolderMissing},
		"readable by others":  {func(_ *testing.T, r relayed) error { return os.Chmod(grants(r), 0o711) }, func(r relayed) error { return os.Chmod(grants(r), 0o700) }, offline.ErrReadableByOthers},
		"a grant cut off":     {spoilGrant, mendGrant, offline.ErrTruncated},
		"another run at work": {holdFor, func(relayed) error { return nil }, offline.ErrLocked},
		"not to be written": {func(_ *testing.T, r relayed) error { return os.Mkdir(filepath.Join(grants(r), "room"), 0o700) },
			func(r relayed) error { return os.Remove(filepath.Join(grants(r), "room")) }, offline.ErrNotRegular},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRelayed(t, "6.13.0")
			client := r.run(t)
			// What it holds ends with this part, which therefore is not run beside others.
			t.Run("spoiled", func(t *testing.T) {
				if err := tc.spoil(t, r); err != nil {
					t.Fatal(err)
				}
				result, err := client.Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
				clienttest.Expect(t, "register", result, err, tc.want, false)
				r.expectNotes(t, "register", result, err)
				r.expectSpent(t, 0)
			})
			if err := tc.mend(r); err != nil {
				t.Fatal(err)
			}
			result, err := r.run(t).Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
			clienttest.Expect(t, "register", result, err, nil, true)
			r.expectPutAway(t)
		})
	}
}

// grantFile is where a store keeps the one grant that it keeps.
func grantFile(r relayed) (string, error) {
	files, err := filepath.Glob(filepath.Join(r.folder, "grants", "grants", "*.json"))
	if err == nil && len(files) != 1 {
		err = errors.New("there is not one grant")
	}
	if err != nil {
		return "", err
	}
	return files[0], nil
}

func spoilGrant(t *testing.T, r relayed) error {
	t.Helper()
	other := newRelayed(t, "6.13.0")
	if err := openStore(t, filepath.Join(r.folder, "grants")).Keep(r.uniqueID(), other.grant(t)); err != nil {
		return err
	}
	file, err := grantFile(r)
	if err != nil {
		return err
	}
	return os.Truncate(file, 40)
}

func mendGrant(r relayed) error {
	file, err := grantFile(r)
	if err != nil {
		return err
	}
	return os.Remove(file)
}

func holdFor(t *testing.T, r relayed) error {
	t.Helper()
	release, err := openStore(t, filepath.Join(r.folder, "grants")).Hold(r.uniqueID())
	t.Cleanup(func() {
		if err := release(); err != nil {
			t.Error(err)
		}
	})
	return err
}

// TestRelaySealsWhatItKeeps: a store that this machine could not read again is refused before a token is spent.
func TestRelaySealsWhatItKeeps(t *testing.T) {
	t.Parallel()
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	r := newRelayed(t, "8.9.0")
	run := func(options ...grants.Option) *registration.Client {
		return clienttest.OpenWithToken(t, r.Workspace, r.clock, registration.WithTransport(newRelay(t, clienttest.CloudOf(t, r.Workspace, r.clock),
			openStore(t, filepath.Join(r.folder, "grants"), options...), relay.LicensesWith(openStore(t, filepath.Join(r.folder, "registered"), options...)))))
	}
	whole := []grants.Option{grants.SealedTo(identity.Recipient()), grants.OpenedWith(identity)}
	result, err := run(grants.SealedTo(identity.Recipient())).Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
	clienttest.Expect(t, "register without the identity", result, err, offline.ErrCannotOpen, false)
	r.expectSpent(t, 0)

	r.Cloud().SetFault(faults.Fault{Call: faults.CallToken, Kind: faults.ServerError})
	result, err = run(whole...).Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
	clienttest.Expect(t, "register while the Cloud fails", result, err, cloud.ErrUnavailable, false)
	r.Cloud().ClearFaults()
	file, err := grantFile(r)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(file); err != nil || !strings.Contains(string(text), "AGE ENCRYPTED FILE") || strings.Contains(string(text), `"blob"`) {
		t.Errorf("the grant is not sealed: %s, %v", text, err)
	}

	result, err = run().Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
	clienttest.Expect(t, "register without a key", result, err, offline.ErrCannotOpen, false)
	if !strings.Contains(err.Error(), "OpenedWith") {
		t.Errorf("the error leads nowhere: %v", err)
	}
	result, err = run(whole...).Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
	clienttest.Expect(t, "register again", result, err, nil, true)
	r.expectSpent(t, 1)
	result, err = run(whole...).Sync(t.Context())
	clienttest.Expect(t, "sync", result, err, nil, false)
	result, err = run().Sync(t.Context())
	clienttest.Expect(t, "sync without a key", result, err, offline.ErrCannotOpen, false)
}

// TestRelaysAtOnce: of many runs with tokens of their own one works at a time, and one token is spent.
func TestRelaysAtOnce(t *testing.T) {
	t.Parallel()
	for _, v := range []string{"3.0.0", "6.0.0", "8.9.0"} {
		t.Run(v, func(t *testing.T) {
			t.Parallel()
			r := newRelayed(t, v, registrationtest.WithSettingsLag(clienttest.SettingsLag))
			var runs sync.WaitGroup
			for range 6 {
				client, token := r.run(t), r.Cloud().IssueToken()
				runs.Go(func() {
					_, err := client.Register(t.Context(), registration.Request{Token: token})
					if err != nil && !errors.Is(err, offline.ErrLocked) {
						t.Error(err)
					}
				})
			}
			runs.Wait()
			result, err := r.run(t).Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
			clienttest.Expect(t, "register once more", result, err, nil, false)
			r.expectSpent(t, 1)
			r.expectPutAway(t)
		})
	}
}

// TestRelayThatIsOvertaken: between a look at the status and one into the store, another run may register the workspace and let go of the grant.
func TestRelayThatIsOvertaken(t *testing.T) {
	t.Parallel()
	r := newRelayed(t, "6.13.0")
	grant := r.grant(t)
	r.keep(t, grant)
	statuses := 0
	slow := r.runBehind(t, func(q *http.Request) *http.Response {
		if !strings.HasSuffix(q.URL.Path, "registrationStatus") {
			return nil
		}
		if statuses++; statuses != 2 {
			return nil
		}
		old, err := http.DefaultTransport.RoundTrip(q)
		if err != nil {
			t.Error(err)
			return nil
		}
		fast := r.run(t)
		if err := fast.Session().HandOver(q.Context(), grant); err != nil {
			t.Error(err)
		}
		result, err := fast.Register(q.Context(), registration.Request{Token: "some-token"})
		clienttest.Expect(t, "register faster", result, err, nil, false)
		return old
	})
	result, err := slow.Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
	clienttest.Expect(t, "register", result, err, nil, true)
	r.expectSpent(t, 1)
	r.expectPutAway(t)
}

// TestRelayWaitsForAnotherRun: a run that looks at the same moment ends no wait.
func TestRelayWaitsForAnotherRun(t *testing.T) {
	t.Parallel()
	r := newRelayed(t, "5.4.0")
	ticket := clienttest.PendingTicket(t, r.run(t))
	release, err := openStore(t, filepath.Join(r.folder, "grants")).Hold(r.uniqueID())
	if err != nil {
		t.Fatal(err)
	}
	looks := 0
	client := r.runBehind(t, func(q *http.Request) *http.Response {
		if strings.HasSuffix(q.URL.Path, "WorkspaceRegisterData") {
			if looks++; looks == 3 {
				if err := errors.Join(release(), r.Cloud().ConfirmDevice(ticket.DeviceCode)); err != nil {
					t.Error(err)
				}
			}
		}
		return nil
	})
	result, err := client.Wait(t.Context(), ticket)
	clienttest.Expect(t, "wait", result, err, nil, true)
	r.expectPutAway(t)
}
