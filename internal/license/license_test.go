package license_test

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rcreg/registration/internal/license"
)

// text is a license text of some claims; its signature is none.
func text(claims string) string {
	return "RCV3_e30." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".c2ln"
}

const claims = `{"information":{"id":"l-1","offline":true},"grantedModules":[{"module":"b"},{"module":"a"},{"module":"b"}],
	"validation":{"serverUrls":[{"value":"chat.example.com","type":"url"}],
	"validPeriods":[{"validFrom":"2026-01-01T00:00:00Z","validUntil":"2026-12-31T00:00:00.000Z","invalidBehavior":"invalidate_license"},
	{"validUntil":"2020-01-01T00:00:00Z","invalidBehavior":"disable_modules"}]}}`

func TestRead(t *testing.T) {
	t.Parallel()
	read := license.Read(" " + text(claims) + "\n")
	if read == nil || read.Information.ID != "l-1" || !read.Information.Offline || !slices.Equal(read.Modules(), []string{"a", "b"}) ||
		read.Expires().Format(time.DateOnly) != "2026-12-31" || !slices.Equal(read.Addresses(), []string{"chat.example.com"}) {
		t.Errorf("got %+v", read)
	}
	if !read.Same(license.Read(text(claims))) || read.Same(license.Read(text(strings.Replace(claims, "l-1", "l-2", 1)))) {
		t.Error("another license counts as the same, or this one does not")
	}
	for name, bad := range map[string]string{"empty": "", "second format": "bm8gZG90cw==", "cut": text(claims)[:60], "no JSON": "RCV3_e30.bm8.c2ln", "no object": text(`[]`)} {
		if got := license.Read(bad); got != nil {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}

func TestUnusable(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ text, says string }{
		"a license":       {text(claims), ""},
		"second format":   {"bm8gZG90cw==", ""},
		"cut":             {text(claims)[:60], "cut off"},
		"one part less":   {text(claims)[:strings.LastIndex(text(claims), ".")], "cut off"},
		"no JSON":         {"RCV3_e30.bm8.c2ln", "cut off"},
		"other claims":    {text(`{"iss":"https://other.example.com"}`), "nothing of a license"},
		"another product": {strings.TrimPrefix(text(`{"iss":"https://other.example.com"}`), "RCV3_"), "another product"},
		"only a name":     {text(`{"information":{"id":"l"}}`), ""},
	} {
		if got := license.Unusable(tc.text); !strings.Contains(got, tc.says) || (tc.says == "") != (got == "") {
			t.Errorf("%s: got %q, want %q", name, got, tc.says)
		}
	}
}

func TestAgainst(t *testing.T) {
	t.Parallel()
	inTime := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	hashed := strings.Replace(claims, `"type":"url"`, `"type":"hash"`, 1)
	pattern := strings.Replace(claims, `"chat.example.com","type":"url"`, `".*\\.example\\.com","type":"regex"`, 1)
	for name, tc := range map[string]struct {
		claims, address string
		now             time.Time
		says            string
	}{
		"valid":             {claims, "https://Chat.example.com/", inTime, ""},
		"unknown address":   {claims, "", inTime, ""},
		"elsewhere":         {claims, "https://other.example.com", inTime, "it is for chat.example.com"},
		"below a path":      {claims, "https://chat.example.com/a", inTime, "it is for chat.example.com"},
		"early":             {claims, "", inTime.AddDate(-1, 0, 0), "it counts from 2026-01-01 on"},
		"late":              {claims, "", inTime.AddDate(1, 0, 0), "it ended on 2026-12-31"},
		"hash":              {hashed, "https://other.example.com", inTime, ""},
		"pattern":           {pattern, "https://other.example.com", inTime, ""},
		"pattern elsewhere": {pattern, "https://example.net", inTime, "it is for"},
		"for every address": {`{}`, "https://other.example.com", inTime, ""},
	} {
		if got := strings.Join(license.Read(text(tc.claims)).Against(tc.address, tc.now), "; "); !strings.HasPrefix(got, tc.says) || (tc.says == "") != (got == "") {
			t.Errorf("%s: got %q, want %q", name, got, tc.says)
		}
	}
}
