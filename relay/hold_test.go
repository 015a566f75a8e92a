package relay_test

import (
	"io/fs"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/grants"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/internal/safedir"
)

// watched is a store's folder: before a file is opened or removed, it says so, and what is returned then is why that fails.
type watched struct {
	safedir.FS
	before func(act, name string) error
}

func (w watched) OpenFile(name string, flag int, perm fs.FileMode) (safedir.File, error) {
	if err := w.before("open", name); err != nil {
		return nil, err
	}
	return w.FS.OpenFile(name, flag, perm)
}

func (w watched) Remove(name string) error {
	if err := w.before("remove", name); err != nil {
		return err
	}
	return w.FS.Remove(name)
}

// runWatched is run with a watched store of grants on their way.
func (r relayed) runWatched(t *testing.T, before func(act, name string) error, options ...cloud.Option) *registration.Client {
	t.Helper()
	path := filepath.Join(r.folder, "grants")
	openStore(t, path)
	open := func() (safedir.FS, error) {
		in, err := safedir.OpenRoot(path)
		return watched{in, before}, err
	}
	transport := newRelay(t, clienttest.CloudOf(t, r.Workspace, r.clock, options...), grants.In(safedir.On(open), "grants"))
	return clienttest.OpenWithToken(t, r.Workspace, r.clock, registration.WithTransport(transport))
}

// TestRelayHoldsTheStoreBeforeItReadsIt: what it had read before would be old, and cost a second token.
func TestRelayHoldsTheStoreBeforeItReadsIt(t *testing.T) {
	t.Parallel()
	r := newRelayed(t, "6.13.0")
	others := sync.OnceFunc(func() { r.keep(t, r.grant(t)) }) // what another run has done right before this one holds the workspace's place
	client := r.runWatched(t, func(_, name string) error {
		if strings.HasSuffix(name, ".lock") {
			others()
		}
		return nil
	})
	result, err := client.Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
	clienttest.Expect(t, "register", result, err, nil, true)
	r.expectSpent(t, 1)
}
