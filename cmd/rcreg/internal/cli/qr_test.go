package cli_test

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rcreg/registration/cmd/rcreg/internal/scan"
)

const (
	requestQR = "offline request --exchange EXCHANGE --qr"
	applyScan = "offline apply --exchange EXCHANGE --output json --scanned -"
)

// partsIn finds the texts of the parts in what was shown.
func partsIn(shown string) []string {
	return regexp.MustCompile(`(?m)^RCREG[A-Z]+$`).FindAllString(shown, -1)
}

// scans is a person who scans what was shown on one machine into another.
func (b *bench) scans(typed string) { b.system.Stdin = strings.NewReader(typed) }

// runScanned runs a courier on the requests that are scanned.
func (s *site) runScanned(exit int, typed string, more ...string) outcome {
	s.t.Helper()
	s.courier.scans(typed)
	tokens := s.courier.file("* " + s.fake.Cloud().IssueToken())
	return s.courier.must(exit, append([]string{"courier", "run", "--exchange", s.courier.exchange, "--tokens-file", tokens, "--keep-grants", "--scanned", "-"}, more...)...)
}

// Both directions by eye: no file leaves either side. What one command prints is what the other one reads.
func TestAcrossTheGapByEye(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"3.0.0", "8.9.0"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, version)
			shown := s.line(requestQR)
			asked := partsIn(shown.stdout)
			if shown.exit != 3 || len(asked) < 2 || !strings.Contains(shown.stderr, "--scanned - --qr") {
				t.Fatalf("exit %d, %d parts: %s", shown.exit, len(asked), shown.stderr)
			}
			if got := s.runScanned(2, strings.Join(asked[1:], "\n")); !strings.Contains(got.stderr, "missing or damaged: 1\n") {
				t.Errorf("without the first part: %s", got.stderr)
			}
			answered := s.runScanned(0, shown.stdout, "--qr")
			answer := partsIn(answered.stdout)
			slices.Reverse(answer)
			s.scans(strings.Join(answer[1:], "\n"))
			if got := s.expect(2, applyScan); got.Error.Kind != "usage" || !strings.Contains(got.Error.Message, "missing") {
				t.Errorf("without the last part: %+v", got)
			}
			s.scans(strings.ToLower(strings.Join(answer, "\n")))
			if got := s.expect(0, applyScan); got.After.State != "registered" || strings.Contains(strings.Join(got.Notes, " "), "not sealed") {
				t.Errorf("%+v", got)
			}
			s.isDone()
		})
	}
}

func TestPartsAsJSON(t *testing.T) {
	t.Parallel()
	s := newSite(t, "9.0.0")
	asked := s.expect(3, requestQR+" --output json")
	if asked.Request == nil || len(asked.Request.Parts) < 2 || !strings.Contains(asked.Error.Advice, "--scanned") {
		t.Fatalf("%+v", asked)
	}
	answered := s.runScanned(0, strings.Join(asked.Request.Parts, ""), "--qr", "--output", "json").json(t)
	if len(answered.Requests) != 1 || answered.Requests[0].Outcome != "answered" {
		t.Fatalf("%+v", answered)
	}
	s.scans(strings.Join(answered.Requests[0].Parts, "\n"))
	s.expect(0, applyScan)

	// A license goes the same way.
	asked = s.expect(3, licenseRequest+" --qr")
	answered = s.runScanned(0, strings.Join(asked.Request.Parts, "\n"), "--qr", "--output", "json").json(t)
	shown := 0
	for _, item := range answered.Requests {
		if len(item.Parts) > 0 {
			shown++
			s.scans(strings.Join(item.Parts, "\n"))
		}
	}
	if shown != 1 {
		t.Errorf("%d answers are shown: %+v", shown, answered.Requests)
	}
	if got := s.expect(0, applyScan); got.License == nil || got.License.After.State != "in-force" {
		t.Errorf("%+v", got)
	}
}

// A courier's folder that was carried: all answers are shown, again at the next run.
func TestAnswersOfACarriedFolder(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	for range 2 {
		got := g.courier("* "+g.token, "--qr", "--output", "json").json(t)
		if len(got.Requests) != 1 || len(got.Requests[0].Parts) < 2 {
			t.Fatalf("%+v", got)
		}
		text, err := scan.Join(strings.Join(got.Requests[0].Parts, ""))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := g.requester.AnswerText(g.request, text[0]); err != nil {
			t.Error(err)
		}
	}
}

// A person on a terminal sees one code at a time, white on black, and may stop.
func TestCodesOnATerminal(t *testing.T) {
	t.Parallel()
	for stopAfter, exit := range map[int]int{100: 3, 2: 1} {
		s := newSite(t, "6.13.0")
		asked := []string{}
		s.system.StdoutTerminal = true
		s.system.Ask = func(_ context.Context, question string, seen bool) (string, error) {
			if asked = append(asked, question); len(asked) == stopAfter || !seen {
				return "", errors.Join(errors.New("nobody answered"), context.Canceled)
			}
			return "", nil
		}
		got := s.line(requestQR)
		codes := strings.Count(got.stdout, "Request ")
		if got.exit != exit || len(partsIn(got.stdout)) != 0 || codes != len(asked) || codes < 2 || !strings.Contains(got.stdout, "\x1b[97;40m█") {
			t.Errorf("exit %d, %d codes: %s", got.exit, codes, got.stderr)
		}
		if !strings.HasPrefix(asked[1], "part 2 of ") {
			t.Errorf("asked %q", asked)
		}
	}
}

func TestScannedUsage(t *testing.T) {
	t.Parallel()
	s := newSite(t, "6.13.0")
	asked := s.expect(3, requestQR+" --output json").Request.Parts
	hello, err := scan.Split([]byte("hello"))
	if err != nil {
		t.Fatal(err)
	}
	for name, typed := range map[string]string{"nothing": "", "no parts": "hello", "no request": hello[0], "a damaged part": asked[0][:100]} {
		if got := s.runScanned(2, typed, "--output", "json").json(t); got.Error.Kind != "usage" || got.Error.Advice == "" {
			t.Errorf("%s: %+v", name, got)
		}
	}
	for name, typed := range map[string]string{"no parts": "hello", "two texts": strings.Join(asked, "") + hello[0]} {
		s.scans(typed)
		if got := s.expect(2, applyScan); got.Error.Kind != "usage" {
			t.Errorf("%s: %+v", name, got)
		}
	}
	s.scans(strings.Join(asked, "\n"))
	if got := s.expect(1, applyScan); got.Error.Kind != "invalid_grant" {
		t.Errorf("a request as an answer: %+v", got)
	}
	if got := s.line(applyScan + " --answer -"); got.exit != 2 {
		t.Errorf("both forms: %s", got.stdout)
	}
	if known := s.fake.Cloud().Workspaces(); len(known) != 0 {
		t.Errorf("the Cloud registered %d workspaces", len(known))
	}
}

// TestCodesThatDoNotFit are not drawn: what to do is said, and the request waits as it would.
func TestCodesThatDoNotFit(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		columns, lines int
		drawn          bool
	}{
		"a usual terminal": {80, 24, false},
		"too narrow":       {40, 100, false},
		"a large one":      {120, 60, true},
		"one without size": {0, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, "6.13.0")
			b.system.StdoutTerminal, b.system.Size = true, func() (int, int) { return tc.columns, tc.lines }
			got := b.must(3, "offline", "request", "--exchange", b.exchange, "--qr")
			if drawn := strings.Contains(got.stdout, "█"); drawn != tc.drawn || strings.Contains(got.stderr, "make the window larger") == tc.drawn {
				t.Errorf("drawn: %t\n%s%s", drawn, got.stdout, got.stderr)
			}
		})
	}
}
