package registration_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/clienttest"
)

func TestRegisterRefusesBadRequests(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		request registration.Request
		says    string
	}{
		"nothing":                 {registration.Request{}, "neither"},
		"both":                    {registration.Request{Token: "t", Email: "a@example.com"}, "both"},
		"white space":             {registration.Request{Token: "   "}, "white space"},
		"a newline inside":        {registration.Request{Token: "abc\ndef"}, "white space"},
		"a newline at the end":    {registration.Request{Token: "abc\n"}, "white space"},
		"a control character":     {registration.Request{Token: "abc\x00"}, "control"},
		"quotes around it":        {registration.Request{Token: `"abc"`}, "has quotes around it"},
		"a line of variables":     {registration.Request{Token: "REG_TOKEN=abc"}, "the name of a variable"},
		"a huge token":            {registration.Request{Token: strings.Repeat("x", 1<<20)}, "too long"},
		"e-mail without @":        {registration.Request{Email: "ops.example.com"}, "form name@example.com"},
		"e-mail with a name":      {registration.Request{Email: "Ops <ops@example.com>"}, "form name@example.com"},
		"e-mail, two of them":     {registration.Request{Email: "a@example.com,b@example.com"}, "form name@example.com"},
		"resend without e-mail":   {registration.Request{Token: "t", Resend: true}, "resent"},
		"e-mail with a newline":   {registration.Request{Email: "ops@example.com\n"}, "form name@example.com"},
		"resend without anything": {registration.Request{Resend: true}, "neither"},
	}
	ws, clock := clienttest.Start(t, "6.5.0")
	client := open(t, ws, clock)
	asked := len(ws.History())
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := client.Register(t.Context(), tc.request)
			if !errors.Is(err, registration.ErrInvalidInput) || !strings.Contains(err.Error(), tc.says) {
				t.Errorf("got %v, want ErrInvalidInput that says %q", err, tc.says)
			}
			if tc.request.Token != "" && len(tc.request.Token) > 3 && strings.Contains(err.Error(), tc.request.Token) {
				t.Errorf("the token shows: %v", err)
			}
		})
	}
	t.Cleanup(func() {
		if n := len(ws.History()); n != asked {
			t.Errorf("%d requests were sent for requests that cannot work", n-asked)
		}
	})
}

func TestRequestShowsNoToken(t *testing.T) {
	t.Parallel()
	r := registration.Request{Token: "very-secret"}
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, shown := range []string{fmt.Sprint(r), fmt.Sprintf("%v %+v %#v %s %q %x", r, r, r, r, r, r), string(text)} {
		if strings.Contains(shown, "very-secret") || strings.Contains(shown, fmt.Sprintf("%x", "very-secret")) {
			t.Errorf("the token shows: %s", shown)
		}
	}
}

func TestRequestSaysHow(t *testing.T) {
	t.Parallel()
	for want, r := range map[string]registration.Request{
		"register with a token [redacted]":     {Token: "very-secret"},
		`register by e-mail "ops@example.com"`: {Email: "ops@example.com", Resend: true},
		"register across an air gap":           {},
	} {
		if r.String() != want {
			t.Errorf("got %q, want %q", r.String(), want)
		}
	}
}

// TestTheLongestTokenIsSent: what no token can be is refused here, and all else is the Cloud's to judge.
func TestTheLongestTokenIsSent(t *testing.T) {
	t.Parallel()
	ws, clock := clienttest.Start(t, "6.5.0")
	_, err := clienttest.OpenWithToken(t, ws, clock).Register(t.Context(), registration.Request{Token: strings.Repeat("x", 64<<10)})
	if !errors.Is(err, registration.ErrRejected) {
		t.Errorf("got %v", err)
	}
}
