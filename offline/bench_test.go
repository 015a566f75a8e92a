package offline_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"filippo.io/age"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/offline"
	"github.com/rcreg/registration/registrationtest"
)

const (
	manyRequests = 1000
	manyAtOnce   = 16
)

// far is a round tripper to a Cloud that is some time away, since none is on loopback.
type far struct {
	http.RoundTripper
	away time.Duration
}

func (f far) RoundTrip(r *http.Request) (*http.Response, error) {
	if f.away > 0 {
		timer := time.NewTimer(f.away)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
	return f.RoundTripper.RoundTrip(r)
}

// BenchmarkCourier exchanges 1,000 requests, and beside it makes the bare HTTP requests that this takes, at the same concurrency. "x-bare" is how many times
// as long the courier takes. On loopback, where a request takes less than sealing its answer, see BenchmarkSealing for what sealing alone takes of that.
func BenchmarkCourier(b *testing.B) {
	for _, away := range []time.Duration{0, 20 * time.Millisecond, 100 * time.Millisecond} {
		b.Run("away="+away.String(), func(b *testing.B) {
			var courier, bare time.Duration
			for b.Loop() {
				b.StopTimer()
				e := newExchange(b, manyRequests, away)
				bare += timed(func() { e.bare(b) })
				b.StartTimer()
				courier += timed(func() {
					if got := e.run(b, false).Count(offline.Answered); got != manyRequests {
						b.Errorf("%d answered", got)
					}
				})
			}
			b.ReportMetric(courier.Seconds()/bare.Seconds(), "x-bare")
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(courier.Seconds()/float64(b.N), "s/courier")
			b.ReportMetric(bare.Seconds()/float64(b.N), "s/bare")
		})
	}
}

// BenchmarkSealing seals 1,000 answers, on all processors and with nothing else: the least that a courier adds to the bare requests.
func BenchmarkSealing(b *testing.B) {
	identity, err := age.GenerateX25519Identity()
	must(b, err)
	answer := bytes.Repeat([]byte("a"), 4<<10)
	for b.Loop() {
		var workers sync.WaitGroup
		for range runtime.GOMAXPROCS(0) {
			workers.Go(func() {
				for range manyRequests / runtime.GOMAXPROCS(0) {
					sealed, err := age.Encrypt(io.Discard, identity.Recipient())
					if err == nil {
						_, err = sealed.Write(answer)
						err = errors.Join(err, sealed.Close())
					}
					if err != nil {
						b.Error(err)
					}
				}
			})
		}
		workers.Wait()
	}
}

func timed(do func()) time.Duration {
	start := time.Now()
	do()
	return time.Since(start)
}

// hasty is a clock that waits for nothing.
type hasty struct{}

func (hasty) Now() time.Time                                   { return time.Now() }
func (hasty) Sleep(ctx context.Context, _ time.Duration) error { return context.Cause(ctx) }

// exchange is a folder full of requests, and a Cloud.
type exchange struct {
	cloud     *registrationtest.Cloud
	http      http.RoundTripper
	path      string
	folder    *offline.Folder
	requester *offline.Requester
	tokens    []string
}

func newExchange(tb testing.TB, n int, away time.Duration) *exchange {
	tb.Helper()
	transport := &http.Transport{MaxIdleConnsPerHost: manyAtOnce}
	tb.Cleanup(transport.CloseIdleConnections)
	e := &exchange{cloud: registrationtest.NewCloud(tb), http: far{transport, away}, path: tb.TempDir()}
	for range 2 * n { // half of them for the bare requests
		e.tokens = append(e.tokens, e.cloud.IssueToken())
	}
	folder, err := offline.OpenFolder(filepath.Join(e.path, "exchange"))
	must(tb, err)
	e.folder = folder
	state, err := offline.OpenState(filepath.Join(e.path, "state"))
	must(tb, err)
	e.requester = &offline.Requester{Folder: folder, State: state}
	for i := range n {
		_, err := e.requester.Ask(offline.Registration, dataOf(i))
		must(tb, err)
	}
	return e
}

// dataOf is the registration data of a made-up workspace.
func dataOf(number int) string {
	return base64.StdEncoding.EncodeToString(fmt.Appendf(nil,
		`{"uniqueId":"unique-%d","address":"https://chat-%d.example.com","contactEmail":"ops@example.com","siteName":"Chat","version":"6.13.0","licenseVersion":3}`, number, number))
}

// bare makes the requests that the courier has to make.
func (e *exchange) bare(tb testing.TB) {
	tb.Helper()
	numbers := make(chan int)
	var workers sync.WaitGroup
	for range manyAtOnce {
		workers.Go(func() {
			for i := range numbers {
				if err := e.post(i); err != nil {
					tb.Error(err)
				}
			}
		})
	}
	for i := range manyRequests {
		numbers <- i
	}
	close(numbers)
	workers.Wait()
}

func (e *exchange) post(i int) error {
	body := fmt.Appendf(nil, `{"email":"ops@example.com","client_name":"Chat","redirect_uris":["https://chat-%d.example.com/admin/cloud/oauth-callback"]}`, i)
	request, err := http.NewRequestWithContext(context.Background(), http.MethodPost, e.cloud.URL()+"/api/oauth/clients", bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+e.tokens[manyRequests+i])
	request.Header.Set("Content-Type", "application/json")
	response, err := e.http.RoundTrip(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusCreated {
		err = fmt.Errorf("HTTP %d: %s", response.StatusCode, text)
	}
	return err
}

// run runs a courier over the folder.
func (e *exchange) run(tb testing.TB, keepGrants bool) offline.Report {
	tb.Helper()
	client, err := cloud.New(cloud.WithURL(e.cloud.URL()), cloud.WithRoundTripper(e.http), cloud.WithClock(hasty{}))
	must(tb, err)
	var lines bytes.Buffer
	for i, token := range e.tokens[:len(e.tokens)/2] {
		fmt.Fprintf(&lines, "unique-%d %s\n", i, token)
	}
	tokens, err := offline.ParseTokens(lines.Bytes())
	must(tb, err)
	ledger, err := offline.OpenLedger(filepath.Join(e.path, "ledger"))
	must(tb, err)
	c := &offline.Courier{Cloud: client, Tokens: tokens, Folder: e.folder, Ledger: ledger, KeepGrants: keepGrants, Concurrency: manyAtOnce}
	report, err := c.Run(context.Background())
	must(tb, errors.Join(err, ledger.Close()))
	return report
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}
