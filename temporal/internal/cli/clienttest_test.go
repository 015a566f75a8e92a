package cli_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"go.temporal.io/sdk/client"

	"github.com/rcreg/registration/internal/clock"
	"github.com/rcreg/registration/internal/command"
	"github.com/rcreg/registration/internal/secret"
	"github.com/rcreg/registration/temporal"
	"github.com/rcreg/registration/temporal/internal/cli"
)

// testList is a list whose secrets are not on this machine.
const testList = `defaults: {user_id: rcreg, auth_token: {file: 'secrets/{name}.token'}}
workspaces:
  - {name: alpha, url: https://alpha.example.com, labels: {tier: gold}}
  - {name: beta, url: https://beta.example.com}
  - {name: gamma, url: https://gamma.example.com, labels: {tier: gold}}
`

// clientTest starts and asks workflows of a fake server.
type clientTest struct {
	dir    string
	server *fakeServer
	system cli.System

	stdout, stderr bytes.Buffer
}

func newClientTest(t *testing.T) *clientTest {
	t.Helper()
	d := &clientTest{dir: t.TempDir(), server: &fakeServer{flows: map[string]*script{}, next: map[string]*script{}}}
	d.write(t, "fleet.yaml", testList)
	key := base64.StdEncoding.EncodeToString(make([]byte, 32))
	keys, err := temporal.NewKeyring(secret.New(key))
	if err != nil {
		t.Fatal(err)
	}
	d.server.keys, d.server.fleet = keys, temporal.FleetRun{List: d.in("fleet.yaml")}
	variables := map[string]string{"RCREG_HISTORY_KEY": key}
	d.system = cli.System{
		Program: "rcreg-worker",
		Streams: command.Streams{Stdin: strings.NewReader(""), Stdout: &d.stdout, Stderr: &d.stderr}, Clock: clock.System(),
		LookupEnv: func(name string) (string, bool) { text, ok := variables[name]; return text, ok },
		Environ:   func() []string { return nil },
		Dial:      func(context.Context, client.Options) (client.Client, error) { return d.server, nil },
	}
	return d
}

// write writes a file.
func (d *clientTest) write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(d.in(name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// in is a path in the folder of the list.
func (d *clientTest) in(name string) string { return filepath.Join(d.dir, name) }

// line runs a command line, in which LIST is the list and DIR its folder.
func (d *clientTest) line(ctx context.Context, line string) int {
	d.stdout.Reset()
	d.stderr.Reset()
	args := strings.Fields(line)
	for i := range args {
		args[i] = strings.NewReplacer("LIST", d.in("fleet.yaml"), "DIR", d.dir).Replace(args[i])
	}
	return cli.Run(ctx, args, d.system)
}

// answered is what commands print as JSON.
type answered struct {
	ID      string
	Started bool
	Ended   bool
	Tally   temporal.Tally
	Error   struct{ Kind, Message, Advice string }

	Progress  *temporal.Progress
	Outcome   *struct{ Class string }
	Workflows []struct {
		ID, Kind, Phase string
		Started         bool
	}
	More bool
}

func (d *clientTest) json(t *testing.T) (a answered) {
	t.Helper()
	if err := json.Unmarshal(d.stdout.Bytes(), &a); err != nil || strings.Count(d.stdout.String(), "\n") != 1 {
		t.Errorf("%q is not one object on one line: %v", d.stdout.String(), err)
	}
	return a
}

// runClientTest runs a test with a client, in virtual time.
func runClientTest(t *testing.T, run func(t *testing.T, d *clientTest)) {
	t.Helper()
	d := newClientTest(t)
	synctest.Test(t, func(t *testing.T) { run(t, d) })
}

// wantText looks for texts in what was printed.
func wantText(t *testing.T, got string, want ...string) {
	t.Helper()
	for _, text := range want {
		if !strings.Contains(got, text) {
			t.Errorf("%q is not in\n%s", text, got)
		}
	}
}
