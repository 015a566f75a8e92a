package offline

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rcreg/registration/cloud"
)

// outcomes lists what became of the requests of workspaces, by unique id.
func outcomes(items []Item) map[string]Outcome {
	all := map[string]Outcome{}
	for _, item := range items {
		all[item.Workspace.UniqueID] = item.Outcome
	}
	return all
}

func TestOneBadRequestDoesNotStopTheOthers(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	var requests []Request
	for number := range 8 {
		requests = append(requests, ask(t, g, number))
	}
	save(t, g.requestFile(requests[0]), "{")
	save(t, g.requestFile(requests[1]), string(requests[2].Text()))
	save(t, g.file("requests", "copy of a request.json"), string(requests[2].Text()))
	save(t, g.file("requests", "readme.txt"), "this is no request")
	save(t, g.answerFile(requests[3]), "somebody else's")
	save(t, g.codeFile(requests[4]), codeOf(4))
	g.cloud.exchange = func(token string, grant cloud.Grant) (cloud.Grant, error) {
		if token == "bad" {
			return cloud.Grant{}, &cloud.Error{Operation: "POST oauth/clients", Status: 401, Kind: cloud.ErrInvalidToken}
		}
		return grant, nil
	}
	items := g.run(t, "unique-2 t2\nunique-3 t3\nunique-4 t4\nunique-5 bad\nhttps://CHAT-7.example.com/ t7")
	byFile := map[string]Item{}
	for _, item := range items {
		byFile[item.File] = item
	}
	for file, want := range map[string]struct {
		outcome Outcome
		err     error
	}{
		requests[0].ID() + ".json": {Unreadable, ErrTruncated},
		requests[1].ID() + ".json": {Unreadable, ErrOtherRequest},
		requests[2].ID() + ".json": {Answered, nil},
		requests[3].ID() + ".json": {Failed, ErrMalformed},
		requests[4].ID() + ".json": {AnsweredBefore, nil},
		requests[5].ID() + ".json": {Refused, ErrTokenRefused},
		requests[6].ID() + ".json": {Failed, ErrNoToken},
		requests[7].ID() + ".json": {Answered, nil},
		"copy of a request.json":   {Unreadable, ErrLeadsOut},
	} {
		if got := byFile[file]; got.Outcome != want.outcome || !errors.Is(got.Err, want.err) || (got.Err == nil) != (want.err == nil) {
			t.Errorf("%s: %s, %v; want %s, %v", file, got.Outcome, got.Err, want.outcome, want.err)
		}
	}
	if len(items) != 9 || !slices.IsSortedFunc(items, func(a, b Item) int { return strings.Compare(a.File, b.File) }) {
		t.Errorf("%d items: %v", len(items), items)
	}
	if spent := g.cloud.tokens(); len(spent) != 3 || slices.Contains(spent, "t3") || slices.Contains(spent, "t4") {
		t.Errorf("spent %v", spent)
	}
}

func TestRunTwiceDoesNothingTwice(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	r := ask(t, g, 1)
	g.run(t, "unique-1 token-1")
	before := load(t, g.answerFile(r))
	if got := outcomes(g.run(t, "unique-1 token-1")); got["unique-1"] != AnsweredBefore {
		t.Errorf("the second run: %v", got)
	}
	must(t, os.Remove(g.answerFile(r)))
	if got := outcomes(g.run(t, "unique-1 token-2")); got["unique-1"] != WrittenAgain {
		t.Errorf("after losing the answer: %v", got)
	}
	save(t, g.answerFile(r), "{")
	if got := outcomes(g.run(t, "")); got["unique-1"] != WrittenAgain {
		t.Errorf("after damaging the answer: %v", got)
	}
	if load(t, g.answerFile(r)) != before {
		t.Error("the answer is another one")
	}
	if spent := g.cloud.tokens(); len(spent) != 1 {
		t.Errorf("spent %v", spent)
	}
}

// TestAnotherCourierAnswered meets an answer that is not in the ledger.
func TestAnotherCourierAnswered(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	r := ask(t, g, 1)
	save(t, g.answerFile(r), answerFor(t, r, codeOf(1)))
	if got := outcomes(g.run(t, "unique-1 token-1")); got["unique-1"] != AnsweredBefore {
		t.Errorf("%v", got)
	}
	if spent := g.cloud.tokens(); len(spent) != 0 {
		t.Errorf("spent %v", spent)
	}
}

// TestErrorsOfTheCloud says what each means for the token at the next runs.
func TestErrorsOfTheCloud(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		err               error
		first, same, next Outcome // with the token, with it again, with a new one
	}{
		{cloud.ErrUnreachable, Failed, Answered, AnsweredBefore},
		{cloud.ErrRateLimited, Failed, Answered, AnsweredBefore},
		{cloud.ErrInvalidArgument, Failed, Answered, AnsweredBefore},
		{cloud.ErrRefused, Failed, Answered, AnsweredBefore},
		{cloud.ErrInvalidToken, Refused, Refused, Answered},
		{cloud.ErrTokenUsed, Refused, Refused, Answered},
		{cloud.ErrOutcomeUnknown, Unknown, Unknown, Answered},
		{errors.Join(cloud.ErrOutcomeUnknown, cloud.ErrBadReply), Unknown, Unknown, Answered},
		{context.Canceled, Unknown, Unknown, Answered},
		{errors.New("something else"), Unknown, Unknown, Answered},
	} {
		t.Run(tt.err.Error(), func(t *testing.T) {
			t.Parallel()
			g := newGap(t)
			ask(t, g, 1)
			g.cloud.exchange = func(string, cloud.Grant) (cloud.Grant, error) { return cloud.Grant{}, fmt.Errorf("call: %w", tt.err) }
			items := g.run(t, "unique-1 token-1")
			if items[0].Outcome != tt.first || !errors.Is(items[0].Err, tt.err) {
				t.Errorf("first %v", items)
			}
			if tt.first == Unknown && !errors.Is(items[0].Err, ErrOutcomeUnknown) {
				t.Errorf("unknown is %v", items[0].Err)
			}
			g.cloud.exchange = nil
			if got := g.run(t, "unique-1 token-1"); got[0].Outcome != tt.same {
				t.Errorf("with the same token %v", got)
			}
			if got := g.run(t, "unique-1 token-2"); got[0].Outcome != tt.next {
				t.Errorf("with a new token %v", got)
			}
			counts := map[string]int{}
			for _, token := range g.cloud.tokens() {
				counts[token]++
			}
			if counts["token-1"] != 1 && tt.first != Failed || counts["token-2"] > 1 {
				t.Errorf("spent %v", counts)
			}
		})
	}
}

// TestOneTokenForTwoRequests never spends it twice, not even for the same workspace.
func TestOneTokenForTwoRequests(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	first := ask(t, g, 1)
	g.run(t, "unique-1 token-1")
	must(t, g.requester.Withdraw(first.ID()))
	ask(t, g, 1)
	items := g.run(t, "unique-1 token-1")
	if len(items) != 1 || !errors.Is(items[0].Err, ErrTokenSpent) || items[0].Outcome != Failed {
		t.Errorf("%v", items)
	}
	if spent := g.cloud.tokens(); len(spent) != 1 {
		t.Errorf("spent %v", spent)
	}
}

// TestASharedToken may serve many workspaces, but no request twice.
func TestASharedToken(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	ask(t, g, 1)
	ask(t, g, 2)
	ask(t, g, 3)
	g.cloud.exchange = func(_ string, grant cloud.Grant) (cloud.Grant, error) {
		if grant.WorkspaceID == "ws-3" {
			return cloud.Grant{}, cloud.ErrOutcomeUnknown
		}
		return grant, nil
	}
	want := map[string]Outcome{"unique-1": Answered, "unique-2": Answered, "unique-3": Unknown}
	if got := outcomes(g.run(t, "* shared")); !equalOutcomes(got, want) {
		t.Errorf("the first run: %v", got)
	}
	// A new shared token is nobody's decision about this workspace.
	want = map[string]Outcome{"unique-1": AnsweredBefore, "unique-2": AnsweredBefore, "unique-3": Unknown}
	for _, tokens := range []string{"* shared", "* other", "unique-3 own", "unique-3 own\n* other"} {
		if got := outcomes(g.run(t, tokens)); !equalOutcomes(got, want) {
			t.Errorf("with %q: %v", tokens, got)
		}
	}
	if got := outcomes(g.run(t, "* again")); got["unique-3"] != Unknown {
		t.Errorf("once in doubt: %v", got)
	}
	if spent := g.cloud.tokens(); len(spent) != 4 {
		t.Errorf("spent %v", spent)
	}
}

func equalOutcomes(a, b map[string]Outcome) bool {
	for key, outcome := range b {
		if a[key] != outcome {
			return false
		}
	}
	return len(a) == len(b)
}

// TestAGrantWithoutALicence is kept until its licence could be fetched: the token is not spent again.
func TestAGrantWithoutALicence(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	r := ask(t, g, 1)
	g.cloud.exchange = func(string, cloud.Grant) (cloud.Grant, error) { return grantOf(1, ""), nil }
	g.cloud.license = func(int) (cloud.LicenseData, error) { return cloud.LicenseData{}, cloud.ErrUnreachable }
	if items := g.run(t, "unique-1 token-1"); items[0].Outcome != Failed || !errors.Is(items[0].Err, cloud.ErrUnreachable) {
		t.Errorf("without a licence: %v", items)
	}
	g.cloud.license = func(version int) (cloud.LicenseData, error) {
		if version != 3 {
			t.Errorf("asked for version %d", version)
		}
		return licenseData(newLicense), nil
	}
	if items := g.run(t, ""); items[0].Outcome != Answered {
		t.Errorf("with a licence: %v", items)
	}
	answer, err := g.requester.Answer(r.ID())
	must(t, err)
	if got := answer.Grant().LicenseData.License.Reveal(); got != newLicense {
		t.Errorf("the licence is %q", got)
	}
	if spent := g.cloud.tokens(); len(spent) != 1 {
		t.Errorf("spent %v", spent)
	}
	noSecret(t, filepath.Join(g.path, "ledger"), "hunter2")
	if left := filesOf(t, filepath.Join(g.path, "ledger", "unfinished")); len(left) != 0 {
		t.Errorf("left are %v", left)
	}
}

// TestAGrantThatCannotBeUsed is never handed on.
func TestAGrantThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	ask(t, g, 1)
	g.cloud.exchange = func(string, cloud.Grant) (cloud.Grant, error) { return grantOf(1, "gibberish"), nil }
	if items := g.run(t, "unique-1 token-1"); items[0].Outcome != Failed || !errors.Is(items[0].Err, cloud.ErrInvalidGrant) {
		t.Errorf("%v", items)
	}
	g.cloud.exchange = func(string, cloud.Grant) (cloud.Grant, error) { return grantOf(1, ""), nil }
	g.cloud.license = func(int) (cloud.LicenseData, error) { return cloud.LicenseData{}, nil }
	ask(t, g, 2)
	for _, item := range g.run(t, "* shared") {
		if item.Outcome != Failed || !errors.Is(item.Err, ErrUnusable) {
			t.Errorf("%v", item)
		}
	}
}

func TestLicencesNeedAKeptGrant(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	ask(t, g, 1)
	g.run(t, "unique-1 token-1")
	_, err := g.requester.Ask(License, dataOf(1))
	must(t, err)
	var got []string
	for _, item := range g.run(t, "unique-1 token-2") {
		if item.Kind == License {
			got = append(got, string(item.Outcome))
			if !errors.Is(item.Err, ErrNoGrant) {
				t.Errorf("%v", item.Err)
			}
		}
	}
	if !slices.Equal(got, []string{string(Failed)}) {
		t.Errorf("%v", got)
	}
	if err := os.RemoveAll(filepath.Join(g.path, "ledger", "grants")); err != nil {
		t.Fatal(err)
	}
}

func TestLicencesThatDoNotCome(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	c := g.courier(t, "")
	must(t, c.Ledger.grants.Keep("unique-1", grantOf(1, firstLicense)))
	_, err := g.requester.Ask(License, dataOf(1))
	must(t, err)
	for _, tt := range []struct {
		data cloud.LicenseData
		err  error
		want error
	}{
		{err: cloud.ErrInvalidClient, want: cloud.ErrInvalidClient},
		{want: ErrUnusable},
		{data: licenseData("<html>"), want: ErrUnusable},
		{data: licenseData("zwölf"), want: ErrUnusable},
	} {
		g.cloud.license = func(int) (cloud.LicenseData, error) { return tt.data, tt.err }
		report, err := c.Run(t.Context())
		if err != nil || report.Count(Failed) != 1 || !errors.Is(report.Items[0].Err, tt.want) {
			t.Errorf("%v, %v; want %v", report, err, tt.want)
		}
	}
	g.cloud.license = nil
	if report, err := c.Run(t.Context()); err != nil || report.Count(Answered) != 1 {
		t.Errorf("%v, %v", report, err)
	}
}

// TestARequestWithTheIDOfAnother is not answered with the other's answer.
func TestARequestWithTheIDOfAnother(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	r := ask(t, g, 1)
	g.run(t, "* shared")
	forged := r.content
	forged.Nonce = newNonce()
	text, _, err := writeDocument(forged)
	must(t, err)
	save(t, g.requestFile(r), string(text))
	if items := g.run(t, "* shared"); items[0].Outcome != Failed || !errors.Is(items[0].Err, ErrOtherRequest) {
		t.Errorf("%v", items)
	}
}

func TestRunStops(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	for number := range 5 {
		ask(t, g, number)
	}
	c := g.courier(t, "* shared")
	c.Concurrency = 1
	ctx, cancel := context.WithCancelCause(t.Context())
	enough := errors.New("enough")
	g.cloud.exchange = func(_ string, grant cloud.Grant) (cloud.Grant, error) {
		cancel(enough)
		return grant, nil
	}
	report, err := c.Run(ctx)
	if !errors.Is(err, enough) || report.Count(Answered) == 0 || len(report.Items) > 2 {
		t.Errorf("%v, %v", report, err)
	}
	must(t, os.RemoveAll(g.folder.Path()))
	if _, err := c.Run(t.Context()); !errors.Is(err, ErrFolderAway) {
		t.Errorf("without a folder: %v", err)
	}
}

func TestTheLogHoldsNoSecret(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	ask(t, g, 1)
	ask(t, g, 2)
	var log bytes.Buffer
	c := g.courier(t, "unique-1 token-1")
	c.Logger = slog.New(slog.NewJSONHandler(&log, nil))
	_, err := c.Run(t.Context())
	must(t, err)
	for _, want := range []string{`"level":"INFO","msg":"request answered"`, `"level":"WARN","msg":"request failed"`, "https://chat-1.example.com", "there is no registration token"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %s:\n%s", want, &log)
		}
	}
	for _, secret := range []string{"token-1", "hunter2"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log holds %s", secret)
		}
	}
}
