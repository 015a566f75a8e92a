package offline

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/rcreg/registration/internal/document"
)

// TestStateIsDamaged tells what something else did to the state folder from what is wrong with an answer. A damaged request can be withdrawn.
func TestStateIsDamaged(t *testing.T) {
	t.Parallel()
	overwrite := func(text string) func(key, _ string) error {
		return func(key, _ string) error { return os.WriteFile(key, []byte(text), 0o600) }
	}
	for name, tt := range map[string]struct {
		damage func(key, outside string) error
		cause  error
	}{
		"cut off":      {func(key, _ string) error { return os.Truncate(key, 100) }, ErrTruncated},
		"empty":        {func(key, _ string) error { return os.Truncate(key, 0) }, ErrTruncated},
		"another file": {overwrite(`{"format":"other"}`), ErrMalformed},
		"no request":   {overwrite(documentOf(`{"request":"{","identity":""}`)), ErrTruncated},
		"far too long": {func(key, _ string) error { return os.Truncate(key, 4*document.MaxSize) }, ErrTooLarge},
		"a link":       {func(key, outside string) error { return errors.Join(os.Rename(key, outside), os.Symlink(outside, key)) }, ErrSymbolicLink},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGap(t)
			r := ask(t, g, 1)
			save(t, g.codeFile(r), codeOf(1))
			must(t, tt.damage(pendingFile(g, r), filepath.Join(g.path, "outside")))
			_, answerErr := g.requester.Answer(r.ID())
			_, textErr := g.requester.AnswerText(r.ID(), []byte(codeOf(1)))
			_, askErr := g.requester.Ask(Registration, dataOf(1))
			_, pendingErr := g.requester.Pending("")
			for act, err := range map[string]error{
				"answer": answerErr, "text": textErr, "ask": askErr, "pending": pendingErr, "close": g.requester.Close(r.ID()),
			} {
				if !errors.Is(err, ErrStateDamaged) || !errors.Is(err, tt.cause) {
					t.Errorf("%s: %v", act, err)
				}
			}
			ask(t, g, 2) // of another workspace
			must(t, g.requester.Withdraw(r.ID()))
			if again := ask(t, g, 1); again.ID() == r.ID() {
				t.Error("the withdrawn request stands")
			}
		})
	}
}

// TestWithdrawTouchesOnlyItsOwn requests, whatever the id.
func TestWithdrawTouchesOnlyItsOwn(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	mine := ask(t, g, 1)
	elsewhere := *g.requester
	state, err := OpenState(filepath.Join(g.path, "other"))
	must(t, err)
	elsewhere.State = state
	for _, id := range []string{mine.ID(), "../requests/x", ""} {
		if err := elsewhere.Withdraw(id); !errors.Is(err, ErrUnknownRequest) {
			t.Errorf("%q: %v", id, err)
		}
	}
	if _, err := g.folder.Request(mine.ID()); err != nil {
		t.Error(err)
	}
}

// TestAClosedRequest says so, and not only that something was used.
func TestAClosedRequest(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	r := g.received(t)
	must(t, g.requester.Close(r.ID()))
	_, answerErr := g.requester.Answer(r.ID())
	for act, err := range map[string]error{"answer": answerErr, "withdraw": g.requester.Withdraw(r.ID())} {
		if !errors.Is(err, ErrClosed) || !errors.Is(err, ErrUsed) {
			t.Errorf("%s: %v", act, err)
		}
	}
	next := ask(t, g, 1)
	save(t, g.codeFile(next), codeOf(1))
	if _, err := g.requester.Answer(next.ID()); !errors.Is(err, ErrUsed) || errors.Is(err, ErrClosed) {
		t.Errorf("a used code for an open request: %v", err)
	}
}
