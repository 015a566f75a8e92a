//go:build browser

// Package browser has the tests of reports in a real browser. They need one, and a build tag:
//
//	go test -tags browser ./tools/browser -chromium /usr/bin/chromium -shots pictures
package browser_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/internal/report/reporttest"
)

func TestPageRenders(t *testing.T) {
	t.Parallel()
	p := open(t, reporttest.Sample(200))
	if title := value[string](p, `document.title`); title != "Fleet report: register" {
		t.Errorf("title %q", title)
	}
	if got := p.column(0); len(got) != 200 || got[0] != "Failed" || got[199] != "Unchanged" {
		t.Errorf("%d rows, from %q", len(got), got[:1])
	}
	// The style and the script are taken, so the policy allows them.
	if got := value[string](p, `getComputedStyle(document.querySelector('rect.failed')).fill`); got != "rgb(207, 59, 59)" {
		t.Errorf("a failure is drawn in %s", got)
	}
	if got := value[int](p, `document.querySelectorAll('rect').length`); got < 20 {
		t.Errorf("%d pieces of bars are drawn", got)
	}
	if value[float64](p, `document.querySelector('.drawing rect').getBoundingClientRect().width`) < 100 {
		t.Error("the first bar cannot be seen")
	}
	p.shoot("desktop-light")
	p.checkQuiet()
}

func TestPageSorts(t *testing.T) {
	t.Parallel()
	p := open(t, reporttest.Sample(200))
	press := func(n string) { t.Helper(); p.click(chromedp.CSS(`#fleet th:nth-child(` + n + `) button`)) }
	sorted := func(n string) string {
		return value[string](p, `document.querySelector('#fleet th:nth-child(`+n+`)').ariaSort ?? ''`)
	}

	press("3")
	if got := p.column(2); sorted("3") != "ascending" || sorted("1") != "" || got[0] != "3.18.7" || slices.Index(got, "6.4.9") > slices.Index(got, "6.13.0") {
		t.Errorf("by version (%s): %q", sorted("3"), got)
	}
	if got := p.column(2); got[199] != "" {
		t.Errorf("what has no version is not the last: %q", got[199])
	}
	press("3")
	if got := p.column(2); sorted("3") != "descending" || got[0] != "9.0.0" || got[199] != "" {
		t.Errorf("by version, turned round (%s): %q", sorted("3"), got)
	}
	press("7")
	if got := p.column(6); got[0] != "0" || got[199] != "4" {
		t.Errorf("by tries: %q", got)
	}
	press("8")
	if got := p.column(7); !strings.HasSuffix(got[0], "ms") || got[199] != "4.9s" {
		t.Errorf("by time: %q … %q", got[0], got[199])
	}
	p.do(chromedp.Focus(chromedp.CSS(`#fleet th:nth-child(2) button`)), chromedp.KeyEvent(kb.Enter))
	if got := p.column(1); sorted("2") != "ascending" || !slices.IsSorted(got[:20]) {
		t.Errorf("by name, with the keyboard: %q", got)
	}
	p.checkQuiet()
}

func TestPageFilters(t *testing.T) {
	t.Parallel()
	p := open(t, reporttest.Sample(200))
	shown := func() string { return value[string](p, `document.getElementById('shown').textContent`) }

	p.do(chromedp.SendKeys(chromedp.CSS(`#search`), "UNREACH delta"))
	if got := p.column(1); len(got) != 1 || !strings.HasPrefix(got[0], "delta-00093") || shown() != "1 of 200 workspaces" {
		t.Errorf("found %q, %s", got, shown())
	}
	p.do(chromedp.SendKeys(chromedp.CSS(`#search`), " nothing like it"))
	if len(p.column(1)) != 0 || !value[bool](p, `document.getElementById('nothing').checkVisibility()`) {
		t.Error("it does not say that nothing fits")
	}
	p.click(`#clear`)
	if got := len(p.column(1)); got != 200 || shown() != "200 workspaces" {
		t.Errorf("%d rows after all were asked for, %s", got, shown())
	}
	p.click(`.chip.failed`)
	p.click(`.chip.unknown`)
	if got := slices.Compact(p.column(0)); !slices.Equal(got, []string{"Failed", "Unknown"}) || shown() != "15 of 200 workspaces" {
		t.Errorf("of %q, %s", got, shown())
	}
	p.click(`.chip[data-class=""]`)
	if got := shown(); got != "200 workspaces" {
		t.Error(got)
	}
	p.checkQuiet()
}

// What is filtered stands in the address, and an address filters.
func TestPageFiltersByAddress(t *testing.T) {
	t.Parallel()
	p := open(t, reporttest.Sample(200))
	shown := func() string { return value[string](p, `document.getElementById('shown').textContent`) }
	p.do(chromedp.SetValue(chromedp.CSS(`#label`), "tier=gold"))
	value[bool](p, `document.getElementById('label').dispatchEvent(new Event('change'))`)
	if hash := value[string](p, `location.hash`); shown() != "50 of 200 workspaces" || hash != "#label=tier%3Dgold" {
		t.Errorf("%s by the address %s", shown(), hash)
	}
	value[bool](p, `history.replaceState(null, '', '#q=delta&class=failed&label=tier%3Dsilver&sort=-1') || window.dispatchEvent(new HashChangeEvent('hashchange'))`)
	got := p.column(1)
	if len(got) == 0 || !slices.IsSortedFunc(got, func(a, b string) int { return strings.Compare(b, a) }) || value[string](p, `document.getElementById('search').value`) != "delta" {
		t.Errorf("by the address: %q", got)
	}
	for _, name := range got {
		if !strings.Contains(name, "delta") || !strings.Contains(name, "tier=silver") {
			t.Errorf("%q does not fit", name)
		}
	}
	if value[string](p, `document.querySelector('[aria-pressed="true"]').dataset.class`) != "failed" {
		t.Error("no chip is pressed for it")
	}
	p.checkQuiet()
}

func TestPageOnAPhone(t *testing.T) {
	t.Parallel()
	for _, scheme := range []string{"light", "dark"} {
		t.Run(scheme, func(t *testing.T) {
			t.Parallel()
			p := open(t, reporttest.Sample(200))
			p.do(chromedp.EmulateViewport(360, 780, chromedp.EmulateScale(2)))
			p.as("screen", scheme)
			if got := value[int](p, `document.documentElement.scrollWidth`); got > 360 {
				t.Errorf("the page is %d wide", got)
			}
			p.shoot("phone-" + scheme)
			p.do(chromedp.SetValue(chromedp.CSS(`#order`), "1"))
			value[bool](p, `document.getElementById('order').dispatchEvent(new Event('change'))`)
			if got := p.column(1); !strings.HasPrefix(got[0], "alpha-00000") {
				t.Errorf("by name: %q", got[0])
			}
			p.do(chromedp.ScrollIntoView(chromedp.CSS(`#workspaces`)))
			p.shoot("phone-table-" + scheme)
			p.checkQuiet()
		})
	}
}

func TestPageInTheDark(t *testing.T) {
	t.Parallel()
	p := open(t, reporttest.Sample(200))
	p.as("screen", "dark")
	if got := value[string](p, `getComputedStyle(document.body).backgroundColor`); got != "rgb(14, 19, 27)" {
		t.Errorf("the page is %s", got)
	}
	p.shoot("desktop-dark")
	p.checkQuiet()
}

func TestPagePrints(t *testing.T) {
	t.Parallel()
	p := open(t, reporttest.Sample(200))
	p.click(`.chip.failed`)
	pdf := get(p, chromedp.PrintToPDF())
	if *shots != "" {
		if err := os.WriteFile(filepath.Join(*shots, "print.pdf"), pdf, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if !strings.HasPrefix(string(pdf), "%PDF") || len(pdf) < 10_000 {
		t.Errorf("%d bytes were printed", len(pdf))
	}
	p.as("print", "dark")
	if value[bool](p, `document.getElementById('controls').checkVisibility()`) {
		t.Error("what nobody can press on paper is printed")
	}
	if !value[bool](p, `document.querySelector('.running').checkVisibility()`) {
		t.Error("the head of the list is not on each page")
	}
	if got := len(p.column(0)); got != 10 || value[string](p, `document.getElementById('shown').textContent`) != "10 of 200 workspaces" {
		t.Errorf("%d rows are printed, not those that were chosen", got)
	}
	p.checkQuiet()
}

// What servers say of themselves is shown and never run.
func TestHostilePage(t *testing.T) {
	t.Parallel()
	p := open(t, reporttest.Hostile())
	if got := p.column(1); len(got) != len(reporttest.Hostile()) || !strings.HasPrefix(got[1], `<script>`) {
		t.Errorf("shown: %q", got)
	}
	if value[bool](p, `'stolen' in window`) {
		t.Error("something of theirs ran")
	}
	if got := value[int](p, `document.querySelectorAll('img, iframe, style, script, [onerror], a[href^=javascript]').length`); got != 2 {
		t.Errorf("%d elements that can run or load, not the page's own two", got)
	}
	p.checkQuiet()
}

// A large fleet is sorted, and laid out again, before anybody wonders: what counts is the work of the processor, as a machine may be busy.
func TestLargePage(t *testing.T) {
	t.Parallel()
	p := open(t, reporttest.Sample(10_000))
	if _, err := chromedp.Call(p.ctx, dom.Disable, cdp.Empty{}); err != nil { // else the browser tells of each row that is moved
		t.Fatal(err)
	}
	if _, err := chromedp.Call(p.ctx, performance.Enable, performance.EnableParams{TimeDomain: performance.EnableTimeDomainThreadTicks}); err != nil {
		t.Fatal(err)
	}
	before := p.busy()
	value[float64](p, `document.querySelector('#fleet th:nth-child(2) button').click(), document.body.offsetHeight`)
	took := p.busy() - before
	t.Logf("10,000 rows were sorted and laid out in %.2f s", took)
	if got := p.column(1); len(got) != 500 || !strings.HasPrefix(got[0], "alpha-00000") || took > 1 {
		t.Errorf("%d rows were sorted and laid out in %.2f s, the first is %s", len(got), took, got[0])
	}
	value[*int](p, `document.getElementById('more').click()`)
	if got := p.column(1); len(got) != 10_000 || !strings.HasPrefix(got[9_999], "zenith-09998") {
		t.Errorf("%d rows when all are asked for, the last is %s", len(got), got[len(got)-1])
	}
	p.checkQuiet()
}

// busy is for how many seconds the processor has worked for the page.
func (p *tab) busy() float64 {
	p.t.Helper()
	got, err := chromedp.Call(p.ctx, performance.GetMetrics, cdp.Empty{})
	if err != nil {
		p.t.Fatal(err)
	}
	at := slices.IndexFunc(got.Metrics, func(m *performance.Metric) bool { return m.Name == "TaskDuration" })
	if at < 0 {
		p.t.Fatal("the browser does not tell how long it has worked")
	}
	return got.Metrics[at].Value
}

func TestEmptyPage(t *testing.T) {
	t.Parallel()
	p := open(t, []fleet.Outcome{})
	if got := value[string](p, `document.querySelector('h1').textContent`); got != "Nothing to report" {
		t.Errorf("heading %q", got)
	}
	p.checkQuiet()
}
