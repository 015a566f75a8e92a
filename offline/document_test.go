package offline

import (
	"errors"
	"strings"
	"testing"
)

// TestDocuments reads files whose content is an empty object.
func TestDocuments(t *testing.T) {
	t.Parallel()
	good := documentOf("{}")
	changed := func(from, to string) string { return strings.Replace(good, from, to, 1) }
	for name, tt := range map[string]struct {
		text string
		want error
	}{
		"good":                             {good, nil},
		"as long as can be":                {good + strings.Repeat(" ", maxDocument-len(good)), nil},
		"longer":                           {good + strings.Repeat(" ", maxDocument-len(good)+1), ErrTooLarge},
		"nothing":                          {"", ErrTruncated},
		"white space":                      {" \n", ErrTruncated},
		"of another format":                {changed(FormatName, "other"), ErrMalformed},
		"newer, of another format":         {strings.Replace(changed(FormatName, "other"), `"version":1`, `"version":2`, 1), ErrMalformed},
		"of no version":                    {changed(`"version":1`, `"version":0`), ErrMalformed},
		"with a number for its digest":     {changed(`"sha256":"`, `"sha256":7,"was":"`), ErrMalformed},
		"newer, with a number for it":      {strings.Replace(changed(`"sha256":"`, `"sha256":7,"was":"`), `"version":1`, `"version":2`, 1), ErrNewerFormat},
		"without a content":                {changed(`"content":{},`, ""), ErrMalformed},
		"newer, and the format comes last": {`{"version":2,"format":"rcreg-exchange"}`, ErrNewerFormat},
	} {
		var content struct{}
		if _, err := readDocument([]byte(tt.text), &content); !errors.Is(err, tt.want) || (err == nil) != (tt.want == nil) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestWhatIsWrittenIsText, for people and their tools.
func TestWhatIsWrittenIsText(t *testing.T) {
	t.Parallel()
	if text := string(ask(t, newGap(t), 1).Text()); !strings.HasSuffix(text, "\n}\n") {
		t.Errorf("a file ends with %q", text[len(text)-10:])
	}
}

// TestAFieldOfAnotherType is named, since its text is not.
func TestAFieldOfAnotherType(t *testing.T) {
	t.Parallel()
	if _, err := ParseRequest([]byte(documentOf(`{"kind":7}`))); err == nil || !strings.Contains(err.Error(), "kind is not a") {
		t.Errorf("%v", err)
	}
}
