package offline

import (
	"errors"
	"io/fs"
	"slices"
	"testing"

	"github.com/rcreg/registration/internal/safedir/stick"
)

func TestRequestsAndStrangers(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	r := ask(t, g, 1)
	for _, name := range []string{"copy.json", "abcdefghijklmnop", "readme.txt"} {
		save(t, g.file(requestsFolder, name), "{}")
	}
	ids, strangers, err := g.folder.Requests()
	if err != nil || !slices.Equal(ids, []string{r.ID()}) || !slices.Equal(strangers, []string{"copy.json"}) {
		t.Errorf("%v, %v, %v", ids, strangers, err)
	}
}

func TestRequestsThatAreNotThere(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	for id, want := range map[string]error{"abcdefghijklmnop": fs.ErrNotExist, "ABCDEFGHIJKLMNOP": ErrInvalidName, "abc": ErrInvalidName, "../x": ErrInvalidName} {
		if r, err := g.folder.Request(id); !errors.Is(err, want) || r.ID() != "" {
			t.Errorf("%q: %v, %v", id, r, err)
		}
	}
}

// TestAnswersThatAreNone are no reason to leave a request without an answer.
func TestAnswersThatAreNone(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	r := ask(t, g, 1)
	save(t, g.file(answersFolder, r.ID()), "what a person saved without a suffix")
	if items := g.run(t, "* shared"); items[0].Outcome != Answered {
		t.Errorf("%v", items)
	}
}

func TestWithdrawWithoutTheStick(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	r := ask(t, g, 1)
	g.withoutStick(t, func() {
		if err := g.requester.Withdraw(r.ID()); !errors.Is(err, ErrFolderMissing) {
			t.Errorf("withdrawn: %v", err)
		}
	})
	must(t, g.requester.Withdraw(r.ID())) // it still is pending
	if files := stick.Files(t, g.folder.Path()); len(files) != 0 {
		t.Errorf("left are %v", files)
	}
}
