package relay_test

import (
	"io/fs"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/grants"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/internal/safedir"
)

// crowded is a store's folder in which another run is done right before this one holds the workspace's place.
type crowded struct {
	safedir.FS
	others *sync.Once
	run    func()
}

func (c crowded) OpenFile(name string, flag int, perm fs.FileMode) (safedir.File, error) {
	if strings.HasSuffix(name, ".lock") {
		c.others.Do(c.run)
	}
	return c.FS.OpenFile(name, flag, perm)
}

// TestRelayHoldsTheStoreBeforeItReadsIt: what it had read before would be old, and cost a second token.
func TestRelayHoldsTheStoreBeforeItReadsIt(t *testing.T) {
	t.Parallel()
	r := newRelayed(t, "6.13.0")
	path := filepath.Join(r.folder, "grants")
	openStore(t, path)
	var others sync.Once
	crowd := func() { r.keep(t, r.grant(t)) }
	open := func() (safedir.FS, error) {
		in, err := safedir.OpenRoot(path)
		return crowded{in, &others, crowd}, err
	}
	transport := newRelay(t, clienttest.CloudOf(t, r.Workspace, r.clock), grants.In(safedir.On(open), "grants"))
	client := clienttest.OpenWithToken(t, r.Workspace, r.clock, registration.WithTransport(transport))
	result, err := client.Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
	clienttest.Expect(t, "register", result, err, nil, true)
	r.expectSpent(t, 1)
}
