package offline

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/internal/secret"
)

var _ Cloud = (*cloud.Client)(nil)

// start is when every test begins.
func start() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

// stopped is a clock that stands still.
type stopped struct{ at time.Time }

func (c stopped) Now() time.Time                                 { return c.at }
func (stopped) Sleep(ctx context.Context, _ time.Duration) error { return context.Cause(ctx) }

// gap is both sides of an air gap, with one exchange folder for both.
type gap struct {
	path      string // of everything
	folder    *Folder
	requester *Requester
	cloud     *fakeCloud
}

func newGap(t *testing.T) *gap {
	t.Helper()
	g := &gap{path: t.TempDir(), cloud: &fakeCloud{}}
	var err error
	g.folder, err = OpenFolder(filepath.Join(g.path, "exchange"))
	must(t, err)
	state, err := OpenState(filepath.Join(g.path, "state"))
	must(t, err)
	g.requester = &Requester{Folder: g.folder, State: state, Clock: stopped{start()}}
	return g
}

// courier opens the courier's ledger for a test.
func (g *gap) courier(t *testing.T, tokens string) *Courier {
	t.Helper()
	parsed, err := ParseTokens([]byte(tokens))
	must(t, err)
	ledger, err := OpenLedger(filepath.Join(g.path, "ledger"))
	must(t, err)
	t.Cleanup(func() { _ = ledger.Close() })
	return &Courier{Cloud: g.cloud, Tokens: parsed, Folder: g.folder, Ledger: ledger, Clock: stopped{start()}}
}

// run runs a courier once and returns what became of the requests.
func (g *gap) run(t *testing.T, tokens string) []Item {
	t.Helper()
	c := g.courier(t, tokens)
	report, err := c.Run(t.Context())
	must(t, err)
	must(t, c.Ledger.Close())
	return report.Items
}

// received asks for the first workspace, and receives the code that a person saved for it.
func (g *gap) received(t *testing.T) Request {
	t.Helper()
	r := ask(t, g, 1)
	save(t, g.codeFile(r), codeOf(1))
	_, err := g.requester.Answer(r.ID())
	must(t, err)
	return r
}

// withoutStick puts the exchange folder away while something is tried.
func (g *gap) withoutStick(t *testing.T, try func()) {
	t.Helper()
	away := g.folder.Path() + "-away"
	must(t, os.Rename(g.folder.Path(), away))
	try()
	must(t, os.Rename(away, g.folder.Path()))
}

// file is the path of a file in the exchange folder.
func (g *gap) file(parts ...string) string {
	return filepath.Join(append([]string{g.folder.Path()}, parts...)...)
}

func (g *gap) answerFile(r Request) string  { return g.file("answers", r.ID()+".json") }
func (g *gap) codeFile(r Request) string    { return g.file("answers", r.ID()+".txt") }
func (g *gap) requestFile(r Request) string { return g.file("requests", r.ID()+".json") }

func ask(t *testing.T, g *gap, number int) Request {
	t.Helper()
	r, err := g.requester.Ask(Registration, dataOf(number))
	must(t, err)
	return r
}

// save writes what a person saved.
func save(t *testing.T, path, text string) {
	t.Helper()
	must(t, os.MkdirAll(filepath.Dir(path), 0o700))
	must(t, os.WriteFile(path, []byte(text), 0o600))
}

func load(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	must(t, err)
	return string(text)
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// Two licenses that look like real ones.
const (
	firstLicense = "RCV3_Zmlyc3Q.Zmlyc3Q.c2ln"
	newLicense   = "RCV3_bmV3.bmV3.c2ln"
)

// dataOf is the registration data of a made-up workspace.
func dataOf(number int) string {
	return base64.StdEncoding.EncodeToString(fmt.Appendf(nil,
		`{"uniqueId":"unique-%d","workspaceId":null,"address":"https://chat-%d.example.com","contactEmail":"ops@example.com","siteName":"Chat <%d>","version":"6.13.0","licenseVersion":3}`,
		number, number, number))
}

// grantOf is the grant for a made-up workspace.
func grantOf(number int, license string) cloud.Grant {
	grant, err := cloud.ParseGrant(fmt.Appendf(nil,
		`{"workspaceId":"ws-%d","client_name":"Chat","client_id":"client-%d","client_secret":"hunter2-%d","client_secret_expires_at":0,"publicKey":"key","registration_client_uri":"https://cloud.example.com/api/v2/workspaces/ws-%d","redirect_uris":["https://chat-%d.example.com/admin/cloud/oauth-callback"],"licenseData":{"license":%q}}`,
		number, number, number, number, number, license))
	if err != nil {
		panic(err)
	}
	return grant
}

// codeOf is what the Cloud console shows.
func codeOf(number int) string { return grantOf(number, firstLicense).Blob() }

// fakeCloud answers a courier.
type fakeCloud struct {
	mu       sync.Mutex
	spent    []string // tokens
	licenses int
	// exchange and license replace the answers.
	exchange func(token string, grant cloud.Grant) (cloud.Grant, error)
	license  func(version int) (cloud.LicenseData, error)
}

func (c *fakeCloud) ExchangeToken(_ context.Context, token string, data cloud.RegistrationData) (cloud.Grant, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.spent = append(c.spent, token)
	var number int
	if _, err := fmt.Sscanf(data.UniqueID, "unique-%d", &number); err != nil {
		return cloud.Grant{}, err
	}
	grant := grantOf(number, firstLicense)
	if c.exchange != nil {
		return c.exchange(token, grant)
	}
	return grant, nil
}

func (c *fakeCloud) License(_ context.Context, _ cloud.Grant, version int) (cloud.LicenseData, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.licenses++
	if c.license != nil {
		return c.license(version)
	}
	return licenseData(newLicense), nil
}

func (c *fakeCloud) tokens() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]string(nil), c.spent...)
}

func licenseData(text string) cloud.LicenseData {
	grant, err := cloud.ParseGrant([]byte(`{"client_id":"x","licenseData":` + string(jsonOf(map[string]string{"license": text})) + `}`))
	if err != nil {
		panic(err)
	}
	return grant.LicenseData
}

func jsonOf(value any) []byte {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return text
}

func secretOf(text string) cloud.Secret { return secret.New(text) }
