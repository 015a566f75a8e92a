package cli_test

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/internal/secret"
	"github.com/rcreg/registration/temporal"
)

// A fleet that does something else is not followed: its end would be taken for that of what was asked for.
func TestOtherFleetUnderWay(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		change func(*temporal.FleetRun)
		says   string // empty when it is followed
	}{
		"the same": {func(in *temporal.FleetRun) {
			in.Window, in.Patience, in.Progress = 7, 1, &temporal.FleetProgress{Next: 500}
		}, ""},
		"another list":   {func(in *temporal.FleetRun) { in.List = "/srv/other.yaml" }, "the list /srv/other.yaml"},
		"other labels":   {func(in *temporal.FleetRun) { in.Labels = map[string]string{"tier": "gold"} }, "another --select"},
		"a token file":   {func(in *temporal.FleetRun) { in.Token = fleet.Reference{File: "x"} }, "another --token-file"},
		"another person": {func(in *temporal.FleetRun) { in.Email = "dev@example.com"; in.AirGap = true }, "another --email, another --air-gap"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newClientTest(t)
			input := temporal.FleetRun{List: d.in("fleet.yaml"), Email: "ops@example.com"}
			tc.change(&input)
			d.server.flows["rcreg/fleet/register"] = &script{workflow: temporal.FleetWorkflow, stays: true, input: input}
			exit := d.line(t.Context(), "fleet register --file LIST --email ops@example.com --no-follow")
			said := d.stderr.String()
			if tc.says == "" {
				if exit != 0 || !strings.Contains(said, "Following rcreg/fleet/register") {
					t.Errorf("exit %d: %s", exit, said)
				}
				return
			}
			if exit != 1 || !strings.Contains(said, "is under way for something else: "+tc.says+"\n") || !strings.Contains(said, "rcreg-worker cancel rcreg/fleet/register") {
				t.Errorf("exit %d: %s", exit, said)
			}
		})
	}
}

// What was started with other keys cannot be compared, and is not followed.
func TestOtherFleetWithOtherKeys(t *testing.T) {
	t.Parallel()
	d := newClientTest(t)
	keys, err := temporal.NewKeyring(secret.New(base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{7}, 32))))
	if err != nil {
		t.Fatal(err)
	}
	d.server.keys = keys
	d.server.flows["rcreg/fleet/sync"] = underWay(1)
	if exit := d.line(t.Context(), "fleet sync --file LIST --output json"); exit != 1 || d.json(t).Error.Kind != "wrong_key" {
		t.Errorf("exit %d: %s", exit, d.stdout.String())
	}
}

// A registration of another workspace that has the same name is not followed either.
func TestOtherWorkspaceUnderWay(t *testing.T) {
	t.Parallel()
	d := newClientTest(t)
	other := waits("ABCD-EFGH", 1)
	other.URL = "https://other.example.com"
	d.server.flows["rcreg/register/alpha"] = &script{workflow: temporal.RegisterWorkflow, stays: true, answers: []any{other}}
	exit := d.line(t.Context(), "register alpha --file LIST")
	if exit != 1 || d.stdout.Len() > 0 || !strings.Contains(d.stderr.String(), "another workspace of this name, https://other.example.com") {
		t.Errorf("exit %d: %s%s", exit, d.stdout.String(), d.stderr.String())
	}
}
