package server_test

import (
	"encoding/json"
	"testing"

	"github.com/rcreg/registration/registrationtest/internal/release"
	"github.com/rcreg/registration/registrationtest/internal/server"
)

func TestChecks(t *testing.T) {
	t.Parallel()
	fields := []server.Field{{Name: "resend", Type: "boolean"}, {Name: "email", Type: "string"}, {Name: "note", Optional: true}}
	for body, want := range map[string]struct{ match, schema string }{
		`{"resend":true,"email":"a"}`:           {"", ""},
		`{"resend":true,"email":"a","note":[]}`: {"", ""},
		`{}`:                                    {"Match error: Missing key 'resend'", "must have required property 'resend' [invalid-params]"},
		`{"resend":true}`:                       {"Match error: Missing key 'email'", "must have required property 'email' [invalid-params]"},
		`{"resend":"true","email":"a"}`:         {"Match error: Expected boolean, got string in field resend", ""},
		`{"resend":"yes","email":"a"}`:          {"Match error: Expected boolean, got string in field resend", "must be boolean [invalid-params]"},
		`{"resend":1,"email":5}`:                {"Match error: Expected boolean, got number in field resend", ""},
		`{"resend":true,"email":null}`:          {"Match error: Expected string, got null in field email", ""},
		`{"resend":true,"email":{}}`:            {"Match error: Expected string, got object in field email", "must be string [invalid-params]"},
		`{"resend":true,"email":"a","x":1}`:     {"Match error: Unknown key in field x", "must NOT have additional properties [invalid-params]"},
		`[]`:                                    {"Match error: Expected plain object", "must be object [invalid-params]"},
	} {
		var value any
		if err := json.Unmarshal([]byte(body), &value); err != nil {
			t.Fatal(err)
		}
		if got := sentenceOf(server.MatchFields(value, fields...)); got != want.match {
			t.Errorf("MatchFields(%s) = %q, want %q", body, got, want.match)
		}
		if got := sentenceOf(server.SchemaFields(release.MustParse("8.6.1"), "invalid-params", value, fields...)); got != want.schema {
			t.Errorf("SchemaFields(%s) = %q, want %q", body, got, want.schema)
		}
	}
}

func sentenceOf(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestParseJSON(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct{ old, late string }{
		``:          {"Unexpected end of JSON input", "Unexpected end of JSON input"},
		`{"a":`:     {"Unexpected end of JSON input", "Unexpected end of JSON input"},
		`not json`:  {"Unexpected token o in JSON at position 1", `Unexpected token 'o', "not json" is not valid JSON`},
		`{"a":1} x`: {"Unexpected token x in JSON at position 8", `Unexpected token 'x', "{\"a\":1} x" is not valid JSON`},
		"\ufffd":    {"Unexpected token \ufffd in JSON at position 0", "Unexpected token '\ufffd', \"\ufffd\" is not valid JSON"},
		`[1]`:       {"", ""},
	} {
		for version, want := range map[string]string{"6.13.0": want.old, "8.6.1": want.late} {
			_, err := server.ParseJSON(release.MustParse(version), text)
			if got := sentenceOf(err); got != want {
				t.Errorf("%s: ParseJSON(%q) fails with %q, want %q", version, text, got, want)
			}
		}
	}
}

func FuzzParseJSON(f *testing.F) {
	for _, text := range []string{``, `{`, `nul`, "\xff", `"\u00`, `1e999`, `{"a":1}x`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		value, err := server.ParseJSON(release.MustParse("6.13.0"), text)
		if err == nil && !json.Valid([]byte(text)) {
			t.Errorf("%q is no JSON, but gives %v", text, value)
		}
		if err != nil && err.Error() == "" {
			t.Errorf("%q fails without a sentence", text)
		}
	})
}
