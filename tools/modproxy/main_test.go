package main

import (
	"archive/zip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// tree writes a checkout of a root module and one nested in it.
func tree(t *testing.T, nested string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":                   "module example.com/a\n\ngo 1.25.0\n",
		"a.go":                     "package a\n",
		"testdata/tiny/go.mod":     "module tiny\n",
		"nested/go.mod":            "module example.com/a/nested\n\ngo 1.25.0\n\n" + nested,
		"nested/n.go":              "package nested\n",
		".git/hooks/go.mod":        "no module",
		"nested/testdata/data.txt": "data",
	} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestPack(t *testing.T) {
	t.Parallel()
	out := t.TempDir()
	if err := pack(tree(t, "require example.com/a v0.1.0\n"), out, "v0.1.0"); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string][]string{
		"example.com/a":        {"a.go", "go.mod"},
		"example.com/a/nested": {"go.mod", "n.go", "testdata/data.txt"},
	} {
		at := filepath.Join(out, path, "@v")
		if list, err := os.ReadFile(filepath.Join(at, "list")); err != nil || string(list) != "v0.1.0\n" {
			t.Errorf("%s: the versions are %q, %v", path, list, err)
		}
		packed, err := zip.OpenReader(filepath.Join(at, "v0.1.0.zip"))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, file := range packed.File {
			if name := strings.TrimPrefix(file.Name, path+"@v0.1.0/"); !strings.HasPrefix(name, "testdata/tiny") {
				got = append(got, name)
			}
		}
		_ = packed.Close()
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s holds %q, want %q", path, got, want)
		}
	}
}

func TestPackRefuses(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ nested, want string }{
		"a replace":       {"require example.com/a v0.1.0\n\nreplace example.com/a => ..\n", "replace"},
		"another version": {"require example.com/a v0.0.9\n", "v0.0.9"},
		"no go.mod":       {"requires what\n", "nested"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := pack(tree(t, tt.nested), t.TempDir(), "v0.1.0"); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("packed: %v", err)
			}
		})
	}
	if err := pack(tree(t, ""), "", "v0.1.0"); err == nil {
		t.Error("packed nowhere")
	}
}
