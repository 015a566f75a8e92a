package registrationtest

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// ownTranscripts is the folder of the recordings that come with the package.
const ownTranscripts = "testdata/transcripts"

// recordedExchanges is how many there are, so that a lost file is noticed.
const recordedExchanges = 13215

var (
	transcripts = flag.String("transcripts", ownTranscripts,
		"folder of recordings to replay (*.jsonl or *.jsonl.gz), relative to the package or the module")
	summary = flag.Bool("fidelity.summary", false, "print how many exchanges fail in each scenario, instead of how")
)

// maxExcepted is the largest share of exchanges that may be in the list of exceptions, in per cent.
const maxExcepted = 2

// TestFidelity replays what was recorded from the real server code against the fake servers. A failure means that a
// fake answers otherwise than the real server of that version did.
func TestFidelity(t *testing.T) {
	t.Parallel()
	scenes := readScenes(t, transcriptFolder(t))
	if len(scenes) == 0 {
		t.Fatalf("no recordings in %s", *transcripts)
	}
	count := newTally()
	if *transcripts == ownTranscripts {
		count.least = recordedExchanges
	}
	t.Cleanup(func() { count.report(t) })
	byFile := map[string][]scene{}
	for _, s := range scenes {
		byFile[s.file] = append(byFile[s.file], s)
	}
	for file, scenes := range byFile {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			for _, s := range scenes {
				t.Run(s.scenario, func(t *testing.T) {
					t.Parallel()
					replay(t, s, count)
				})
			}
		})
	}
}

// TestFidelityInitialSettings compares the settings of fresh workspaces.
func TestFidelityInitialSettings(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(transcriptFolder(t), "initial-settings.json"))
	if os.IsNotExist(err) {
		t.Log("this folder has no initial settings")
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	var byVersion map[string]map[string]any
	if err := json.Unmarshal(text, &byVersion); err != nil {
		t.Fatal(err)
	}
	for version, want := range byVersion {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			p := newPlay(t, scene{version: version})
			got := map[string]any{}
			for id, value := range p.workspace.Settings() {
				if _, recorded := want[id]; recorded {
					got[id] = value
				}
			}
			for _, diff := range p.compare("", any(want), jsonValue(t, got)) {
				t.Error(diff)
			}
		})
	}
}

// transcriptFolder finds the folder of the flag: go test runs in the package's folder, its caller sits in another.
func transcriptFolder(t *testing.T) string {
	t.Helper()
	for _, folder := range []string{*transcripts, filepath.Join("..", *transcripts)} {
		if info, err := os.Stat(folder); err == nil && info.IsDir() {
			return folder
		}
	}
	t.Fatalf("there is no folder %s", *transcripts)
	return ""
}

// replay plays one scene and compares every exchange.
func replay(t *testing.T, s scene, count *tally) {
	t.Helper()
	p := newPlay(t, s)
	for i := range s.steps {
		step := &s.steps[i]
		diffs := p.step(step)
		reason, excepted := exceptionFor(s, step)
		excepted = excepted && len(diffs) > 0 // one that passes all the same is no exception
		count.add(s, step, len(diffs) == 0, excepted)
		if excepted {
			t.Logf("excepted, because %s: %s", reason, strings.Join(diffs, "; "))
		}
		if excepted || len(diffs) == 0 {
			continue
		}
		if !*summary {
			t.Errorf("%s %s / %s (%s as %s)\n\t%s", s.version, s.scenario, step.Step, step.Via, step.Request.As,
				strings.Join(diffs, "\n\t"))
		}
	}
}
