package workspace

import (
	"bytes"
	"encoding/json"
	"testing"
)

func TestSucceeded(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text string
		want bool
	}{
		"last":              {`{"a":{"b":[1]},"success":true}`, true},
		"first":             {`{"success":true,"a":1}`, true},
		"space":             {"{ \"success\" :\n true }", true},
		"login":             {`{"status":"success","data":{}}`, true},
		"false":             {`{"success":false}`, false},
		"a text":            {`{"success":"true"}`, false},
		"an error":          {`{"status":"error"}`, false},
		"deeper":            {`{"success":false,"a":{"success":true}}`, false},
		"in a list":         {`[{"success":true}]`, false},
		"a value of a list": {`["success",true]`, false},
		"a value":           {`{"a":"success","b":true}`, false},
		"inside a text":     {`{"a":"\"success\":true"}`, false},
		"braces in a text":  {`{"a":"}{","success":true}`, true},
		"nothing":           {``, false},
		"cut off in a text": {`{"succ`, false},
		"cut off in a key":  {`{"success"`, false},
		"ends in a slash":   {`{"a\`, false},
	}
	for name, test := range tests {
		if got := succeeded([]byte(test.text)); got != test.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

// For any object, succeeded must see what a decoder sees.
func FuzzSucceeded(f *testing.F) {
	for _, seed := range []string{`{"success":true}`, `{"status":"success"}`, `{"a":["\\",{"success":true}],"success" : false}`, `{"success":true`, `"\`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got := succeeded(text)
		var object map[string]json.RawMessage
		if json.Unmarshal(text, &object) != nil || bytes.Count(text, []byte("succ")) > 1 || bytes.Contains(text, []byte(`\u`)) {
			return // no object, the same key twice, or a key in another spelling
		}
		if want := string(object["success"]) == "true" || string(object["status"]) == `"success"`; got != want {
			t.Fatalf("%q is %v, want %v", text, got, want)
		}
	})
}
