package fleet_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/fleet"
)

// inUse is the memory of the program: what is reachable, and stacks.
func inUse() uint64 {
	runtime.GC()
	runtime.GC() // what finalizers have let go of
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc + stats.StackInuse
}

// Not parallel: what other tests use would count.
func TestMemoryOfAWaitingWorkspace(t *testing.T) { //nolint:paralleltest // it measures the memory of the program
	const n = 20_000
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "token"), []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "fleet.json")
	writeLargeList(t, path, n)
	journal := openJournal(t, filepath.Join(dir, "journal"), "wait")

	before := inUse()
	list, err := fleet.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	f := open(t, list, fleet.WithJournal(journal), fleet.WithConcurrency(1), fleet.WithRoundTripper(ready{}))
	var each uint64
	op := fleet.Operation{Name: "wait", Do: func(context.Context, *fleet.Job) (registration.Result, error) {
		if each == 0 {
			each = (inUse() - before) / n
		}
		return registration.Result{}, nil
	}}
	for range f.Run(t.Context(), op) {
		break
	}
	fmt.Fprintf(t.Output(), "BenchmarkMemory/waiting %d %d B/workspace\n", n, each) // docs/numbers.md keeps these lines
	if each >= raceFactor<<10 {
		t.Errorf("a waiting workspace takes %d bytes, want less than 1 KiB", each)
	}
}

func writeLargeList(t *testing.T, path string, n int) {
	t.Helper()
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(file, `{"defaults":{"user_id":"rcreg","auth_token":{"file":"token"}},"workspaces":[`)
	for i := range n {
		if i > 0 {
			fmt.Fprintln(file, ",")
		}
		fmt.Fprintf(file, `{"name":"workspace-%06d","url":"https://workspace-%06d.example.com","labels":{"region":"eu"}}`, i, i)
	}
	fmt.Fprint(file, `]}`)
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestMemoryOfAWorkspaceInFlight(t *testing.T) { //nolint:paralleltest // it measures the memory of the program
	const n = 500
	holder := &holding{arrived: make(chan struct{}), leave: make(chan struct{})}
	server := httptest.NewServer(holder)
	defer server.Close()
	ofServer := holder.whenAllHave(n, func() { holder.askBare(t, server.Listener.Addr().String(), n) })

	list := madeUp(t, n)
	for i := range list.Workspaces {
		list.Workspaces[i].URL = server.URL
	}
	each := holder.whenAllHave(n, func() {
		f := open(t, list, fleet.WithConcurrency(n), fleet.WithPerHost(n))
		for outcome := range f.Run(t.Context(), fleet.Status()) {
			if outcome.State != "registered" {
				t.Errorf("%+v", outcome)
			}
		}
	})
	fmt.Fprintf(t.Output(), "BenchmarkMemory/in-flight %d %d B/workspace %d of-server-B/workspace\n", n, each-ofServer, ofServer)
	if each-ofServer >= raceFactor*80<<10 {
		t.Errorf("a workspace in flight takes %d bytes, want less than 80 KiB", each-ofServer)
	}
}

// holding is a workspace that holds back the answer to everything but its version.
type holding struct {
	arrived, leave chan struct{}
}

func (h *holding) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/api/info" {
		h.arrived <- struct{}{}
		<-h.leave
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, readyAnswers()[r.URL.Path])
}

// whenAllHave returns how much memory each of n requests takes that ask makes, at the moment in which all of them wait for an answer.
func (h *holding) whenAllHave(n uint64, ask func()) (each uint64) {
	before := inUse()
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range n {
			<-h.arrived
		}
		each = (inUse() - before) / n
		for range n {
			h.leave <- struct{}{}
		}
	}()
	ask()
	<-done
	return each
}

// askBare asks over connections that take next to no memory on this side.
func (*holding) askBare(t *testing.T, address string, n int) {
	t.Helper()
	connections := make([]net.Conn, n)
	for i := range connections {
		connection, err := new(net.Dialer).DialContext(t.Context(), "tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer connection.Close()
		fmt.Fprintf(connection, "GET /api/v1/cloud.registrationStatus HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", address)
		connections[i] = connection
	}
	for _, connection := range connections {
		if _, err := io.Copy(io.Discard, connection); err != nil {
			t.Error(err)
		}
	}
}
