package offline_test

import (
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/grants"
	"github.com/rcreg/registration/internal/safedir"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/relay"
	"github.com/rcreg/registration/workspace"
)

// crowded is a vault's folder in which another run is done right before this one holds the workspace's place.
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

// TestRelayHoldsTheVaultBeforeItReadsIt: what it had read before would be old, and cost a second token.
func TestRelayHoldsTheVaultBeforeItReadsIt(t *testing.T) {
	t.Parallel()
	clock := registrationtest.NewClock(killedStart())
	fake := registrationtest.NewWorkspace(t, "6.13.0", registrationtest.WithClock(clock))
	ws, err := workspace.New(fake.URL(), workspace.Token(fake.Admin().UserID, fake.Admin().AuthToken), workspace.WithClock(clock))
	must(t, err)
	toCloud, err := cloud.New(cloud.WithURL(fake.Cloud().URL()), cloud.WithClock(clock))
	must(t, err)
	path := t.TempDir() + "/pending"
	vault, err := grants.Open(path)
	must(t, err)
	direct, err := registration.New(t.Context(), ws)
	must(t, err)
	status, err := direct.Status(t.Context())
	must(t, err)
	uniqueID := status.UniqueID
	var others sync.Once
	crowd := func() {
		data, err := cloud.ParseRegistrationData(fmt.Appendf(nil, `{"uniqueId":%q,"address":%q,"siteName":"Chat","version":"6.13.0"}`, uniqueID, fake.URL()))
		must(t, err)
		grant, err := toCloud.ExchangeToken(t.Context(), fake.Cloud().IssueToken(), data)
		must(t, err)
		must(t, vault.Keep(data.UniqueID, grant))
	}
	open := func() (safedir.FS, error) {
		in, err := safedir.OpenRoot(path)
		return crowded{in, &others, crowd}, err
	}
	transport, err := relay.New(toCloud, grants.In(safedir.On(open), "grants"))
	must(t, err)
	client, err := registration.New(t.Context(), ws, registration.WithTransport(transport))
	must(t, err)
	result, err := client.Register(t.Context(), registration.Request{Token: fake.Cloud().IssueToken()})
	if err != nil || result.After.State != registration.Registered {
		t.Errorf("%+v, %v", result, err)
	}
	if spent := fake.Cloud().SpentTokens(); len(spent) != 1 {
		t.Errorf("%d tokens are spent", len(spent))
	}
	must(t, ws.Close(t.Context()))
	toCloud.CloseIdleConnections()
}
