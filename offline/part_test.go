package offline

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/rcreg/registration/internal/document"
	"github.com/rcreg/registration/internal/safedir/stick"
)

// TestAnswerUnderATemporaryName is an answer like any other: of a courier that was killed before it gave it its name, and in the state folder.
func TestAnswerUnderATemporaryName(t *testing.T) {
	t.Parallel()
	for _, folder := range []string{"exchange/" + answersFolder, "state/" + receivedFolder} {
		t.Run(folder, func(t *testing.T) {
			t.Parallel()
			g := newGap(t)
			r, other := ask(t, g, 1), ask(t, g, 2)
			save(t, filepath.Join(g.path, folder, r.ID()+document.Suffix), answerFor(t, r, codeOf(1)))
			stick.LeavePart(t, g.path, folder+"/"+r.ID()+document.Suffix, "LEFT", 9*document.Writing)
			state, err := OpenState(filepath.Join(g.path, "state"))
			must(t, err)
			g.folder, err = OpenFolder(g.folder.Path())
			must(t, err)
			g.requester = &Requester{Folder: g.folder, State: state, Clock: stopped{start()}}
			if _, err := g.requester.Answer(other.ID()); !errors.Is(err, ErrNoAnswer) {
				t.Errorf("another's: %v", err)
			}
			if folder == "exchange/"+answersFolder {
				if items := g.run(t, "unique-1 token-1"); items[0].Outcome != AnsweredBefore && items[1].Outcome != AnsweredBefore || len(g.cloud.tokens()) != 0 {
					t.Errorf("the courier: %v, spent %v", items, g.cloud.tokens())
				}
			}
			if answer, err := g.requester.Answer(r.ID()); err != nil || !answer.Grant().Equal(grantOf(1, firstLicense)) {
				t.Errorf("%v, %v", answer, err)
			}
			must(t, g.requester.Close(r.ID()))
			stick.ExpectParts(t, g.path)
		})
	}
}

// TestAnswersThatNobodyAwaits are swept: of a request that is closed, or was withdrawn.
func TestAnswersThatNobodyAwaits(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	r := ask(t, g, 1)
	folders := []string{"exchange/" + answersFolder, "state/" + receivedFolder}
	for _, folder := range folders {
		save(t, filepath.Join(g.path, folder, r.ID()+document.Suffix), answerFor(t, r, codeOf(1)))
		stick.LeavePart(t, g.path, folder+"/"+r.ID()+document.Suffix, "LEFT", 2*document.Writing)
	}
	reopen := func() {
		_, folderErr := OpenFolder(g.folder.Path())
		_, stateErr := OpenState(filepath.Join(g.path, "state"))
		must(t, errors.Join(folderErr, stateErr))
	}
	reopen()
	stick.ExpectParts(t, g.path, "LEFT", "LEFT")
	must(t, g.requester.Withdraw(r.ID()))
	reopen()
	stick.ExpectParts(t, g.path)
}

// TestUnfinishedGrantUnderATemporaryName is gone on with: no other token is asked for. Once the answer is kept, nothing is left of it.
func TestUnfinishedGrantUnderATemporaryName(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	r := ask(t, g, 1)
	c := g.courier(t, "unique-1 token-1")
	must(t, c.Ledger.claim(r, c.Tokens.forWorkspace(r.Workspace()), start()))
	must(t, c.Ledger.unfinished.Keep(r.ID(), grantOf(1, "")))
	must(t, c.Ledger.Close())
	file := document.Name(unfinishedFolder, document.Digest([]byte(r.ID())))
	stick.LeavePart(t, filepath.Join(g.path, "ledger"), file, "LEFT", 9*document.Writing)
	if items := g.run(t, "unique-1 token-1"); items[0].Outcome != Answered || len(g.cloud.tokens()) != 0 {
		t.Errorf("%v, spent %v", items, g.cloud.tokens())
	}
	stick.ExpectParts(t, g.path)

	c = g.courier(t, "unique-1 token-1")
	must(t, c.Ledger.unfinished.Keep(r.ID(), grantOf(1, "")))
	must(t, c.Ledger.Close())
	stick.LeavePart(t, filepath.Join(g.path, "ledger"), file, "LEFT", 0)
	must(t, g.courier(t, "unique-1 token-1").Ledger.Close())
	stick.ExpectParts(t, g.path)
}
