package cli_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rcreg/registration/registrationtest"
)

// documents are the pages and files of the repository in which commands stand, by their path from its root.
func documents(t *testing.T) map[string]string {
	t.Helper()
	const root = "../../../.."
	texts := map[string]string{}
	for _, place := range []string{"README.md", "CONTRIBUTING.md", "SECURITY.md", "docs", "examples", "deploy"} {
		err := filepath.WalkDir(filepath.Join(root, place), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || strings.HasSuffix(path, ".go") || strings.HasSuffix(path, ".svg") {
				return err
			}
			text, err := os.ReadFile(path)
			name, _ := filepath.Rel(root, path)
			texts[filepath.ToSlash(name)] = string(text)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return texts
}

// TestDocumentedCommands are ones that there are, with flags that they have: in code blocks and in running text.
func TestDocumentedCommands(t *testing.T) {
	t.Parallel()
	found := 0
	for name, text := range documents(t) {
		for _, line := range commandsIn(text) {
			found++
			if said := refusalOf(t, wordsOf(line)); said != "" {
				t.Errorf("%s: rcreg %s: %s", name, line, said)
			}
		}
	}
	if found < 100 {
		t.Errorf("%d commands were found: the pattern misses some", found)
	}
	for _, wrong := range []string{"statsu", "sync --tokens x", "fleet synk", "fleet sync --files fleet.yaml"} {
		if refusalOf(t, wordsOf(wrong)) == "" {
			t.Errorf("rcreg %s passes", wrong)
		}
	}
}

// refusalOf is what rcreg says of a command line that has a command or a flag which is not there; empty where all are.
func refusalOf(t *testing.T, args []string) string {
	t.Helper()
	done := emptyBench(t, registrationtest.NewClock(testStart)).run(append(args, "--help")...)
	if done.exit != 0 {
		return done.stderr
	}
	// The help of a group comes for any word behind it.
	group := regexp.MustCompile(`(?m)^  rcreg((?: \S+)*) \[command\]$`).FindStringSubmatch(done.stdout)
	if group == nil || len(args) == len(strings.Fields(group[1])) || strings.HasPrefix(args[len(strings.Fields(group[1]))], "-") {
		return ""
	}
	return "no such command"
}

// commandsIn finds the command lines of rcreg in a text, without the name, and with the lines that go on behind a backslash.
func commandsIn(text string) []string {
	text = regexp.MustCompile(`\s*\\\n\s*`).ReplaceAllString(text, " ")
	text = regexp.MustCompile("`([^`\n]+)`").ReplaceAllString(text, "\n$1\n")                                                // each piece of code in a running text on a line of its own
	text = regexp.MustCompile(`(?m)^ *arg[sv]: \[(?:rcreg, )?(.*)\]$`).ReplaceAllStringFunc(text, func(list string) string { // of a container, or of a task of Ansible
		_, words, _ := strings.Cut(strings.TrimSuffix(list, "]"), "[")
		return "rcreg " + strings.TrimPrefix(strings.ReplaceAll(words, ", ", " "), "rcreg ")
	})
	matches := regexp.MustCompile(`(?m)^(?:.*[$|;&(] *|\s*(?:- |run: )?|ExecStart=)(?:go run \./cmd/|/usr/bin/)?rcreg ((?:[a-z]|--)[^\n]*)$`).FindAllStringSubmatch(text, -1)
	lines := make([]string, 0, len(matches))
	for _, match := range matches {
		lines = append(lines, match[1])
	}
	return lines
}

// wordsOf takes a command line apart as a shell does, up to where the command ends.
func wordsOf(line string) []string {
	var words []string
	for _, word := range regexp.MustCompile(`'[^']*'|"[^"]*"|[|<>&;#)]|[^\s|<>&;)'"]+`).FindAllString(line, -1) {
		if strings.ContainsAny(word[:1], "|<>&;#)") {
			break
		}
		words = append(words, strings.Trim(word, `'"`))
	}
	return words
}
