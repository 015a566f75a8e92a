package report_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"html"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/internal/report"
	"github.com/rcreg/registration/internal/report/reporttest"
)

// pageOf writes the page of these outcomes.
func pageOf(t *testing.T, outcomes []fleet.Outcome) string {
	t.Helper()
	var page bytes.Buffer
	if err := (report.About{}).Write(&page, outcomes, reporttest.Written()); err != nil {
		t.Fatal(err)
	}
	return page.String()
}

// part is what a pattern finds first.
func part(t *testing.T, page, pattern string) string {
	t.Helper()
	found := regexp.MustCompile(pattern).FindStringSubmatch(page)
	if found == nil {
		t.Fatalf("the page has no %s", pattern)
	}
	return html.UnescapeString(found[1])
}

// TestBegins: a page is known again, and no other file is taken for one.
func TestBegins(t *testing.T) {
	t.Parallel()
	for _, outcomes := range [][]fleet.Outcome{nil, reporttest.Sample(30)} {
		if page := pageOf(t, outcomes); !report.Begins([]byte(page)) || !report.Begins([]byte(page[:2000])) {
			t.Errorf("it is not known again: %.2000s", page)
		}
	}
	for _, other := range []string{"", "token", "<!DOCTYPE html>\n", "<!DOCTYPE html>\n<title>Mine</title>", "<title>Fleet report", "<!DOCTYPE html>\n" + strings.Repeat(" ", 5000) + "<title>Fleet report"} {
		if report.Begins([]byte(other)) {
			t.Errorf("%.40q is taken for a page", other)
		}
	}
}

func TestVerdict(t *testing.T) {
	t.Parallel()
	of := func(classes ...fleet.Class) (outcomes []fleet.Outcome) {
		for _, class := range classes {
			outcomes = append(outcomes, fleet.Outcome{Class: class, Operation: "sync"})
		}
		return outcomes
	}
	for _, c := range []struct {
		outcomes          []fleet.Outcome
		heading, sentence string
	}{
		{nil, "Nothing to report", "The list holds no workspace."},
		{of(fleet.Done), "100 % of the fleet is well", "The workspace is well."},
		{of(fleet.Done, fleet.Unchanged), "100 % of the fleet is well", "All workspaces are well."},
		{of(fleet.Done, fleet.Failed, fleet.Unknown, fleet.Pending), "25.0 % of the fleet is well", "1 failed, 1 has to be looked at again, 1 waits for confirmation."},
		{of(fleet.Failed, fleet.Failed, fleet.Cancelled), "0 % of the fleet is well", "2 failed, 1 was not finished."},
		{append(reporttest.Sample(1), make([]fleet.Outcome, 9_999)...), "0.1 % of the fleet is well", ""},
		{append(of(fleet.Failed), manyOf(fleet.Done, 9_999)...), "99.9 % of the fleet is well", "1 failed."},
	} {
		page := pageOf(t, c.outcomes)
		if heading, sentence := part(t, page, `<h1>(.*?)</h1>`), part(t, page, `<p class="verdict">(.*?)</p>`); heading != c.heading || c.sentence != "" && sentence != c.sentence {
			t.Errorf("%q, %q, want %q, %q", heading, sentence, c.heading, c.sentence)
		}
	}
}

func manyOf(class fleet.Class, n int) []fleet.Outcome {
	outcomes := make([]fleet.Outcome, n)
	for i := range outcomes {
		outcomes[i].Class = class
	}
	return outcomes
}

// The page allows its own style and script, as they are in it, and nothing else.
func TestPolicy(t *testing.T) {
	t.Parallel()
	page := pageOf(t, reporttest.Sample(3))
	digest := func(text string) string {
		sum := sha256.Sum256([]byte(text))
		return base64.StdEncoding.EncodeToString(sum[:])
	}
	style := regexp.MustCompile(`(?s)<style>(.*?)</style>`).FindStringSubmatch(page)[1]
	script := regexp.MustCompile(`(?s)<script>(.*?)</script>`).FindStringSubmatch(page)[1]
	want := "default-src 'none'; style-src 'sha256-" + digest(style) + "'; script-src 'sha256-" + digest(script) + "'; base-uri 'none'; form-action 'none'"
	if got := part(t, page, `Content-Security-Policy" content="(.*?)"`); got != want {
		t.Errorf("the policy is %s, want %s", got, want)
	}
	if got := regexp.MustCompile(`(?i)<(link|img|iframe|script src|object|embed|base)|@import|url\(`).FindString(page); got != "" {
		t.Errorf("the page may load something: %s", got)
	}
}

// What servers say of themselves cannot become part of the page's own text.
func TestHostileText(t *testing.T) {
	t.Parallel()
	page := pageOf(t, reporttest.Hostile())
	for _, bad := range []string{"<script>window", "<img", "</table></style>", `" onclick`, `href="javascript`, `href="data`, "\u202e", "\x1b", "\x00"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
	if !strings.Contains(page, "&lt;script&gt;window.stolen") {
		t.Error("the text is not shown")
	}
}

func TestCharts(t *testing.T) {
	t.Parallel()
	bars := func(page, title string) (labels []string) {
		table := regexp.MustCompile(`(?s)<h2>` + title + `</h2>(.*?)</div>`).FindString(page)
		for _, found := range regexp.MustCompile(`<th scope="row">(.*?)</th>.*?<td>(.*?)</td>`).FindAllStringSubmatch(table, -1) {
			labels = append(labels, found[1]+"="+found[2])
		}
		return labels
	}
	page := pageOf(t, reporttest.Sample(200))
	for title, want := range map[string]string{
		"By version":        "9.0=22 8.9=23 8.7=22 7.10=21 6.13=21 6.4=21 5.4=21 4.8=21 3.18=23 not known=5",
		"By state":          "registered=180 disconnected=5 unregistered=10 not known=5",
		"By support window": "has ended=67 ends in 90 days=42 ends in 180 days=44 ends later=42 not known=5",
	} {
		if got := strings.Join(bars(page, title), " "); got != want {
			t.Errorf("%s: %s, want %s", title, got, want)
		}
	}

	many := make([]fleet.Outcome, 0, 14)
	for _, version := range strings.Fields("3.0 3.1 3.2 3.3 4.1 4.2 4.3 4.4 4.5 6.0 6.1 6.2 10.1 develop") {
		many = append(many, fleet.Outcome{Class: fleet.Done, Version: version + ".0"})
	}
	page = pageOf(t, many)
	if got := strings.Join(bars(page, "By version"), " "); got != "10.x=1 6.x=3 4.x=5 3.x=4 develop.x=1" {
		t.Errorf("of many releases: %s", got)
	}
	for _, why := range []string{"No end of support was read in this run", "No countdown was read in this run"} {
		if !strings.Contains(page, why) {
			t.Errorf("it does not say %q", why)
		}
	}
	values := strings.Fields("-1 0 1 3 4 7 8 10 -1 null")
	counting := make([]fleet.Outcome, 0, len(values))
	for _, days := range values {
		counting = append(counting, fleet.Outcome{Class: fleet.Unchanged, ReadOnly: countdown(t, days)})
	}
	page = pageOf(t, counting)
	if got, want := strings.Join(bars(page, "By days until read-only"), " "), "read-only=1 in 3 days or fewer=2 in 7 days or fewer=2 later=2 kept by a license=2 not known=1"; got != want {
		t.Errorf("countdowns: %s, want %s", got, want)
	}
	for _, cell := range []string{`data-key="3">read-only in 3 days<`, `data-key="0">read-only<`, `data-key="1000">kept writable by a license<`, `data-key=""><`} {
		if !strings.Contains(page, cell) {
			t.Errorf("the table lacks %s", cell)
		}
	}
}

func countdown(t *testing.T, days string) (c registration.Countdown) {
	t.Helper()
	if err := json.Unmarshal([]byte(days), &c); err != nil {
		t.Fatal(err)
	}
	return c
}

// One failure among thousands is wide enough to be seen.
func TestNarrowPieces(t *testing.T) {
	t.Parallel()
	page := pageOf(t, append(manyOf(fleet.Done, 9_999), manyOf(fleet.Failed, 1)...))
	if !strings.Contains(page, `<rect class="failed" x="992.00" y="0" width="8.00"`) {
		t.Error("the failure cannot be seen")
	}
}

func TestRows(t *testing.T) {
	t.Parallel()
	until := time.Date(2027, 3, 1, 23, 0, 0, 0, time.UTC)
	page := pageOf(t, []fleet.Outcome{
		{Workspace: "b", Class: fleet.Done, Took: 1234567890, Attempts: 2, SupportUntil: &until, State: "registered", Version: "9.0.1"},
		{Workspace: "d", Class: fleet.Unchanged, Support: registration.Unsupported},
		{Workspace: "c", Class: fleet.Unchanged, Took: 3*time.Minute + 4*time.Second + 5*time.Millisecond, Resumed: true},
		{Workspace: "a", Class: fleet.Failed, Kind: "not_rocket_chat", URL: "https://a.example.com", Message: "status https://a.example.com (Rocket.Chat 9.0): a web page: HTML", Took: 7400 * time.Microsecond},
	})
	rows := regexp.MustCompile(`<tr role="row" data-class.*`).FindAllString(page, -1)
	for i, want := range [][]string{{"a</b>", "not rocket chat", "7ms", "<span>a web page: HTML</span>"}, {"b</b>", "1.2s", "2027-03-01", "9.0.1"}, {"c</b>", "3m4s", "known from the journal"}, {"d</b>", "has ended"}} {
		for _, text := range want {
			if !strings.Contains(rows[i], text) {
				t.Errorf("row %d lacks %q: %s", i, text, rows[i])
			}
		}
	}
}

func TestWriteFails(t *testing.T) {
	t.Parallel()
	full := errors.New("no space")
	if err := (report.About{}).Write(failing{full}, reporttest.Sample(3), reporttest.Written()); !errors.Is(err, full) {
		t.Errorf("%v", err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// TestHead says of which list the page is, with which command it was made, and by which program; also on each printed page, and with nothing that could run.
func TestHead(t *testing.T) {
	t.Parallel()
	var written bytes.Buffer
	about := report.About{List: "fleet.yaml", Command: "rcreg fleet sync --file 'my <b>fleet.yaml'", Program: "rcreg v0.1.0"}
	if err := about.Write(&written, reporttest.Sample(3), reporttest.Written()); err != nil {
		t.Fatal(err)
	}
	page := written.String()
	for pattern, want := range map[string]string{
		`<title>(.*?)</title>`: "Fleet report: register of fleet.yaml", `List <b>(.*?)</b>`: "fleet.yaml", `<code>(.*?)</code>`: about.Command,
		`class="running"[^>]*><td colspan="9">(.*?)</td>`: "fleet.yaml · register · 24 November 2026, 14:37 UTC", `<footer>Written by (.*?) on`: about.Program,
	} {
		if got := part(t, page, pattern); got != want {
			t.Errorf("%s is %q, want %q", pattern, got, want)
		}
	}
	if !report.Begins(written.Bytes()) {
		t.Error("it is not known again")
	}
}

// TestCauses: what is not well is grouped by its cause, the largest first, each with the step that most of its workspaces need.
func TestCauses(t *testing.T) {
	t.Parallel()
	failed := func(name, kind, advice string) fleet.Outcome {
		return fleet.Outcome{Workspace: name, Class: fleet.Failed, Kind: kind, Advice: advice}
	}
	page := pageOf(t, []fleet.Outcome{
		failed("a", "no_tokens", "add tokens"), failed("b", "unreachable", "look at b"), failed("c", "unreachable", "start it"), failed("d", "unreachable", "start it"), {Workspace: "e", Class: fleet.Done},
	})
	list := part(t, page, `(?s)<h2 id="causes">What to do</h2>\s*<ol>(.*?)</ol>`)
	want := []string{"<b>3</b> unreachable: b, c, d<span class=\"next\">start it</span>", "<b>1</b> no tokens: a<span class=\"next\">add tokens</span>"}
	at := -1
	for _, line := range want {
		found := strings.Index(list, line)
		if found <= at {
			t.Errorf("%q is not there, or in another place: %s", line, list)
		}
		at = found
	}
	if strings.Count(list, "<li>") != len(want) {
		t.Errorf("there are others: %s", list)
	}
	if strings.Contains(pageOf(t, []fleet.Outcome{{Class: fleet.Done}}), "What to do") {
		t.Error("something is to do where all is well")
	}
}

// TestLabelsAreShown, by the name of their workspace, in the order of the alphabet.
func TestLabelsAreShown(t *testing.T) {
	t.Parallel()
	page := pageOf(t, []fleet.Outcome{{Workspace: "a", Class: fleet.Done, Labels: map[string]string{"tier": "gold", "region": "<eu>"}}})
	if want := `<span class="label">region=&lt;eu&gt;</span> <span class="label">tier=gold</span></td>`; !strings.Contains(page, want) {
		t.Errorf("the page has no %s", want)
	}
}

// TestListOfVersionsThatTellsNothing: the panel says what to see to, and another thing where the list was not asked.
func TestListOfVersionsThatTellsNothing(t *testing.T) {
	t.Parallel()
	asked := pageOf(t, []fleet.Outcome{{Workspace: "a", Class: fleet.Done, Support: registration.SupportUnknown}})
	if not := pageOf(t, []fleet.Outcome{{Workspace: "a", Class: fleet.Done}}); !strings.Contains(asked, "RCREG_SUPPORT_KEY") || strings.Contains(not, "RCREG_SUPPORT_KEY") {
		t.Error("the panel does not say it, or says it where nothing was asked")
	}
}
