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
	const n = 50_000
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
