package offline

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/rcreg/registration/internal/safedir/stick"
)

// TestAClockGoneWild shows a year that no file of ours can hold: nothing is written, no token is spent, and the error says what is wrong.
func TestAClockGoneWild(t *testing.T) {
	t.Parallel()
	wild := stopped{time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}
	isOfYear := func(err error) bool { return err != nil && strings.Contains(err.Error(), "year outside of range") }
	g := newGap(t)
	g.requester.Clock = wild
	if _, err := g.requester.Ask(Registration, dataOf(1)); !isOfYear(err) || len(stick.Files(t, g.path)) != 0 {
		t.Errorf("asked: %v, %v", err, stick.Files(t, g.path))
	}
	g.requester.Clock = stopped{start()}
	r := ask(t, g, 1)
	c := g.courier(t, "* shared")
	must(t, c.Ledger.kept.Keep("unique-1", grantOf(1, firstLicense)))
	license, err := g.requester.Ask(License, dataOf(1))
	must(t, err)
	c.Clock = wild
	report, err := c.Run(t.Context())
	must(t, err)
	for _, item := range report.Items {
		if item.Outcome != Failed || !isOfYear(item.Err) {
			t.Errorf("%v", item)
		}
	}
	if spent := g.cloud.tokens(); len(spent) != 0 {
		t.Errorf("spent %v", spent)
	}
	for _, r := range []Request{r, license} {
		if _, err := os.Stat(g.answerFile(r)); err == nil {
			t.Error("there is an answer")
		}
	}
	must(t, c.Ledger.Close())
	g.run(t, "") // the ledger can be read

	g.requester.Clock = wild
	if _, err := g.requester.AnswerText(r.ID(), []byte(codeOf(1))); !isOfYear(err) {
		t.Errorf("answered: %v", err)
	}
	_, err = g.requester.AnswerText(r.ID(), []byte(answerFor(t, r, codeOf(1))))
	must(t, err)
	if err := g.requester.Close(r.ID()); !isOfYear(err) {
		t.Errorf("closed: %v", err)
	}
	g.requester.Clock = nil
	must(t, g.requester.Close(r.ID()))
}
