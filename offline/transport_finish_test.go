package offline_test

import (
	"errors"
	"os"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/offline"
	"github.com/rcreg/registration/registrationtest"
)

// expectNoNotes checks an operation on a workspace that is found registered: it changes nothing, and complains of nothing.
func expectNoNotes(t *testing.T, name string, result registration.Result, err error) {
	t.Helper()
	clienttest.Expect(t, name, result, err, nil, false)
	if len(result.Notes) != 0 {
		t.Errorf("%s: notes %q", name, result.Notes)
	}
}

// TestRegisteredWithAnOpenRequestForALicense: the one has nothing to do with the other.
func TestRegisteredWithAnOpenRequestForALicense(t *testing.T) {
	t.Parallel()
	g := newGapped(t, "6.13.0")
	client := g.registered(t)
	ticket := g.askForLicense(t, client)
	g.save(t, ticket, ".txt", clienttest.LicenseText(t, g.Workspace, registrationtest.LicenseSpec{}))
	result, err := client.Register(t.Context(), registration.Request{})
	expectNoNotes(t, "register", result, err)
	g.expectFiles(t, "requests", ticket.Request+".json", ticket.Request+".txt")
	result, err = client.Sync(t.Context())
	expectLicense(t, "sync", result, err)
}

// TestLicenseWithAnOpenRequestForARegistration neither closes that request nor complains of it.
func TestLicenseWithAnOpenRequestForARegistration(t *testing.T) {
	t.Parallel()
	g := newGapped(t, "6.13.0")
	client := g.run(t)
	registering := g.ask(t, client)
	g.registerOtherwise(t)
	licensing := g.askForLicense(t, client)
	g.save(t, licensing, ".txt", clienttest.LicenseText(t, g.Workspace, registrationtest.LicenseSpec{}))
	result, err := client.Sync(t.Context())
	expectLicense(t, "sync", result, err)
	if len(result.Notes) != 2 { // of the request, and of what a refresh leaves out
		t.Errorf("notes %q", result.Notes)
	}
	g.expectFiles(t, "requests", registering.Request+".json", registering.Request+".txt")
}

// TestWorkspaceWithoutAUniqueID closes no request of others.
func TestWorkspaceWithoutAUniqueID(t *testing.T) {
	t.Parallel()
	g := newGapped(t, "6.13.0")
	g.ask(t, g.run(t))
	other := newGapped(t, "6.13.0")
	other.path = g.path
	other.registerOtherwise(t)
	other.Set("uniqueID", "")
	result, err := other.run(t).Register(t.Context(), registration.Request{})
	expectNoNotes(t, "register", result, err)
}

// TestRegisteredWithHalfAnAnswer: what cannot be read is not taken for the answer of another workspace.
func TestRegisteredWithHalfAnAnswer(t *testing.T) {
	t.Parallel()
	g := newGapped(t, "6.13.0")
	client := g.run(t)
	g.save(t, g.ask(t, client), ".json", "{")
	g.registerOtherwise(t)
	result, err := client.Register(t.Context(), registration.Request{})
	clienttest.Expect(t, "register", result, err, nil, false)
	expectNote(t, result, offline.ErrTruncated.Error())
}

// TestEarlierRequestThatCannotBeArchived stands in the way of no other, and is named.
func TestEarlierRequestThatCannotBeArchived(t *testing.T) {
	t.Parallel()
	g := newGapped(t, "6.13.0")
	g.askForLicense(t, g.registered(t))
	g.courier(t)
	client := g.over(t, watching("licenses.add", func(int) { g.pullOut(t) }))
	result, err := client.Sync(t.Context())
	expectLicense(t, "with the stick pulled out", result, err)
	g.putIn(t)
	if err := errors.Join(os.RemoveAll(g.file("archive")), os.WriteFile(g.file("archive"), nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	result, err = client.Sync(t.Context())
	waiting(t, result, err)
	expectNote(t, result, "an earlier request is not archived yet")
}
