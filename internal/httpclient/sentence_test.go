package httpclient_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode"

	"github.com/rcreg/registration/internal/httpclient"
)

const sentToken = "auth-token-0123456789"

func TestSentence(t *testing.T) {
	t.Parallel()
	sent := []string{sentToken, "auth-token", "abc", ""}
	for said, want := range map[string]string{
		"":                                    "",
		"not allowed":                         "not allowed",
		" a\r\n\tb ":                          "a b",
		"\x1b[31mred\u202e":                   "[31mred",
		"bad " + sentToken:                    "bad [redacted]",
		"bad auth-\x07token-01234\u200b56789": "bad [redacted]",
		"bad abc":                             "bad abc",
		strings.Repeat("x", 400):              strings.Repeat("x", 300) + "…",
	} {
		if got := httpclient.Sentence(said, sent); got != want {
			t.Errorf("%q became %q", said, got)
		}
	}
}

func TestCleanShowsNothingAndHidesNoKind(t *testing.T) {
	t.Parallel()
	plain := &httpclient.LostError{Err: context.Canceled}
	if got, same := httpclient.Clean(plain, []string{sentToken}).(*httpclient.LostError); !same || got != plain { //nolint:errorlint // the error itself, and no wrapper
		t.Errorf("a clean error became %v", got)
	}
	echo := &httpclient.LostError{Err: fmt.Errorf("malformed HTTP response %q: %w", sentToken, context.Canceled)}
	got := httpclient.Clean(errors.Join(echo, errors.New("gave up")), []string{sentToken})
	var lost *httpclient.LostError
	if !errors.Is(got, context.Canceled) || !errors.As(got, &lost) {
		t.Errorf("%v is of another kind", got)
	}
	for err := got; err != nil; err = errors.Unwrap(err) {
		if shown := fmt.Sprintf("%v %+v %#v %q", err, err, err, err); strings.Contains(shown, sentToken) || strings.Contains(shown, "\n") {
			t.Errorf("it shows %s", shown)
		}
	}
}

func FuzzSentence(f *testing.F) {
	for _, seed := range []string{"", "a b", "auth-\u0007token-0123456789", sentToken, "auth-token\u00ad-0123456789", "\xff\xfe", strings.Repeat("é", 400)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, said string) {
		got := httpclient.Sentence(said, []string{sentToken})
		if strings.Contains(got, sentToken) || strings.ContainsFunc(got, unicode.IsControl) || len([]rune(got)) > 301 {
			t.Errorf("%q became %q", said, got)
		}
		if err := httpclient.Clean(errors.New(said), []string{sentToken}); err.Error() != got {
			t.Errorf("%q is the error %q", said, err)
		}
	})
}
