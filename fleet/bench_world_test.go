package fleet_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/registrationtest"
)

// bareLoop makes the requests that status and sync make, and nothing else.
type bareLoop struct {
	client *http.Client
	fake   *registrationtest.Fleet
	plans  map[string][]bareRequest // by version
}

type bareRequest struct {
	verb, path, contentType, body string
	signed                        bool
}

// newBareLoop finds the requests of each version by watching one workspace of it.
func newBareLoop(b *testing.B, fake *registrationtest.Fleet, list fleet.List, options []fleet.Option) *bareLoop {
	b.Helper()
	loop := &bareLoop{fake: fake, plans: map[string][]bareRequest{}, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: benchConcurrency}}}
	b.Cleanup(loop.client.CloseIdleConnections)
	for i := 0; i < fake.Len() && loop.plans[fake.Version(i)] == nil; i++ {
		watched := &watcher{base: fake.URL(i)}
		one := fleet.List{Workspaces: list.Workspaces[i : i+1]}
		f := open(b, one, slices.Concat(options, []fleet.Option{fleet.WithRoundTripper(watched)})...)
		for _, op := range statusAndSync() {
			outcomes(b, f, op)
		}
		loop.plans[fake.Version(i)] = watched.seen
	}
	return loop
}

func (l *bareLoop) run(b *testing.B) {
	b.Helper()
	var next atomic.Int64
	var workers sync.WaitGroup
	for range benchConcurrency {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < l.fake.Len(); i = int(next.Add(1)) - 1 {
				l.ask(b, i)
			}
		})
	}
	workers.Wait()
}

func (l *bareLoop) ask(b *testing.B, i int) {
	b.Helper()
	for _, planned := range l.plans[l.fake.Version(i)] {
		request, err := http.NewRequestWithContext(b.Context(), planned.verb, l.fake.URL(i)+planned.path, strings.NewReader(planned.body))
		if err != nil {
			b.Error(err)
			return
		}
		if planned.contentType != "" {
			request.Header.Set("Content-Type", planned.contentType)
		}
		if planned.signed {
			admin := l.fake.Admin(i)
			request.Header.Set("X-User-Id", admin.UserID)
			request.Header.Set("X-Auth-Token", admin.AuthToken)
		}
		reply, err := l.client.Do(request)
		if err != nil {
			b.Error(err)
			return
		}
		if _, err := io.ReadAll(reply.Body); err != nil || reply.StatusCode != http.StatusOK {
			b.Errorf("%s %s is answered with %s, %v", planned.verb, planned.path, reply.Status, err)
		}
		_ = reply.Body.Close()
	}
}

// watcher writes down the requests to one workspace.
type watcher struct {
	base string
	seen []bareRequest
}

func (w *watcher) RoundTrip(request *http.Request) (*http.Response, error) {
	var body []byte
	if request.Body != nil {
		var err error
		if body, err = io.ReadAll(request.Body); err != nil {
			return nil, err
		}
		request.Body = io.NopCloser(bytes.NewReader(body))
	}
	w.seen = append(w.seen, bareRequest{
		verb: request.Method, path: strings.TrimPrefix(request.URL.String(), w.base), contentType: request.Header.Get("Content-Type"),
		body: string(body), signed: request.Header.Get("X-Auth-Token") != "",
	})
	return http.DefaultTransport.RoundTrip(request)
}

// madeUp is a list of workspaces that nobody runs, which share one token.
func madeUp(tb testing.TB, n int) fleet.List {
	tb.Helper()
	file := filepath.Join(tb.TempDir(), "token")
	if err := os.WriteFile(file, []byte("secret"), 0o600); err != nil {
		tb.Fatal(err)
	}
	list := fleet.List{Workspaces: make([]fleet.Workspace, n)}
	for i := range list.Workspaces {
		name := fmt.Sprintf("w%06d", i)
		list.Workspaces[i] = fleet.Workspace{Name: name, URL: "https://" + name + ".example.test", UserID: "rcreg", AuthToken: fleet.Reference{File: file}}
	}
	return list
}

// readyAnswers are those of a registered workspace, by path.
func readyAnswers() map[string]string {
	return map[string]string{
		"/api/info":                        `{"success":true,"version":"9.0.0","info":{"version":"9.0.0"}}`,
		"/api/v1/cloud.registrationStatus": `{"success":true,"registrationStatus":{"workspaceRegistered":true,"workspaceId":"1","uniqueId":"","token":"","email":""}}`,
		"/api/v1/cloud.syncWorkspace":      `{"success":true}`,
	}
}

func answer(request *http.Request, body string) *http.Response {
	return &http.Response{
		StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: request, ContentLength: int64(len(body)),
		Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)),
	}
}
