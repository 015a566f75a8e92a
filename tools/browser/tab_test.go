//go:build browser

package browser_test

import (
	"context"
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/internal/report"
	"github.com/rcreg/registration/internal/report/reporttest"
)

var (
	program = flag.String("chromium", "chromium", "the browser that the pages are opened in")
	shots   = flag.String("shots", "", "a folder for pictures of the pages (default: none)")
)

// tab is a page that is open in a browser, with what it should not have done.
type tab struct {
	t   *testing.T
	ctx context.Context

	mu     sync.Mutex
	loaded []string // addresses
	says   []string // on the console, and exceptions
}

// open writes the page of these outcomes and opens it.
func open(t *testing.T, outcomes []fleet.Outcome) *tab {
	t.Helper()
	path := filepath.Join(t.TempDir(), "fleet.html")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := (report.About{}).Write(file, outcomes, reporttest.Written()); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(*program), chromedp.UserDataDir(t.TempDir()), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.WindowSize(1280, 900))
	allocated, endBrowser := chromedp.NewExecAllocator(t.Context(), options...)
	ctx, endTab := chromedp.NewContext(allocated)
	t.Cleanup(func() { endTab(); endBrowser() })
	p := &tab{t: t, ctx: ctx}
	if err := chromedp.Listen(ctx, p.notice); err != nil {
		t.Fatal(err)
	}
	p.do(chromedp.Navigate((&url.URL{Scheme: "file", Path: path}).String()))
	return p
}

// notice keeps what the page loads and complains of.
func (p *tab) notice(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		p.loaded = append(p.loaded, e.Request.URL)
	case *runtime.EventConsoleAPICalled:
		p.says = append(p.says, fmt.Sprint(e.Type, e.Args))
	case *runtime.EventExceptionThrown:
		p.says = append(p.says, e.ExceptionDetails.Text)
	case *log.EventEntryAdded:
		p.says = append(p.says, e.Entry.Text)
	}
}

func (p *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, actions...); err != nil {
		p.t.Fatal(err)
	}
}

func (p *tab) click(selector chromedp.CSS) { p.t.Helper(); p.do(chromedp.Click(selector)) }

// get is what an action returns.
func get[V any](p *tab, action chromedp.Action[V]) V {
	p.t.Helper()
	got, err := chromedp.Run(p.ctx, action)
	if err != nil {
		p.t.Fatal(err)
	}
	return got
}

// value is that of an expression in the page.
func value[V any](p *tab, expression string) V {
	p.t.Helper()
	return get(p, chromedp.Evaluate[V](expression))
}

// as shows the page in another medium, "screen" or "print", and colour scheme, "light" or "dark".
func (p *tab) as(medium, scheme string) {
	p.t.Helper()
	_, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Media: medium, Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
	if err != nil {
		p.t.Fatal(err)
	}
}

// column are the texts in a column of the rows that can be seen.
func (p *tab) column(n int) []string {
	p.t.Helper()
	return value[[]string](p, fmt.Sprintf(`[...document.querySelectorAll('#fleet tbody tr')].filter(r => r.checkVisibility()).map(r => r.cells[%d].textContent.trim())`, n))
}

// checkQuiet tells that the page loaded nothing but itself, and that the browser had nothing to say.
func (p *tab) checkQuiet() {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.loaded) != 1 || !strings.HasPrefix(p.loaded[0], "file://") {
		p.t.Errorf("loaded: %q", p.loaded)
	}
	if len(p.says) > 0 {
		p.t.Errorf("the console says: %q", p.says)
	}
}

// shoot takes a picture, where they are wanted.
func (p *tab) shoot(name string) {
	p.t.Helper()
	if *shots == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(*shots, name+".png"), get(p, chromedp.CaptureScreenshot()), 0o600); err != nil {
		p.t.Fatal(err)
	}
}
