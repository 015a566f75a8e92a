package cloud_test

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/rcreg/registration/cloud"
)

// utf16Text is a text as some editors save it.
func utf16Text(text string, bigEndian bool) string {
	var b strings.Builder
	for _, unit := range append([]uint16{0xfeff}, utf16.Encode([]rune(text))...) {
		if bigEndian {
			b.WriteByte(byte(unit >> 8))
			b.WriteByte(byte(unit))
		} else {
			b.WriteByte(byte(unit))
			b.WriteByte(byte(unit >> 8))
		}
	}
	return b.String()
}

func TestParseBlobTakesWhatHandsDoToACode(t *testing.T) {
	t.Parallel()
	// The umlauts and question marks make characters in which the two alphabets differ, and the length makes padding.
	grant := with(t, map[string]any{"client_name": "\u00fc\u00ff???>>>~~~"})
	for len(grant)%3 != 1 {
		grant = append(grant, ' ')
	}
	code := base64.StdEncoding.EncodeToString(grant)
	if !strings.ContainsAny(code, "+/") || !strings.HasSuffix(code, "==") {
		t.Fatalf("the code shows too little: %s", code)
	}
	tests := map[string]string{
		"as it is":           code,
		"newline":            code + "\n",
		"CRLF":               code + "\r\n",
		"lines":              code[:40] + "\n" + code[40:80] + "\r\n\t" + code[80:],
		"spaces around":      "  " + code + " \u00a0",
		"zero width":         code[:40] + "\u200b" + code[40:],
		"byte order mark":    "\ufeff" + code,
		"no padding":         strings.TrimRight(code, "="),
		"half the padding":   strings.TrimSuffix(code, "="),
		"URL alphabet":       strings.NewReplacer("+", "-", "/", "_").Replace(code),
		"URL, raw":           base64.RawURLEncoding.EncodeToString(grant),
		"UTF-16 LE":          utf16Text(code+"\r\n", false),
		"UTF-16 BE":          utf16Text(code+"\r\n", true),
		"all the room":       code + strings.Repeat(" ", cloud.MaxBlob-len(code)),
		"UTF-16 cut":         utf16Text(code+"\n", false) + "\x0a",
		"pasted twice":       code + "\n" + code,
		"quotes":             `"` + code + `"`,
		"a code fence":       "```\n" + code + "\n```\n",
		"soft hyphens":       code[:40] + "\u00ad" + code[40:],
		"marks of direction": "\u202a" + code + "\u202c",
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g, err := cloud.ParseBlob(text)
			if err != nil {
				t.Fatal(err)
			}
			if string(g.Reveal()) != string(grant) || g.Check() != nil {
				t.Errorf("got %s, %v", g.Reveal(), g.Check())
			}
			if g.Blob() != code {
				t.Error("the blob is not what servers decode")
			}
		})
	}
}

func TestParseBlobRefuses(t *testing.T) {
	t.Parallel()
	encode := base64.StdEncoding.EncodeToString
	code := encode(with(t, nil))
	tests := map[string]struct{ text, problem string }{
		"nothing":                         {"", "empty"},
		"white space":                     {"\ufeff \r\n", "empty"},
		"padding":                         {"==", "empty"},
		"JSON itself":                     {string(with(t, nil)), "this is JSON"},
		"a sentence":                      {"this is not base64!!!", "not base64"},
		"padding in the middle":           {code[:8] + "==" + code[8:], "not base64"},
		"one character too few":           {"e30A" + "A", "not base64"},
		"one character":                   {"A", "the text is not base64: copy it again, in full"},
		"a question":                      {"azAZ09+/-_?", `character 11 is "?"`},
		"cut off":                         {code[:len(code)/2/4*4], "cut off"},
		"quoted-printable":                {code[:75] + "=\r\n" + code[75:], `character 76 is "=": this went through mail`},
		"quoted":                          {"> " + code[:72] + "\n> " + code[72:], `character 1 is ">": this was quoted in a mail`},
		"a part left out":                 {code[:40] + "…" + code[60:], `character 41 is "…": a part was left out`},
		"hyphens at the lines' ends":      {code[:70] + "-\n" + code[70:140] + "-\n" + code[140:], `character 71 is "-", at the end of a line`},
		"base64 of text":                  {encode([]byte("hello")), "not JSON"},
		"base64 of {}":                    {encode([]byte("{}")), "empty object"},
		"base64 of []":                    {encode([]byte("[]")), "a list"},
		"base64 of a text":                {encode([]byte(`"x"`)), "a text"},
		"base64 of null":                  {encode([]byte("null")), "not an object"},
		"too large":                       {strings.Repeat("A", cloud.MaxBlob+1), "too large"},
		"too large inside":                {encode([]byte(strings.Repeat("a", cloud.MaxGrant+1))), "too large"},
		"registration data (trap B7)":     {encode([]byte(registrationJSON)), "registration data"},
		"registration data with newlines": {encode([]byte(registrationJSON))[:80] + "\n" + encode([]byte(registrationJSON))[80:], "registration data"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := cloud.ParseBlob(test.text)
			if !errors.Is(err, cloud.ErrInvalidGrant) || !strings.Contains(err.Error(), test.problem) {
				t.Errorf("got %v", err)
			}
			if errors.Is(err, cloud.ErrRegistrationData) != strings.HasPrefix(name, "registration data") {
				t.Errorf("got %v", err)
			}
			if err != nil && strings.Contains(err.Error(), clientSecret) {
				t.Errorf("the error quotes the code: %v", err)
			}
		})
	}
}

// TestParseBlobTakesAHyphenAtTheEndOfALine, where it is a sign of the URL alphabet, and not one that was added.
func TestParseBlobTakesAHyphenAtTheEndOfALine(t *testing.T) {
	t.Parallel()
	code := base64.URLEncoding.EncodeToString(with(t, map[string]any{"client_name": strings.Repeat("~", 9)}))
	at := strings.IndexByte(code, '-')
	if at < 0 {
		t.Fatalf("there is no hyphen in %s", code)
	}
	if grant, err := cloud.ParseBlob(code[:at+1] + "\n" + code[at+1:]); err != nil || grant.Check() != nil {
		t.Errorf("got %v", err)
	}
}
