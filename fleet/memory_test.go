package fleet_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
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

// TestMemoryOfAWorkspaceInFlight measures this side of calls that wait for an answer, over plain HTTP and over HTTPS: the workspaces are in another process.
func TestMemoryOfAWorkspaceInFlight(t *testing.T) { //nolint:paralleltest // it measures the memory of the program
	const n = 500
	for name, scheme := range map[string]string{"in-flight": "http", "in-flight-https": "https"} { //nolint:paralleltest // likewise
		t.Run(name, func(t *testing.T) {
			held := startHolding(t, scheme, n)
			list := madeUp(t, n)
			for i := range list.Workspaces {
				list.Workspaces[i].URL = fmt.Sprintf("%s://127.0.0.1:%d", scheme, 10_000+i) // each has a connection of its own
			}
			f := open(t, list, fleet.WithConcurrency(n), fleet.WithPerHost(n))
			before := inUse()
			var each uint64
			measured := make(chan struct{})
			go func() {
				defer close(measured)
				held.line(t) // all have arrived
				each = (inUse() - before) / n
				_, _ = io.WriteString(held.in, "answer\n")
			}()
			for outcome := range f.Run(t.Context(), fleet.Status()) {
				if outcome.State != "registered" {
					t.Errorf("%+v", outcome)
				}
			}
			<-measured
			fmt.Fprintf(t.Output(), "BenchmarkMemory/%s %d %d B/workspace\n", name, n, each)
			if each >= raceFactor*64<<10 {
				t.Errorf("a workspace in flight takes %d bytes, want less than 64 KiB", each)
			}
		})
	}
}

// holdVariable makes this program a workspace that holds its answers back: "http 500" or "https 500".
const holdVariable = "FLEET_TEST_HOLD"

// held is a workspace in another process.
type held struct {
	in  io.Writer
	out *bufio.Reader
}

// line is the next thing that the other process says.
func (h held) line(t *testing.T) string {
	t.Helper()
	line, err := h.out.ReadString('\n')
	if err != nil {
		t.Error(err)
	}
	return strings.TrimSuffix(line, "\n")
}

// startHolding starts this program again as a workspace. All connections of clients lead there, and they trust its certificate.
func startHolding(t *testing.T, scheme string, n int) held {
	t.Helper()
	self := exec.CommandContext(t.Context(), os.Args[0])
	self.Env = append(os.Environ(), fmt.Sprintf("%s=%s %d", holdVariable, scheme, n))
	in, inErr := self.StdinPipe()
	out, outErr := self.StdoutPipe()
	if err := errors.Join(inErr, outErr, self.Start()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = errors.Join(in.Close(), self.Wait()) })
	h := held{in: in, out: bufio.NewReader(out)}
	address := h.line(t)
	certificate, err := base64.StdEncoding.DecodeString(h.line(t))
	if err != nil {
		t.Fatal(err)
	}
	shared := http.DefaultTransport.(*http.Transport)
	usualDial, usualTLS := shared.DialContext, shared.TLSClientConfig
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(certificate)
	shared.TLSClientConfig = &tls.Config{RootCAs: roots}
	shared.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return usualDial(ctx, network, address)
	}
	t.Cleanup(func() { shared.DialContext, shared.TLSClientConfig = usualDial, usualTLS })
	return h
}

// holdAnswers is the workspace in the other process: it tells its address and its certificate, then that all requests have arrived, and waits for a line.
func holdAnswers(how string) {
	scheme, count, _ := strings.Cut(how, " ")
	n, _ := strconv.Atoi(count)
	h := &holding{arrived: make(chan struct{}), leave: make(chan struct{})}
	server := httptest.NewUnstartedServer(h)
	var certificate []byte
	if scheme == "https" {
		server.StartTLS()
		certificate = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	} else {
		server.Start()
	}
	defer server.Close()
	fmt.Fprintf(os.Stdout, "%s\n%s\n", server.Listener.Addr(), base64.StdEncoding.EncodeToString(certificate))
	for range n {
		<-h.arrived
	}
	fmt.Fprintln(os.Stdout, "all")
	in := bufio.NewReader(os.Stdin)
	_, _ = in.ReadString('\n')
	for range n {
		h.leave <- struct{}{}
	}
	_, _ = in.ReadString('\n') // until this side is done
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
