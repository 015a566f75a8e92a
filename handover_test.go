package registration_test

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/internal/transcript"
	"github.com/rcreg/registration/registrationtest"
)

// recordedBlobs reads the blobs that the real server of a version was given, by scenario.
func recordedBlobs(t *testing.T, v string) map[string]string {
	t.Helper()
	lines, err := transcript.Read(filepath.Join("registrationtest", "testdata", "transcripts", v+".jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	blobs := map[string]string{}
	for _, line := range lines {
		var body struct {
			CloudBlob *string `json:"cloudBlob"`
		}
		if strings.HasPrefix(line.Scenario, "manual") && json.Unmarshal(line.Request.Body, &body) == nil && body.CloudBlob != nil {
			blobs[line.Scenario+"/"+line.Step] = *body.CloudBlob
		}
	}
	return blobs
}

// goodBlob reports whether the blob of a recorded scenario is one with which a workspace can be registered. In the scenarios beside "manual: good" it is the
// request or the workspace that is wrong, or only what copying by hand does to a text.
func goodBlob(scenario string) bool {
	for _, good := range []string{"manual: good/", "manual: base64 with newlines/", "manual: base64url alphabet, no padding/", "manual: extra field/",
		"manual-already-registered/first", "manual-already-registered/again, good blob", "manual-auth/", "manual-defaults-3.0/"} {
		if strings.HasPrefix(scenario, good) {
			return true
		}
	}
	return false
}

// TestNoRecordedBadBlobIsSent (A11, B6, B7): what real servers saved before they looked at it never reaches one.
func TestNoRecordedBadBlobIsSent(t *testing.T) {
	t.Parallel()
	for _, v := range []string{"3.0.0", "3.1.0", "3.18.0", "4.3.0", "4.8.0", "5.4.0", "6.0.0", "6.4.0", "6.5.0", "6.13.0", "8.6.1"} {
		t.Run(v, func(t *testing.T) {
			t.Parallel()
			bad := 0
			for scenario, blob := range recordedBlobs(t, v) {
				if !goodBlob(scenario) {
					bad++
				}
				t.Run(scenario, func(t *testing.T) {
					t.Parallel()
					ws, clock := clienttest.Start(t, v)
					client := clienttest.OpenWithToken(t, ws, clock)
					sent := handedOver(t, ws, client, blob)
					if sent != goodBlob(scenario) {
						t.Errorf("sent is %t", sent)
					}
				})
			}
			if bad < 6 {
				t.Errorf("only %d bad blobs: the recordings are not read as they should", bad)
			}
		})
	}
}

// handedOver hands over a blob as a relay or a gap would, and reports whether the workspace was asked to change anything.
func handedOver(t *testing.T, ws *registrationtest.Workspace, client *registration.Client, blob string) bool {
	t.Helper()
	ws.ClearHistory()
	// What is refused here, a relay or a gap cannot hold as a grant at all.
	grant, err := cloud.ParseBlob(blob)
	if err == nil {
		err = client.Session().HandOver(t.Context(), grant)
	}
	sent := false
	for _, exchange := range ws.History() {
		sent = sent || exchange.Method == http.MethodPost
	}
	if !sent && err == nil {
		t.Error("nothing was sent, and nothing was said")
	}
	return sent
}
