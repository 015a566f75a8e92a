package cloud_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rcreg/registration/cloud"
)

// TestErrorsSayWhatIsKnown: no more, and nothing twice. What unwrapping hands out is walked by code of others, which may not expect nil in it.
func TestErrorsSayWhatIsKnown(t *testing.T) {
	t.Parallel()
	cause := errors.New("the cause")
	for want, test := range map[string]struct {
		err interface {
			error
			Unwrap() []error
		}
		unwrapped []error
	}{
		"GET x":                            {&cloud.Error{Operation: "GET x"}, []error{}},
		"GET x: Rocket.Chat Cloud refused": {&cloud.Error{Operation: "GET x", Kind: cloud.ErrRefused}, []error{cloud.ErrRefused}},
		"GET x: Rocket.Chat Cloud refused (HTTP 403): word: again from 2026-01-02T03:04:05Z: the cause": {&cloud.Error{
			Operation: "GET x", Kind: cloud.ErrRefused, Status: http.StatusForbidden, Code: "word", RetryAt: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Err: cause,
		}, []error{cloud.ErrRefused, cause}},
		"the grant is not valid: it is odd":            {&cloud.GrantError{Problem: "it is odd"}, []error{cloud.ErrInvalidGrant}},
		"the grant is not valid: it lacks a, b":        {&cloud.GrantError{Missing: []string{"a", "b"}}, []error{cloud.ErrInvalidGrant}},
		"the grant is not valid: it is odd: the cause": {&cloud.GrantError{Problem: "it is odd", Err: cause}, []error{cloud.ErrInvalidGrant, cause}},
	} {
		if test.err.Error() != want || !slices.Equal(test.err.Unwrap(), test.unwrapped) {
			t.Errorf("got %v, which unwraps to %v; want %s", test.err, test.err.Unwrap(), want)
		}
	}
}

// TestOnlyWordsAreShownAsCodes: a code is shown to people and written to logs, and may come from somebody in the Cloud's place.
func TestOnlyWordsAreShownAsCodes(t *testing.T) {
	t.Parallel()
	for code, shown := range map[string]bool{
		"word": true, "azAZ09_-.": true, strings.Repeat("a", 100): true, strings.Repeat("a", 101): false,
		"a b": false, "a`": false, "{a": false, "a@b": false, "a[b": false, "a/b": false, "a:b": false, "a,b": false, "\u00fc": false, `\u001b[2J`: false, `\n`: false,
	} {
		client, mock := mocked(t)
		answer(mock, http.MethodPost, registerURL+"/pre-intent", http.StatusForbidden, `{"error":"`+code+`"}`)
		err := client.PreIntent(t.Context(), data(t))
		var failure *cloud.Error
		if !errors.As(err, &failure) || (failure.Code == code) != shown || !shown && failure.Code != "" {
			t.Errorf("%q: got %v", code, err)
		}
	}
}

// TestIsUnspent: a token may be tried again only where the Cloud cannot have used it.
func TestIsUnspent(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		err  error
		want bool
	}{
		{cloud.ErrUnreachable, true}, {cloud.ErrRateLimited, true}, {cloud.ErrInvalidArgument, true}, {cloud.ErrInvalidRegistrationData, true},
		{cloud.ErrInvalidToken, false}, {cloud.ErrTokenUsed, false}, {errors.New("x"), false}, {nil, false},
		{errors.Join(cloud.ErrRateLimited, cloud.ErrOutcomeUnknown), false},
	} {
		if got := cloud.IsUnspent(tc.err); got != tc.want {
			t.Errorf("%v: %t", tc.err, got)
		}
	}
}
