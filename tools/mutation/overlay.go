package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// overlay writes files into a folder, with a list that lets the go command read them in place of those of the work tree, and returns where the list is.
func overlay(folder string, files map[string][]byte) (string, error) {
	replace := map[string]string{}
	for path, text := range files {
		name := filepath.Join(folder, fmt.Sprintf("%d.go", len(replace)))
		if err := os.WriteFile(name, text, 0o600); err != nil {
			return "", err
		}
		replace[path] = name
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	name := filepath.Join(folder, "overlay.json")
	return name, os.WriteFile(name, text, 0o600)
}

// compile makes the test program of a package.
func compile(ctx context.Context, folder, overlay, pkg, program string) error {
	_, err := goCommand(ctx, folder, "test", "-c", "-overlay", overlay, "-o", program, pkg)
	return err
}
