package registrationtest

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// recording is one line of a transcript: one exchange with the real server code.
type recording struct {
	Version  string           `json:"version"`
	Seq      int              `json:"seq"` // the order; 0 where it is that of the lines
	Scenario string           `json:"scenario"`
	Step     string           `json:"step"`
	Via      string           `json:"via"`
	Request  recordedRequest  `json:"request"`
	Response recordedResponse `json:"response"`
	Calls    []recordedCall   `json:"cloud_calls"`
	Settings map[string]any   `json:"settings_after"`
	Later    map[string]any   `json:"settings_changed_after_reply"`
	First    json.RawMessage  `json:"first_reply"` // of two calls at once
}

type recordedRequest struct {
	Method  string            `json:"method"`
	Path    string            `json:"path"`
	Headers map[string]string `json:"headers"`
	Body    json.RawMessage   `json:"body"`
	As      string            `json:"as"`
}

type recordedResponse struct {
	Status       *int              `json:"status"` // nil where there was no HTTP
	Headers      map[string]string `json:"headers"`
	Body         any               `json:"body"`
	Message      any               `json:"message_parsed"`
	Frames       []map[string]any  `json:"frames"`
	StatusMethod any               `json:"status_method"`
	ClientError  string            `json:"client_error"` // why the client gave up
}

type recordedCall struct {
	Method   string            `json:"method"`
	Path     string            `json:"path"`
	Status   any               `json:"status"` // a number, or a sentence when there was no answer
	Headers  map[string]string `json:"headers"`
	BodyKeys []string          `json:"body_keys"`
	Fault    string            `json:"stub_fault"`
}

// scene is a run of exchanges that begins on a fresh workspace and a fresh Cloud.
type scene struct {
	file     string // without its endings
	version  string
	scenario string
	steps    []recording
}

// lag tells whether the recording was made with a settings cache that lags.
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
		lines, err := readTranscript(path)
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

func readTranscript(path string) ([]recording, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var reader io.Reader = file
	if strings.HasSuffix(path, ".gz") {
		if reader, err = gzip.NewReader(file); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	var lines []recording
	scanner := bufio.NewScanner(reader)
	scanner.Buffer(nil, 16<<20)
	for scanner.Scan() {
		var line recording
		if err := json.Unmarshal(scanner.Bytes(), &line); err != nil {
			return nil, fmt.Errorf("%s, line %d: %w", path, len(lines)+1, err)
		}
		lines = append(lines, line)
	}
	if err := scanner.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return lines, nil
}
