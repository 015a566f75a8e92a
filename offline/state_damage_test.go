package offline

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/rcreg/registration/internal/document"
)

// TestPendingCannotBeListed is never taken for nothing pending.
func TestPendingCannotBeListed(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	r := ask(t, g, 1)
	folder := filepath.Join(g.path, "state", pendingFolder)
	must(t, os.RemoveAll(folder))
	save(t, folder, "a file in the place of the folder")
	_, pendingErr := g.requester.Pending("")
	_, askErr := g.requester.Ask(Registration, dataOf(1))
	_, answerErr := g.requester.Answer(r.ID())
	for act, err := range map[string]error{
		"pending": pendingErr, "ask": askErr, "answer": answerErr, "withdraw": g.requester.Withdraw(r.ID()), "close": g.requester.Close(r.ID()),
	} {
		if !errors.Is(err, ErrStateDamaged) {
			t.Errorf("%s: %v", act, err)
		}
	}
}

// TestUsedCannotBeRead is neither used nor unused.
func TestUsedCannotBeRead(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	r := ask(t, g, 1)
	save(t, filepath.Join(g.path, "state", usedFolder), "a file in the place of the folder")
	_, pendingErr := g.requester.Pending("")
	_, closingErr := g.requester.Closing("")
	_, textErr := g.requester.AnswerText(r.ID(), []byte(codeOf(1)))
	for act, err := range map[string]error{"pending": pendingErr, "closing": closingErr, "text": textErr, "withdraw": g.requester.Withdraw(r.ID())} {
		if !errors.Is(err, ErrStateDamaged) || errors.Is(err, ErrUsed) {
			t.Errorf("%s: %v", act, err)
		}
	}
}

// TestAPendingFileOfAnotherName is not taken for a request of the workspace that its name tells.
func TestAPendingFileOfAnotherName(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	r := ask(t, g, 2)
	file := pendingFile(g, r)
	must(t, os.Rename(file, strings.Replace(file, tagOf("unique-2"), tagOf("unique-1"), 1)))
	if pending, err := g.requester.Pending("unique-1"); err != nil || len(pending) != 0 {
		t.Errorf("pending are %v, %v", pending, err)
	}
}

// TestWhatWasReceivedIsDamaged leaves the request open: closing it would archive what is no answer.
func TestWhatWasReceivedIsDamaged(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		damage func(t *testing.T, file string, g *gap)
		want   error
	}{
		"cut off": {func(t *testing.T, file string, _ *gap) {
			t.Helper()
			save(t, file, "{")
		}, ErrTruncated},
		"another's": {func(t *testing.T, file string, g *gap) {
			t.Helper()
			save(t, file, answerFor(t, ask(t, g, 2), codeOf(2)))
		}, ErrOtherWorkspace},
		"a folder": {func(t *testing.T, file string, _ *gap) {
			t.Helper()
			must(t, errors.Join(os.Remove(file), os.Mkdir(file, 0o700)))
		}, ErrStateDamaged},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGap(t)
			r := ask(t, g, 1)
			_, err := g.requester.AnswerText(r.ID(), []byte(codeOf(1)))
			must(t, err)
			tt.damage(t, filepath.Join(g.path, "state", receivedFolder, r.ID()+document.Suffix), g)
			if err := g.requester.Close(r.ID()); !errors.Is(err, tt.want) {
				t.Errorf("closed: %v", err)
			}
			if pending, err := g.requester.Pending("unique-1"); err != nil || len(pending) != 1 {
				t.Errorf("pending are %v, %v", pending, err)
			}
		})
	}
}

// TestWhatWasReceivedCannotBeRead hands over what is in the exchange folder all the same.
func TestWhatWasReceivedCannotBeRead(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	r := ask(t, g, 1)
	save(t, g.codeFile(r), codeOf(1))
	g.requester.State = watchedState(g, func(name string) error {
		if strings.HasPrefix(name, receivedFolder+"/"+r.ID()) {
			return syscall.EIO
		}
		return nil
	})
	if answer, err := g.requester.Answer(r.ID()); err != nil || !answer.Grant().Equal(grantOf(1, firstLicense)) {
		t.Errorf("%v, %v", answer, err)
	}
}

// TestForgetNothing as when another run has just closed the request.
func TestForgetNothing(t *testing.T) {
	t.Parallel()
	if err := newGap(t).requester.State.forget(newID()); !errors.Is(err, ErrUnknownRequest) {
		t.Errorf("%v", err)
	}
}
