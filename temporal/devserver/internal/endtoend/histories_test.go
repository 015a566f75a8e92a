package endtoend_test

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	enums "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/api/temporalproto"
	sdk "go.temporal.io/sdk/temporal"
	"google.golang.org/protobuf/proto"

	"github.com/rcreg/registration/registrationtest/sim"
	"github.com/rcreg/registration/temporal/devserver/internal/jumpclock"
)

var record = flag.Bool("record", false, "write the histories that the tests of the module temporal replay, unless they are there")

// replayed is where those histories are.
const replayed = "../../../../temporal/testdata/histories"

// TestHistories takes every workflow through every way it has, and looks for secrets in what the server knows of it: in the histories, and in the files of its
// database. With -record the histories are written down for replays:
//
//	go test ./temporal/devserver/internal/endtoend -run Histories -record
func TestHistories(t *testing.T) {
	t.Parallel()
	key, err := os.ReadFile(filepath.Join(replayed, "key-for-tests-only.txt"))
	if err != nil {
		t.Fatal(err)
	}
	w := &world{tb: t, clock: jumpclock.New(), key: strings.TrimSpace(string(key))}
	w.open(sim.Config{Count: 16, Versions: []string{"8.9.0"}, Clock: w.clock})
	config := w.config()
	config.Tokens, config.Gap = secretFile(t, w.sim.Cloud().IssueToken()), t.TempDir()
	w.work(config)
	v := takeTour(w, config.Gap)
	w.expectNoSecrets(v)
	if *record && !t.Failed() {
		for name, run := range v.runs {
			write(t, name, w.history(run.GetID(), run.GetRunID()))
		}
	}
}

// history is what the server knows of a run of a workflow.
func (w *world) history(id, run string) *historypb.History {
	w.tb.Helper()
	events := w.GetWorkflowHistory(w.tb.Context(), id, run, false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	history := &historypb.History{}
	for events.HasNext() {
		event, err := events.Next()
		if err != nil {
			w.tb.Fatal(err)
		}
		history.Events = append(history.Events, event)
	}
	return history
}

// expectNoSecrets looks for what must not be seen in what the server keeps.
func (w *world) expectNoSecrets(v *tour) {
	w.tb.Helper()
	kept := map[string][]byte{}
	for name, run := range v.runs {
		text, err := proto.Marshal(w.history(run.GetID(), run.GetRunID()))
		if err != nil {
			w.tb.Fatal(err)
		}
		kept["history "+name] = text
	}
	for _, file := range []string{"temporal.db", "temporal.db-wal"} {
		text, err := os.ReadFile(filepath.Join(w.dir, file))
		if err != nil {
			w.tb.Fatal(err)
		}
		kept[file] = text
	}
	for what, secret := range w.secrets() {
		for where, text := range kept {
			if secret == "" || bytes.Contains(text, []byte(secret)) {
				w.tb.Errorf("%s is in %s", what, where)
			}
		}
	}
	if !bytes.Contains(kept["history fleet-register"], []byte("rcreg/register/w00001")) {
		w.tb.Error("what was looked at are not the histories of these workflows")
	}
}

// secrets are those of the workspaces and the Cloud, and what is not one and nobody's business.
func (w *world) secrets() map[string]string {
	secrets := map[string]string{"a mail address": "ops@example.com", "an address": strings.TrimPrefix(w.list.Workspaces[0].URL, "http://"), "a path": w.folder}
	for i, token := range w.sim.FleetInfo().RegistrationTokens {
		secrets["registration token of "+w.list.Workspaces[i].Name] = token
	}
	for _, member := range w.sim.FleetInfo().Workspaces {
		secrets["auth token of "+member.Name] = member.AuthToken
		secrets["password of "+member.Name] = member.Password
	}
	for _, device := range w.sim.Cloud().Devices() {
		secrets["device code for "+device.UserCode] = device.Code
		secrets["user code "+device.UserCode] = device.UserCode
	}
	return secrets
}

// write writes a history, unless it is there, without the names of this machine: that of a sticky queue is the machine's.
func write(t *testing.T, name string, history *historypb.History) {
	t.Helper()
	for _, event := range history.GetEvents() {
		if queue := event.GetWorkflowTaskScheduledEventAttributes().GetTaskQueue(); queue.GetKind() == enums.TASK_QUEUE_KIND_STICKY {
			queue.Name = "sticky"
		}
	}
	text, err := temporalproto.CustomJSONMarshalOptions{Indent: "  "}.Marshal(history)
	if err != nil {
		t.Fatal(err)
	}
	host, err := os.Hostname()
	if err != nil || bytes.Contains(text, []byte(host+":")) || bytes.Contains(text, []byte("@"+host)) {
		t.Fatalf("the history %s names this machine, or %v", name, err)
	}
	file, err := os.OpenFile(filepath.Join(replayed, name+".json"), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, os.ErrExist) {
		return
	}
	if err == nil {
		_, err = file.Write(append(text, '\n'))
		err = errors.Join(err, file.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
}

// kindOf is the kind of failure of a workflow, "canceled", or "".
func kindOf(err error) string {
	var failure *sdk.ApplicationError
	switch {
	case err == nil:
		return ""
	case sdk.IsCanceledError(err):
		return "canceled"
	case errors.As(err, &failure):
		return failure.Type()
	}
	return err.Error()
}
