package offline

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/internal/document"
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
	requests := make([]Request, 8)
	for number := range requests {
		requests[number] = ask(t, g, number)
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
		"copy of a request.json":   {Unreadable, ErrInvalidName},
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

// TestARequestWithTheIDOfAnother is not answered with the other's answer.
func TestARequestWithTheIDOfAnother(t *testing.T) {
	t.Parallel()
	for name, reply := range map[string]error{"answered": nil, "tried": cloud.ErrUnreachable} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGap(t)
			r := ask(t, g, 1)
			g.cloud.exchange = func(_ string, grant cloud.Grant) (cloud.Grant, error) { return grant, reply }
			g.run(t, "* shared")
			must(t, os.RemoveAll(g.answerFile(r)))
			forged := r.content
			forged.Nonce = newNonce()
			text, _, err := document.Write(forged)
			must(t, err)
			save(t, g.requestFile(r), string(text))
			g.cloud.exchange = nil
			if items := g.run(t, "* shared"); items[0].Outcome != Failed || !errors.Is(items[0].Err, ErrOtherRequest) {
				t.Errorf("%v", items)
			}
			if spent := g.cloud.tokens(); len(spent) != 1 {
				t.Errorf("spent %v", spent)
			}
		})
	}
}

// TestFilesInThePlaceOfFolders stop a courier before it spends a token.
func TestFilesInThePlaceOfFolders(t *testing.T) {
	t.Parallel()
	for _, folder := range []string{requestsFolder, answersFolder} {
		g := newGap(t)
		ask(t, g, 1)
		must(t, os.RemoveAll(g.file(folder)))
		save(t, g.file(folder), "a file")
		if report, err := g.courier(t, "* shared").Run(t.Context()); !errors.Is(err, ErrNotRegular) || len(report.Items) != 0 || len(g.cloud.tokens()) != 0 {
			t.Errorf("%s: %v, %v", folder, report, err)
		}
	}
}

// TestAGrantThatCannotBeKept is no reason to lose the answer.
func TestAGrantThatCannotBeKept(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	r := ask(t, g, 1)
	c := g.courier(t, "unique-1 token-1")
	c.KeepGrants = true
	save(t, g.path+"/ledger/grants", "a file in the place of the folder")
	report, err := c.Run(t.Context())
	must(t, err)
	if report.Count(Answered) != 1 || !errors.Is(report.Items[0].Err, ErrNotRegular) {
		t.Errorf("%v", report)
	}
	if _, err := g.requester.Answer(r.ID()); err != nil {
		t.Error(err)
	}
}

func TestRunNeedsItsParts(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	for _, c := range []*Courier{{}, {Cloud: g.cloud, Folder: g.folder}, {Folder: g.folder, Ledger: &Ledger{}}, {Cloud: g.cloud, Ledger: &Ledger{}}} {
		if _, err := c.Run(t.Context()); err == nil {
			t.Errorf("%+v runs", c)
		}
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
	if _, err := c.Run(t.Context()); !errors.Is(err, ErrFolderMissing) {
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
