package offline

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// TestPastedLicenses takes the license that a person received from Rocket.Chat.
func TestPastedLicenses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, text string
		want       error
	}{
		{"as it is", newLicense, nil},
		{"with line breaks", "\uFEFF" + newLicense[:10] + "\r\n" + newLicense[10:] + "\n", nil},
		{"in UTF-16", utf16Of(newLicense), nil},
		{"empty", "", ErrTruncated},
		{"a web page", "<!doctype html>", ErrUnusable},
		{"JSON", `{"license":"x"}`, ErrMalformed},
		{"other letters", "größer", ErrUnusable},
		{"the code of a registration", codeOf(1), ErrUnusable},
		{"half of that code", codeOf(1)[:101], ErrUnusable},
		{"the registration data", dataOf(1), ErrUnusable},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			g := newGap(t)
			r, err := g.requester.Ask(License, dataOf(1))
			must(t, err)
			save(t, g.codeFile(r), tt.text)
			answer, err := g.requester.Answer(r.ID())
			if !errors.Is(err, tt.want) {
				t.Fatalf("%v, %v; want %v", answer, err, tt.want)
			}
			if tt.want == nil && (answer.License().Reveal() != newLicense || answer.Sealed()) {
				t.Errorf("the answer is %v", answer)
			}
		})
	}
}

// TestALicenseOfBytes that looks like the beginning of JSON by chance is a license all the same.
func TestALicenseOfBytes(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		base64.StdEncoding.EncodeToString([]byte("{\"\xff\xfe\x00 encrypted \x80")),
		base64.StdEncoding.EncodeToString([]byte("other text")),
		base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"RS256"}`)) + ".cGF5bG9hZA.c2ln",
	} {
		if isRegistration(text) {
			t.Errorf("%s is taken for the code of a registration", text)
		}
	}
}

// TestALicenseMayServeTwice, unlike a grant.
func TestALicenseMayServeTwice(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	for range 2 {
		r, err := g.requester.Ask(License, dataOf(1))
		must(t, err)
		save(t, g.codeFile(r), newLicense)
		_, err = g.requester.Answer(r.ID())
		must(t, err)
		must(t, g.requester.Close(r.ID()))
	}
}

// TestAnAnswerOfTheOtherKind is for another request.
func TestAnAnswerOfTheOtherKind(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	r := ask(t, g, 1)
	mixed := r
	mixed.content.Kind = License
	save(t, g.answerFile(r), answerFor(t, mixed, codeOf(1)))
	if _, err := g.requester.Answer(r.ID()); !errors.Is(err, ErrOtherRequest) {
		t.Errorf("%v", err)
	}
}

func TestAnswersPrintNoSecret(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	r := ask(t, g, 1)
	save(t, g.codeFile(r), codeOf(1))
	answer, err := g.requester.Answer(r.ID())
	must(t, err)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		if got := fmt.Sprintf(verb, answer); got != "unsealed answer to the registration request "+r.ID()+" of https://chat-1.example.com" {
			t.Errorf("%s prints %s", verb, got)
		}
	}
	sealed, err := g.requester.AnswerText(r.ID(), []byte(answerFor(t, r, codeOf(1))))
	must(t, err)
	if got := sealed.String(); got != "sealed answer to the registration request "+r.ID()+" of https://chat-1.example.com" {
		t.Errorf("it prints %s", got)
	}
	text := strings.ToLower(fmt.Sprint(failed("read", "", ErrEdited)))
	if strings.Contains(text, "request") {
		t.Errorf("an error without a request names one: %s", text)
	}
	if text := failed("read", r.ID(), ErrEdited).Error(); !strings.HasPrefix(text, "read (request "+r.ID()+"): the content was changed") {
		t.Errorf("an error reads %s", text)
	}
}
