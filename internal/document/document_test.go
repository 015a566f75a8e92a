package document

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/rcreg/registration/failure"
)

// TestRead reads files whose content is an empty object.
func TestRead(t *testing.T) {
	t.Parallel()
	good := documentOf("{}")
	changed := func(from, to string) string { return strings.Replace(good, from, to, 1) }
	for name, tt := range map[string]struct {
		text string
		want error
	}{
		"good":                             {good, nil},
		"as long as can be":                {good + strings.Repeat(" ", MaxSize-len(good)), nil},
		"longer":                           {good + strings.Repeat(" ", MaxSize-len(good)+1), failure.TooLarge},
		"nothing":                          {"", failure.Truncated},
		"white space":                      {" \n", failure.Truncated},
		"of another format":                {changed(Format, "other"), failure.Malformed},
		"newer, of another format":         {strings.Replace(changed(Format, "other"), `"version":1`, `"version":2`, 1), failure.Malformed},
		"of no version":                    {changed(`"version":1`, `"version":0`), failure.Malformed},
		"with a number for its digest":     {changed(`"sha256":"`, `"sha256":7,"was":"`), failure.Malformed},
		"newer, with a number for it":      {strings.Replace(changed(`"sha256":"`, `"sha256":7,"was":"`), `"version":1`, `"version":2`, 1), failure.NewerFormat},
		"without a content":                {changed(`"content":{},`, ""), failure.Malformed},
		"newer, and the format comes last": {`{"version":2,"format":"rcreg-exchange"}`, failure.NewerFormat},
	} {
		var content struct{}
		if _, err := Read([]byte(tt.text), &content); !errors.Is(err, tt.want) || (err == nil) != (tt.want == nil) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestWrite writes text, for people and their tools, that is read again.
func TestWrite(t *testing.T) {
	t.Parallel()
	text, digest, err := Write(json.RawMessage(`{"id":7}`))
	if err != nil || !strings.HasSuffix(string(text), "\n}\n") {
		t.Errorf("%q, %v", text, err)
	}
	var content struct{ ID int }
	if again, err := Read(text, &content); err != nil || again != digest || content.ID != 7 {
		t.Errorf("%v, %s, %v", content, again, err)
	}
}

// TestAFieldOfAnotherType is named, since its text is not.
func TestAFieldOfAnotherType(t *testing.T) {
	t.Parallel()
	var content struct {
		Kind string `json:"kind"`
	}
	if _, err := Read([]byte(documentOf(`{"kind":7}`)), &content); !errors.Is(err, failure.Malformed) || !strings.Contains(err.Error(), "kind is not a") {
		t.Errorf("%v", err)
	}
}

// documentOf is a file with any content, given as compact JSON.
func documentOf(content string) string {
	return `{"format":"rcreg-exchange","version":1,"content":` + content + `,"sha256":"` + Digest([]byte(content)) + `"}`
}
