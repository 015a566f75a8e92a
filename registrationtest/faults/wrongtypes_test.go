package faults

import (
	"encoding/json"
	"testing"
)

func TestWrongTypes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"success":true}`:          `{"success":"yes"}`,
		`{"a":"b","n":[1,null]}`:    `{"a":42,"n":["many",[]]}`,
		`{"deep":{"x":false}}`:      `{"deep":{"x":"yes"}}`,
		`{"msg":"result","id":"1"}`: `{"id":"1","msg":"result"}`,
		`"text"`:                    `42`,
		`<html>`:                    `42`,
		``:                          `42`,
		`null`:                      `[]`,
		`{"message":"{\"msg\":\"result\",\"id\":\"1\",\"result\":true}"}`: `{"message":"{\"id\":\"1\",\"msg\":\"result\",\"result\":\"yes\"}"}`,
	} {
		if got := string(wrongTypes([]byte(text))); got != want {
			t.Errorf("%s becomes %s, want %s", text, got, want)
		}
	}
	for _, side := range []Side{Workspace, Cloud} {
		if sample := sampleReply(side); !json.Valid(sample) {
			t.Errorf("the sample of the %s is no JSON", side)
		}
	}
}

func FuzzWrongTypes(f *testing.F) {
	for _, seed := range []string{`{"a":"{\"b\":1}"}`, `[[[null]]]`, `"`, `1e999`, string(sampleReply(Cloud)), string(sampleReply(Workspace))} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if wrong := wrongTypes(text); !json.Valid(wrong) {
			t.Errorf("%q becomes %q", text, wrong)
		}
	})
}
