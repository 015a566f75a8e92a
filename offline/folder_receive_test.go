package offline

import (
	"bytes"
	"errors"
	"os"
	"testing"

	"github.com/rcreg/registration/internal/document"
)

// A request that came as a text is answered like one that was carried, and the answer goes back as a text.
func TestReceive(t *testing.T) {
	t.Parallel()
	here, there := newGap(t), newGap(t)
	asked := ask(t, here, 1)
	for range 2 {
		got, err := there.folder.Receive(asked.Text())
		must(t, err)
		if got.ID() != asked.ID() || !bytes.Equal(got.Text(), asked.Text()) {
			t.Errorf("received %v", got)
		}
	}
	if text := load(t, there.file("requests", asked.ID()+".txt")); text != asked.RegistrationData() {
		t.Errorf("for a person there is %q", text)
	}
	if _, err := there.folder.Answer(asked); !errors.Is(err, ErrNoAnswer) {
		t.Errorf("before it was answered: %v", err)
	}
	if items := there.run(t, "* token"); len(items) != 1 || items[0].Outcome != Answered {
		t.Fatalf("%+v", items)
	}
	text, err := there.folder.Answer(asked)
	must(t, err)
	answer, err := here.requester.AnswerText(asked.ID(), text)
	must(t, err)
	if !answer.Sealed() {
		t.Error("the answer is not sealed")
	}
}

func TestReceiveRefuses(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	first := example(t).request
	must(t, errorOf(g.folder.Receive(first.Text())))
	other := first.content
	other.Nonce = "f" + other.Nonce[1:]
	twin, _, err := document.Write(other)
	must(t, err)
	answer, err := sealAnswer(first, payload{License: "x"}, start())
	must(t, err)
	for name, c := range map[string]struct {
		text []byte
		want error
	}{
		"cut off":                {first.Text()[:100], ErrTruncated},
		"an answer":              {answer, ErrMalformed},
		"with the id of another": {twin, ErrOtherRequest},
		"nothing":                {nil, ErrTruncated},
		"something else at all":  {[]byte("hello"), ErrMalformed},
	} {
		got, err := g.folder.Receive(c.text)
		if !errors.Is(err, c.want) || got.ID() != "" {
			t.Errorf("%s: %v, %v; want %v", name, got, err, c.want)
		}
	}
	if text := load(t, g.requestFile(first)); text != string(first.Text()) {
		t.Error("the first request was overwritten")
	}
}

func TestReceiveMendsADamagedRequest(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	asked := ask(t, g, 1)
	save(t, g.requestFile(asked), "{")
	must(t, errorOf(g.folder.Receive(asked.Text())))
	if text := load(t, g.requestFile(asked)); text != string(asked.Text()) {
		t.Errorf("there is %q", text)
	}
}

func TestReceiveWithoutAStick(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	must(t, os.RemoveAll(g.folder.Path()))
	if got, err := g.folder.Receive(example(t).request.Text()); !errors.Is(err, ErrFolderMissing) || got.ID() != "" {
		t.Errorf("%v, %v", got, err)
	}
}

func TestAnswerThatCannotBeTrusted(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	asked := ask(t, g, 1)
	for text, want := range map[string]error{"{": ErrTruncated, answerFor(t, ask(t, g, 2), codeOf(2)): ErrOtherWorkspace} {
		save(t, g.answerFile(asked), text)
		if text, err := g.folder.Answer(asked); !errors.Is(err, want) || text != nil {
			t.Errorf("%q, %v", text, err)
		}
	}
}

// errorOf drops the request.
func errorOf(_ Request, err error) error { return err }
