package cli_test

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"
)

// someKey is a key of histories.
const someKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

// atServer is a worker of a server that is there.
func atServer(t *testing.T) *workerTest {
	t.Helper()
	s := newWorkerTest(t)
	s.variables["RCREG_HISTORY_KEY"] = someKey
	return s
}

func TestWorkerRunsUntilItIsEnded(t *testing.T) {
	t.Parallel()
	s := atServer(t)
	s.must(0, "--task-queue gold --concurrency 7 --grace 40s --address temporal.example.com:7233 --namespace ops", `"msg":"the worker takes work"`, `"task_queue":"gold"`,
		"takes no more work", `"grace":40000000000`)
	if got, want := s.log.String(), "worker started, worker stopped, client closed"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if s.queue != "gold" || s.options.MaxConcurrentActivityExecutionSize != 7 || s.options.WorkerStopTimeout != 40*time.Second {
		t.Errorf("the worker is %s %+v", s.queue, s.options)
	}
	if len(s.worker.activities) != 6 || len(s.worker.workflows) != 4 {
		t.Errorf("it has %d activities and %v", len(s.worker.activities), s.worker.workflows)
	}
	if s.dialled.HostPort != "temporal.example.com:7233" || s.dialled.Namespace != "ops" || s.dialled.DataConverter == nil || s.dialled.FailureConverter == nil {
		t.Errorf("it has dialled %+v", s.dialled)
	}
}

func TestWorkerTellsThatItRuns(t *testing.T) {
	t.Parallel()
	t.Run("to people", func(t *testing.T) {
		t.Parallel()
		s := atServer(t)
		s.system.StderrTerminal = true
		s.must(0, "", "The worker takes work.", "localhost:7233, namespace default", "What is in flight ends first, within 2m0s")
		if strings.Contains(s.stderr.String(), "{") || strings.Contains(s.stderr.String(), "--dev") {
			t.Errorf("a person reads %s", s.stderr.String())
		}
	})
	t.Run("to programs", func(t *testing.T) {
		t.Parallel()
		s := atServer(t)
		s.must(0, "--output json")
		var v map[string]string
		if err := json.Unmarshal([]byte(s.stdout.String()), &v); err != nil || v["address"] != "localhost:7233" || v["task_queue"] != "rcreg" || v["namespace"] != "default" {
			t.Errorf("%s: %v", s.stdout.String(), err)
		}
	})
}

func TestWorkerThatCannotGoOn(t *testing.T) {
	t.Parallel()
	s := atServer(t)
	code := s.during("", func() {
		s.options.OnFatalError(errors.New("the namespace is gone"))
		s.options.OnFatalError(errors.New("once more"))
		s.worker.wait()
	})
	if code != 1 {
		t.Errorf("it ends with %d", code)
	}
	wantText(t, s.stderr.String(), "the worker cannot go on: the namespace is gone", "see whether the namespace is still there")
}

func TestWorkerThatDoesNotStart(t *testing.T) {
	t.Parallel()
	s := atServer(t)
	s.worker.fails = errors.New("no such file")
	s.must(1, "", "Error: the worker does not start: no such file", "Next:")
	if got, want := s.log.String(), "client closed"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestWorkerRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, line, told string }{
		{"a misspelt command", "flet", `unknown command "flet"`},
		{"an unknown output", "--output csv", `unknown output "csv"`},
		{"a long time for a try", "--timeout 5m", "--timeout is longer than 4m0s"},
		{"no time for a try", "--timeout 0s", "the time for a try must be positive"},
		{"a negative grace", "--grace -1s", "--grace is negative"},
		{"a negative limit for hosts", "--per-host -1", "--per-host is negative"},
		{"nobody at work", "--concurrency 0", "the concurrency must be at least 1"},
		{"no rate", "--cloud-rate 0", "the rate for the Cloud must be positive"},
		{"a Cloud in clear", "--cloud-url http://cloud.example.com", "--plain-http"},
		{"an air gap without a state", "--exchange DIR/exchange", "--exchange needs a folder"},
		{"grants without a state", "--keep-grants", "--keep-grants needs a folder"},
		{"a state in no folder", "--state DIR/a/b", "the state cannot be kept"},
		{"a state that others can read", "--state DIR/open", "the state folder cannot be used"},
		{"an exchange in no folder", "--state DIR/state --exchange DIR/a/b", "is the stick in?"},
		{"health on no address", "--health-address nowhere:-1", "--health-address cannot be listened on"},
		{"a word that happens to be json", "json --bogus", "unknown command"},
		{"an embedded server with a key", "--dev --key-file DIR/key", "--dev has a key of its own"},
		{"an embedded server with a namespace", "--dev --namespace ops", "has the namespace default only"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := atServer(t)
			if err := errors.Join(os.Mkdir(s.in("open"), 0o700), os.Chmod(s.in("open"), 0o755)); err != nil {
				t.Fatal(err)
			}
			s.must(2, c.line, "Error: ", c.told, "Next: ")
			if strings.Contains(s.log.String(), "started") {
				t.Errorf("it has begun: %s", s.log.String())
			}
		})
	}
}
