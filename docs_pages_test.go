package registration_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// pages are the documents of docs/, by their path.
func pages(t *testing.T) map[string]string {
	t.Helper()
	paths, err := filepath.Glob("docs/*.md")
	if err != nil || len(paths) < 12 {
		t.Fatalf("%d pages: %v", len(paths), err)
	}
	texts := map[string]string{}
	for _, path := range append(paths, "README.md", "examples/README.md", "SECURITY.md", "CONTRIBUTING.md") {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		texts[filepath.ToSlash(path)] = string(text)
	}
	return texts
}

// TestPagesBeginWithACommand: who opens a page of docs/ sees at once what does it; .ci/docs runs those in blocks of the language console.
func TestPagesBeginWithACommand(t *testing.T) {
	t.Parallel()
	begins := regexp.MustCompile("^(?:<!--[^\n]*-->\n\n)?# [^\n]+\n\n```(?:console\n\\$ |sh\n)[^\n]+\n")
	for path, text := range pages(t) {
		if strings.HasPrefix(path, "docs/") && !begins.MatchString(text) {
			t.Errorf("%s does not begin with a title and a command", path)
		}
	}
}

// TestMapOfDocs leads to each page.
func TestMapOfDocs(t *testing.T) {
	t.Parallel()
	all := pages(t)
	for path := range all {
		if name, isPage := strings.CutPrefix(path, "docs/"); isPage && name != "README.md" && !strings.Contains(all["docs/README.md"], "]("+name) {
			t.Errorf("docs/README.md does not lead to %s", name)
		}
	}
}

// TestLinksOfDocs lead to files that there are, and to headings that are in them.
func TestLinksOfDocs(t *testing.T) {
	t.Parallel()
	found := 0
	for path, text := range pages(t) {
		for _, link := range regexp.MustCompile(`\]\(([^)\s]+)\)`).FindAllStringSubmatch(text, -1) {
			file, anchor, _ := strings.Cut(link[1], "#")
			if strings.Contains(file, "://") {
				continue
			}
			found++
			target := path
			if file != "" {
				target = filepath.Join(filepath.Dir(path), filepath.FromSlash(file))
			}
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s leads to %s, which is not there", path, link[1])
				continue
			}
			if anchor != "" && !hasHeading(t, target, anchor) {
				t.Errorf("%s leads to %s, which has no such heading", path, link[1])
			}
		}
	}
	if found < 100 {
		t.Errorf("only %d links were found", found)
	}
}

// hasHeading reports whether a page has a heading with the anchor that GitHub gives it.
func hasHeading(t *testing.T, path, anchor string) bool {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, heading := range regexp.MustCompile(`(?m)^#+ (.+)$`).FindAllStringSubmatch(string(text), -1) {
		name := regexp.MustCompile(`[^\p{L}\p{N} _-]`).ReplaceAllString(strings.ToLower(heading[1]), "")
		if strings.ReplaceAll(name, " ", "-") == anchor {
			return true
		}
	}
	return false
}

// TestSimulationIsDocumented: docs/sim.md has each endpoint of the fake Cloud and of the control API.
func TestSimulationIsDocumented(t *testing.T) {
	t.Parallel()
	documented, found := pages(t)["docs/sim.md"], 0
	documented = regexp.MustCompile(`\$(?:CODE|ID)\b`).ReplaceAllString(documented, "{}")
	for _, path := range []string{"registrationtest/sim/control.go", "registrationtest/internal/rocketcloud/cloud.go"} {
		text, err := os.ReadFile(filepath.FromSlash(path))
		if err != nil {
			t.Fatal(err)
		}
		for _, served := range regexp.MustCompile(`HandleFunc\("[A-Z]+ ([^"]+)"`).FindAllStringSubmatch(string(text), -1) {
			found++
			wanted := regexp.QuoteMeta(served[1])
			wanted = regexp.MustCompile(`\\\{kind\\\}`).ReplaceAllString(wanted, `\w+`)
			wanted = regexp.MustCompile(`\\\{\w+\\\}`).ReplaceAllString(wanted, `\{(?:id)?\}`)
			if !regexp.MustCompile(wanted + "\\b").MatchString(documented) {
				t.Errorf("%s serves %s, which docs/sim.md does not have", path, served[1])
			}
		}
	}
	if found < 25 {
		t.Errorf("only %d endpoints were found", found)
	}
}

// TestDependenciesAreExplained: each module that one of ours requires directly stands in docs/dependencies.md.
func TestDependenciesAreExplained(t *testing.T) {
	t.Parallel()
	explained, found := pages(t)["docs/dependencies.md"], 0
	for _, module := range []string{".", "temporal", "temporal/devserver", "tools"} {
		text, err := os.ReadFile(filepath.Join(filepath.FromSlash(module), "go.mod"))
		if err != nil {
			t.Fatal(err)
		}
		for _, require := range regexp.MustCompile(`(?m)^\t(\S+\.\S+) v\S+$`).FindAllStringSubmatch(string(text), -1) {
			found++
			if !strings.HasPrefix(require[1], "github.com/rcreg/") && !strings.Contains(explained, "`"+require[1]+"`") {
				t.Errorf("%s/go.mod requires %s, which docs/dependencies.md does not explain", module, require[1])
			}
		}
	}
	if found < 30 {
		t.Errorf("only %d requirements were found", found)
	}
}

// TestPublicPackagesHaveExamples: each package that users import has an example in its documentation whose output is compared.
func TestPublicPackagesHaveExamples(t *testing.T) {
	t.Parallel()
	for _, dir := range publicPackages(t) {
		tests, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		shown := false
		for _, path := range tests {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			shown = shown || regexp.MustCompile(`(?ms)^func Example\w*\(\) \{.*?^\t// (?:Unordered o|O)utput:`).Match(text)
		}
		if !shown {
			t.Errorf("package %s has no example that runs", dir)
		}
	}
}

// publicPackages are the folders of packages that other modules can import.
func publicPackages(t *testing.T) []string {
	t.Helper()
	var found []string
	var walk func(dir string)
	walk = func(dir string) {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		has := false
		for _, entry := range entries {
			switch name := entry.Name(); {
			case entry.IsDir() && !strings.HasPrefix(name, ".") && name != "internal" && name != "testdata" && name != "cmd" && name != "examples" && name != "tools" && name != "devserver":
				walk(filepath.Join(dir, name))
			case strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go"):
				has = true
			}
		}
		if has {
			found = append(found, dir)
		}
	}
	walk(".")
	if len(found) < 10 {
		t.Errorf("only %q are public", found)
	}
	return found
}
