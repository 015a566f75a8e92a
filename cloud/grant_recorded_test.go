package cloud_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/internal/transcript"
)

// unblamed are the scenarios in which the recorded servers refuse for another reason than what is in the blob: a further key beside it, or one that is no
// text at all.
var unblamed = map[string]bool{
	"manual: extra field": true, "manual: missing": true, "manual: wrong type (number)": true, "manual: wrong type (object)": true,
}

// goodBlobs are the only scenarios whose blob registers every version without an error.
var goodBlobs = map[string]bool{"manual: good": true, "manual: base64 with newlines": true, "manual: base64url alphabet, no padding": true}

// TestNoRecordedBadBlobWouldBeSent reads what real servers were given (traps A11, B6 and B7).
func TestNoRecordedBadBlobWouldBeSent(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../registrationtest/testdata/transcripts/[0-9]*.jsonl.gz")
	if err != nil || len(files) < 11 {
		t.Fatalf("%d recordings, %v", len(files), err)
	}
	seen := map[string]int{}
	for _, file := range files {
		lines, err := transcript.Read(file)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range lines {
			pastedBack := line.Scenario == "manual-registerdata-pasted-back"
			blob, ok := blobOf(line)
			if !ok || unblamed[line.Scenario] || !pastedBack && !strings.HasPrefix(line.Scenario, "manual: ") {
				continue
			}
			seen[line.Scenario]++
			accepted := accepts(blob)
			if accepted != goodBlobs[line.Scenario] {
				t.Errorf("%s, %s: accepted is %t", line.Version, line.Scenario, accepted)
			}
			if accepted && (*line.Response.Status != 200 || !registeredAfter(lines[i:])) {
				t.Errorf("%s, %s: accepted, but the server answered HTTP %d, or was not registered", line.Version, line.Scenario, *line.Response.Status)
			}
		}
	}
	if len(seen) < 15 {
		t.Errorf("only %d scenarios: %v", len(seen), seen)
	}
}

func accepts(blob string) bool {
	g, err := cloud.ParseBlob(blob)
	return err == nil && g.Check() == nil
}

func blobOf(line transcript.Line) (string, bool) {
	var body struct {
		CloudBlob *string `json:"cloudBlob"`
	}
	if json.Unmarshal(line.Request.Body, &body) != nil || body.CloudBlob == nil {
		return "", false
	}
	return *body.CloudBlob, true
}

// registeredAfter looks for the next status in the same scenario.
func registeredAfter(lines []transcript.Line) bool {
	for _, line := range lines {
		if line.Scenario != lines[0].Scenario {
			return false
		}
		for _, reply := range []any{line.Response.Body, line.Response.Message} {
			if text, err := json.Marshal(reply); err == nil && strings.Contains(string(text), `"workspaceRegistered":`) {
				return strings.Contains(string(text), `"workspaceRegistered":true`)
			}
		}
	}
	return false
}
