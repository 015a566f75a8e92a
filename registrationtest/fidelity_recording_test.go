package registrationtest

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rcreg/registration/internal/transcript"
)

type (
	recording        = transcript.Line
	recordedRequest  = transcript.Request
	recordedResponse = transcript.Response
	recordedCall     = transcript.CloudCall
)

// scene is a run of exchanges that begins on a fresh workspace and a fresh Cloud.
type scene struct {
	file     string // without its endings
	version  string
	scenario string
	steps    []recording
}

// lag reports whether the recording was made with a settings cache that lags.
func (s scene) lag() bool { return strings.HasPrefix(s.file, "lag-") }

// readScenes reads every transcript of a folder, plain or gzipped.
func readScenes(t *testing.T, folder string) []scene {
	t.Helper()
	plain, err := filepath.Glob(filepath.Join(folder, "*.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	zipped, err := filepath.Glob(filepath.Join(folder, "*.jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	scenes := make([]scene, 0, 100*len(plain)+100*len(zipped)) // about so many each
	for _, path := range append(plain, zipped...) {
		lines, err := transcript.Read(path)
		if err != nil {
			t.Fatal(err)
		}
		file := strings.TrimSuffix(strings.TrimSuffix(filepath.Base(path), ".gz"), ".jsonl")
		scenes = append(scenes, split(file, lines)...)
	}
	return scenes
}

// split cuts a transcript into scenes, whatever the order of its lines. A start-up is a scene of its own.
func split(file string, lines []recording) []scene {
	scenes := make([]scene, 0, len(lines))
	index := map[[2]string]int{}
	for _, line := range lines {
		name := [2]string{line.Version, line.Scenario}
		at, known := index[name]
		if !known || line.Via == "environment" {
			at = len(scenes)
			index[name] = at
			scenes = append(scenes, scene{file: file, version: line.Version, scenario: line.Scenario})
		}
		scenes[at].steps = append(scenes[at].steps, line)
	}
	for _, s := range scenes {
		slices.SortStableFunc(s.steps, func(a, b recording) int { return a.Seq - b.Seq })
	}
	return scenes
}
