package offline

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/grants"
)

// second is another courier on the same folder, with a ledger of its own.
func (g *gap) second(t *testing.T, tokens string) *Courier {
	t.Helper()
	parsed, err := ParseTokens([]byte(tokens))
	must(t, err)
	return &Courier{Cloud: g.cloud, Tokens: parsed, Folder: g.folder, Ledger: openLedgerOf(t, filepath.Join(g.path, "second")), Clock: stopped{start()}, KeepGrants: true}
}

// TestTwoCouriersOnOneFolder: the answer that stands is not replaced, and the registration that came too late is named.
func TestTwoCouriersOnOneFolder(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]func(t *testing.T, g *gap, r Request){
		"a courier's": func(t *testing.T, g *gap, r Request) {
			t.Helper()
			save(t, g.answerFile(r), answerFor(t, r, codeOf(1)))
		},
		"a person's": func(t *testing.T, g *gap, r Request) { t.Helper(); save(t, g.codeFile(r), codeOf(1)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGap(t)
			r := ask(t, g, 1)
			c := g.second(t, "unique-1 token-2")
			g.cloud.exchange = func(_ string, _ cloud.Grant) (cloud.Grant, error) { // meanwhile the other one is done
				answer(t, g, r)
				return otherGrant(), nil
			}
			report, err := c.Run(t.Context())
			must(t, err)
			item := report.Items[0]
			if item.Outcome != AnsweredBefore || item.Err == nil || !strings.Contains(item.Err.Error(), "ws-77") || !strings.Contains(item.Err.Error(), "Cloud console") {
				t.Errorf("%v: %v", item.Outcome, item.Err)
			}
			if got, err := g.requester.Answer(r.ID()); err != nil || got.Grant().WorkspaceID != "ws-1" {
				t.Errorf("the answer that stood: %v, %v", got, err)
			}
			if _, err := c.Ledger.kept.Load("unique-1"); !errors.Is(err, grants.ErrNothingKept) {
				t.Errorf("kept for its licenses: %v", err)
			}
			g.cloud.exchange = nil
			// Neither this courier nor its token answers again, whatever becomes of the answer.
			must(t, g.folder.forget(r.ID()))
			must(t, g.folder.writeRequest(r))
			if report, err = c.Run(t.Context()); err != nil || !errors.Is(report.Items[0].Err, ErrTokenSpent) {
				t.Errorf("once more: %v, %v", report.Items, err)
			}
		})
	}
}

// TestAnsweredRightBeforeTheClaim spends no token: the other courier was faster.
func TestAnsweredRightBeforeTheClaim(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	first, second := ask(t, g, 1), ask(t, g, 2)
	c := g.second(t, "* shared")
	c.Concurrency = 1
	answered := false
	g.cloud.exchange = func(_ string, grant cloud.Grant) (cloud.Grant, error) { // while one is at the Cloud, the other is answered
		if answered {
			t.Error("both were taken to the Cloud")
		}
		answered = true
		for number, r := range []Request{first, second} {
			if grant.WorkspaceID != grantOf(number+1, "").WorkspaceID {
				save(t, g.answerFile(r), answerFor(t, r, codeOf(number+1)))
			}
		}
		return grant, nil
	}
	report, err := c.Run(t.Context())
	must(t, err)
	if report.Count(Answered) != 1 || report.Count(AnsweredBefore) != 1 || len(g.cloud.tokens()) != 1 {
		t.Errorf("%v, spent %v", report.Items, g.cloud.tokens())
	}
}

// otherGrant is the grant of another registration of the first workspace.
func otherGrant() cloud.Grant {
	grant, err := cloud.ParseGrant([]byte(strings.ReplaceAll(string(grantOf(1, firstLicense).Reveal()), `ws-1`, `ws-77`)))
	if err != nil {
		panic(err)
	}
	return grant
}
