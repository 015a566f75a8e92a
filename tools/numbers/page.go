package main

import (
	"bytes"
	_ "embed" // the page
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"text/template"
)

//go:embed page.md
var page string

// draw returns the files that the results under a folder of documents give, by their names in it. What has no results is left out.
func draw(docs string) (map[string][]byte, error) {
	files := map[string][]byte{}
	text, err := template.New("page").Funcs(template.FuncMap{
		"chart": func(name, command string) (string, error) { return drawOne(docs, name, command, files) },
	}).Parse(page)
	if err != nil {
		return nil, fmt.Errorf("read the page's template: %w", err)
	}
	var written bytes.Buffer
	if err := text.Execute(&written, nil); err != nil {
		return nil, fmt.Errorf("write the page: %w", err)
	}
	files["numbers.md"] = written.Bytes()
	return files, nil
}

// drawOne adds a chart to the files, and returns what the page has on it.
func drawOne(docs, name, command string, files map[string][]byte) (string, error) {
	results := filepath.Join("numbers", name+".txt")
	output, err := os.ReadFile(filepath.Join(docs, results)) //nolint:gosec // the folder is the caller's
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	recorded, err := read(output, results)
	if err != nil {
		return "", err
	}
	kind, ok := kinds()[name]
	if !ok {
		return "", fmt.Errorf("%s: there is no such chart", name)
	}
	m, err := kind(recorded)
	if err != nil {
		return "", fmt.Errorf("%s: %w", results, err)
	}
	svg, err := m.chart.SVG()
	if err != nil {
		return "", err
	}
	files[filepath.Join("numbers", name+".svg")] = svg
	return fmt.Sprintf("\nMeasured: **%s**\n\n    %s > docs/numbers/%s.txt\n\n![%s](numbers/%s.svg)\n", m.says, command, name, m.chart.Says(), name), nil
}
