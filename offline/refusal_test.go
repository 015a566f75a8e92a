package offline

import (
	"bytes"
	"encoding/base64"
	"errors"
	"os"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/internal/document"
)

// TestRefusedAnswers spoils a good answer in every way, and puts it right again.
func TestRefusedAnswers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		spoil func(t *testing.T, g *gap, r Request, good string) string
		want  error
	}{
		{"empty", func(*testing.T, *gap, Request, string) string { return "" }, ErrTruncated},
		{"truncated", func(_ *testing.T, _ *gap, _ Request, good string) string { return good[:len(good)/2] }, ErrTruncated},
		{"last byte gone", func(_ *testing.T, _ *gap, _ Request, good string) string { return strings.TrimRight(good, "}\n") }, ErrTruncated},
		{"zeros at the end", func(_ *testing.T, _ *gap, _ Request, good string) string {
			return good[:len(good)/2] + strings.Repeat("\x00", len(good)/2)
		}, ErrTruncated},
		{"edited", func(_ *testing.T, _ *gap, _ Request, good string) string {
			return strings.Replace(good, "chat-1.example.com", "chat-2.example.com", 1)
		}, ErrEdited},
		{"digest edited", func(_ *testing.T, _ *gap, _ Request, good string) string {
			return strings.Replace(good, `"sha256": "`, `"sha256": "0`, 1)
		}, ErrEdited},
		{"newer format", func(_ *testing.T, _ *gap, _ Request, good string) string {
			return strings.Replace(good, `"version": 1`, `"version": 2`, 1)
		}, ErrNewerFormat},
		{"newer format of another shape", func(*testing.T, *gap, Request, string) string {
			return `{"format":"rcreg-exchange","version":7,"content":["all","new"]}`
		}, ErrNewerFormat},
		{"another format", func(*testing.T, *gap, Request, string) string { return `{"format":"other","version":1}` }, ErrMalformed},
		{"no content", func(*testing.T, *gap, Request, string) string { return `{"format":"rcreg-exchange","version":1}` }, ErrMalformed},
		{"no version", func(*testing.T, *gap, Request, string) string { return `{"format":"rcreg-exchange"}` }, ErrMalformed},
		{"not JSON", func(*testing.T, *gap, Request, string) string { return "{this is no JSON}" }, ErrMalformed},
		{"a wrong type", func(_ *testing.T, _ *gap, _ Request, _ string) string { return documentOf(`{"kind":7}`) }, ErrMalformed},
		{"no object", func(_ *testing.T, _ *gap, _ Request, _ string) string { return documentOf(`"text"`) }, ErrMalformed},
		{"oversized", func(_ *testing.T, _ *gap, _ Request, good string) string {
			return good + strings.Repeat(" ", document.MaxSize)
		}, ErrTooLarge},
		{"the request itself", func(_ *testing.T, _ *gap, r Request, _ string) string { return string(r.Text()) }, ErrMalformed},
		{"an id that leads out", func(_ *testing.T, _ *gap, r Request, _ string) string {
			return documentOf(`{"kind":"registration-answer","request":"../../etc/passwd","nonce":"` + r.content.Nonce + `"}`)
		}, ErrInvalidName},
		{"for another workspace", func(t *testing.T, g *gap, _ Request, _ string) string { return answerFor(t, ask(t, g, 2), codeOf(2)) }, ErrOtherWorkspace},
		{"for another request", func(t *testing.T, _ *gap, _ Request, _ string) string {
			return answerFor(t, ask(t, newGap(t), 1), codeOf(1))
		}, ErrOtherRequest},
		{"with another's seal", func(t *testing.T, g *gap, r Request, _ string) string {
			other := ask(t, g, 2)
			mixed := r
			mixed.content.Recipient = other.content.Recipient
			return answerFor(t, mixed, codeOf(1))
		}, ErrCannotOpen},
		{"with another's seal to the same key", func(t *testing.T, _ *gap, r Request, _ string) string {
			content, err := parseAnswer([]byte(answerFor(t, withDigest(r, strings.Repeat("0", 64)), codeOf(1))))
			must(t, err)
			content.RequestSHA256 = r.Digest()
			text, _, err := document.Write(content)
			must(t, err)
			return string(text)
		}, ErrOtherRequest},
		{"sealed nonsense", func(t *testing.T, _ *gap, r Request, _ string) string { return answerFor(t, r, "nonsense") }, ErrUnusable},
		{"sealed nothing", func(t *testing.T, _ *gap, r Request, _ string) string { return answerFor(t, r, "") }, ErrUnusable},
		{"a grant without a license", func(t *testing.T, _ *gap, r Request, _ string) string {
			return answerFor(t, r, grantOf(1, "").Blob())
		}, cloud.ErrInvalidGrant},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			g := newGap(t)
			r := ask(t, g, 1)
			good := answerFor(t, r, codeOf(1))
			bad := tt.spoil(t, g, r, good)
			save(t, g.answerFile(r), bad)
			answer, err := g.requester.Answer(r.ID())
			if !errors.Is(err, tt.want) {
				t.Errorf("the answer is %v, %v; want %v", answer, err, tt.want)
			}
			if !answer.Grant().Equal(cloud.Grant{}) {
				t.Error("a refused answer hands over a grant")
			}
			if load(t, g.answerFile(r)) != bad {
				t.Error("the refused file was changed")
			}
			var typed *Error
			if !errors.As(err, &typed) || typed.Request != r.ID() || typed.Op == "" {
				t.Errorf("the error is %#v", err)
			}
			save(t, g.answerFile(r), good)
			if _, err := g.requester.Answer(r.ID()); err != nil {
				t.Errorf("the good answer: %v", err)
			}
			// What was received is as good as a file that was damaged since.
			save(t, g.answerFile(r), bad)
			if _, err := g.requester.Answer(r.ID()); err != nil {
				t.Errorf("the good answer, received before: %v", err)
			}
		})
	}
}

// TestCodes reads what people save.
func TestCodes(t *testing.T) {
	t.Parallel()
	code := codeOf(1)
	for _, tt := range []struct {
		name, text string
		want       error
	}{
		{"as it is", code, nil},
		{"with line breaks", code[:20] + "\r\n  " + code[20:60] + "\n" + code[60:] + "\n\n", nil},
		{"with a byte order mark", "\uFEFF" + code + "\n", nil},
		{"in UTF-16", utf16Of(code + "\r\n"), nil},
		{"without padding", strings.TrimRight(code, "="), nil},
		{"empty", " \n", ErrTruncated},
		{"cut off", code[:len(code)/2], ErrTruncated},
		{"cut off by one", strings.TrimRight(code, "=")[:len(strings.TrimRight(code, "="))-1], ErrTruncated},
		{"cut off by three", strings.TrimRight(code, "=")[:len(strings.TrimRight(code, "="))-3], ErrTruncated},
		{"no base64", "§$%", ErrUnusable},
		{"base64 and something else", code[:40] + "§", ErrUnusable},
		{"padding alone", "==", ErrUnusable},
		{"a web page", "<html>", ErrUnusable},
		{"the registration data pasted back", dataOf(1), cloud.ErrRegistrationData},
		{"an empty object", base64.StdEncoding.EncodeToString([]byte("{}")), ErrUnusable},
		{"a list", base64.StdEncoding.EncodeToString([]byte("[]")), ErrUnusable},
		{"in quotes", `"` + code + `"`, nil},
		{"without a license", grantOf(1, "").Blob(), ErrUnusable},
		{"as long as can be", strings.Repeat("A", document.MaxSize), ErrTruncated},
		{"oversized", strings.Repeat("A", document.MaxSize+1), ErrTooLarge},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			g := newGap(t)
			r := ask(t, g, 1)
			save(t, g.codeFile(r), tt.text)
			answer, err := g.requester.Answer(r.ID())
			if !errors.Is(err, tt.want) {
				t.Fatalf("%v, want %v", err, tt.want)
			}
			fromText, textErr := g.requester.AnswerText(r.ID(), []byte(tt.text))
			if !errors.Is(textErr, tt.want) {
				t.Errorf("as a text: %v, want %v", textErr, tt.want)
			}
			if tt.want != nil {
				return
			}
			for _, a := range []Answer{answer, fromText} {
				if a.Sealed() || a.Grant().Blob() != code {
					t.Errorf("the answer is %v", a)
				}
			}
			must(t, g.requester.Close(r.ID()))
			noSecret(t, g.path, code[:40], "hunter2", "AGE-SECRET-KEY")
		})
	}
}

func TestLinksAreRefused(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	r := ask(t, g, 1)
	outside := g.path + "/outside.json"
	save(t, outside, answerFor(t, r, codeOf(1)))
	must(t, os.Symlink(outside, g.answerFile(r)))
	if _, err := g.requester.Answer(r.ID()); !errors.Is(err, ErrSymbolicLink) {
		t.Errorf("a link: %v", err)
	}
	must(t, os.Remove(g.answerFile(r)))
	must(t, os.Mkdir(g.answerFile(r), 0o700))
	if _, err := g.requester.Answer(r.ID()); !errors.Is(err, ErrNotRegular) {
		t.Errorf("a folder: %v", err)
	}
	for _, id := range []string{"../../outside", "", "ABCDEFGHIJKLMNOP", "abcdefghijklmno/"} {
		if _, err := g.requester.Answer(id); !errors.Is(err, ErrInvalidName) {
			t.Errorf("the id %q: %v", id, err)
		}
	}
}

// TestUsedAnswers tries answers again that have served.
func TestUsedAnswers(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	first := ask(t, g, 1)
	sealed := answerFor(t, first, codeOf(1))
	save(t, g.answerFile(first), sealed)
	_, err := g.requester.Answer(first.ID())
	must(t, err)
	must(t, g.requester.Close(first.ID()))

	second := ask(t, g, 1)
	if second.ID() == first.ID() {
		t.Fatal("a closed request was asked again")
	}
	save(t, g.answerFile(second), sealed)
	if _, err := g.requester.Answer(second.ID()); !errors.Is(err, ErrUsed) {
		t.Errorf("the answer to the first request: %v", err)
	}
	save(t, g.codeFile(second), codeOf(1))
	if _, err := g.requester.Answer(second.ID()); !errors.Is(err, ErrUsed) {
		t.Errorf("the first grant as a code: %v", err)
	}
	save(t, g.answerFile(second), answerFor(t, second, codeOf(1)))
	if _, err := g.requester.Answer(second.ID()); !errors.Is(err, ErrUsed) {
		t.Errorf("the first grant, sealed anew: %v", err)
	}
	if _, err := g.requester.AnswerText(first.ID(), []byte(sealed)); !errors.Is(err, ErrUsed) {
		t.Errorf("a closed request: %v", err)
	}
	if err := g.requester.Withdraw(first.ID()); !errors.Is(err, ErrUsed) {
		t.Errorf("withdrawing a closed request: %v", err)
	}
}

func TestTheOtherFormIsTried(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	r := ask(t, g, 1)
	save(t, g.answerFile(r), "{")
	save(t, g.codeFile(r), "§")
	if _, err := g.requester.Answer(r.ID()); !errors.Is(err, ErrTruncated) || !errors.Is(err, ErrUnusable) {
		t.Errorf("two bad answers: %v", err)
	}
	save(t, g.codeFile(r), codeOf(1))
	if answer, err := g.requester.Answer(r.ID()); err != nil || answer.Sealed() {
		t.Errorf("a bad answer and a good code: %v, %v", answer, err)
	}
}

// answerFor writes the answer of a courier.
func answerFor(t *testing.T, r Request, code string) string {
	t.Helper()
	text, err := sealAnswer(r, payload{CloudBlob: code}, start())
	must(t, err)
	return string(text)
}

// documentOf writes a file with any content, given as compact JSON.
func documentOf(content string) string {
	return `{"format":"rcreg-exchange","version":1,"content":` + content + `,"sha256":"` + document.Digest([]byte(content)) + `"}`
}

func withDigest(r Request, digest string) Request {
	r.digest = digest
	return r
}

func utf16Of(text string) string {
	out := bytes.NewBufferString("\xff\xfe")
	for _, unit := range utf16.Encode([]rune(text)) {
		out.Write([]byte{byte(unit), byte(unit >> 8)})
	}
	return out.String()
}
