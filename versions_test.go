package registration

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/go-version"
)

var update = flag.Bool("update", false, "write the tables of docs/architecture.md instead of comparing with them")

func TestVersionOf(t *testing.T) {
	t.Parallel()
	cases := []struct {
		version, since string
		newer          bool
	}{
		{"3.0.0", "3.0", false}, {"3.0.12", "3.0", false}, {"3.1.0", "3.1", false}, {"3.9.4", "3.1", false}, {"3.10.0", "3.10", false}, {"4.3.3", "3.10", false},
		{"4.4.0", "4.4", false}, {"4.5.9", "4.4", false}, {"4.6.0", "4.6", false}, {"5.4.10", "4.6", false}, {"6.0.0", "6.0", false}, {"6.4.8", "6.0", false},
		{"6.5.0", "6.5", false}, {"6.5.0-rc.14", "6.5", false}, {"7.0.0-develop", "6.5", false}, {"8.6.1", "6.5", false}, {"8.7.0", "8.7", false},
		{"8.9.0", "8.9", false}, {"9.0.0-rc.0", "9.0", false}, {"9.4.1", "9.0", false}, {"10.0.0", "9.0", true}, {"11.2.0-rc.1", "9.0", true}, {"6.4", "6.0", false},
	}
	for _, tc := range cases {
		t.Run(tc.version, func(t *testing.T) {
			t.Parallel()
			got, ok := versionOf(version.Must(version.NewVersion(tc.version)))
			if !ok || got.since != tc.since || got.newer != tc.newer {
				t.Errorf("got since %s, newer %v, %v; want %s, %v", got.since, got.newer, ok, tc.since, tc.newer)
			}
		})
	}
	for _, old := range []string{"2.4.14", "0.74.3", "2.99.0-rc.1"} {
		if got, ok := versionOf(version.Must(version.NewVersion(old))); ok {
			t.Errorf("%s was taken for a %s", old, got.since)
		}
	}
}

// The table is in order, and each version with a cell of its own is a column.
func TestCallTable(t *testing.T) {
	t.Parallel()
	order := func(since string) int { return slices.Index(releases(), since) }
	for q, row := range callTable() {
		if row.name == "" || len(row.cells) == 0 || row.cells[0].calls == nil {
			t.Errorf("question %d has no name, or no call in any version: %v", q, row)
		}
		for i, c := range row.cells {
			if order(c.since) < 0 || i > 0 && order(c.since) <= order(row.cells[i-1].since) {
				t.Errorf("%s: %s is no release, or stands in the wrong place", row.name, c.since)
			}
		}
	}
	for _, span := range traitTable() {
		if since, until := release(numbers(t, span.since)), span.until; until != "" && !since.before(until) {
			t.Errorf("%s: since %s, until %s", span.text, span.since, until)
		}
	}
}

func numbers(t *testing.T, text string) []int {
	t.Helper()
	v, err := version.NewVersion(text)
	if err != nil {
		t.Fatal(err)
	}
	return v.Segments()
}

// A5: cloud:registerWorkspace is a one-way notice that can destroy a registration. No version may be asked it.
func TestA5RegisterWorkspaceIsNeverCalled(t *testing.T) {
	t.Parallel()
	asked := 0
	for _, row := range callTable() {
		for _, cell := range row.cells {
			for _, c := range cell.calls {
				asked++
				if strings.Contains(c.name, "registerWorkspace") {
					t.Errorf("%s asks %q by %s", cell.since, row.name, c)
				}
			}
		}
	}
	if asked == 0 {
		t.Error("the table is empty")
	}
}

// TestArchitecture compares the tables in docs/architecture.md with the ones in versions.go; with -update it writes them.
func TestArchitecture(t *testing.T) {
	t.Parallel()
	const path, begin, end = "docs/architecture.md", "<!-- versions.go -->\n", "<!-- end of versions.go -->\n"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, opened := strings.Cut(string(text), begin)
	tables, after, closed := strings.Cut(rest, end)
	if !opened || !closed {
		t.Fatalf("%s has no place for the tables, between %q and %q", path, begin, end)
	}
	want := "\n" + callsInMarkdown() + "\n" + traitsInMarkdown() + "\n"
	if *update {
		if err := os.WriteFile(path, []byte(before+begin+want+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if tables != want {
		t.Errorf("the tables are out of date, write them with: go test -run TestArchitecture -update .\ngot %s\nwant %s", tables, want)
	}
}

// callsInMarkdown shows the first call of each cell; an arrow stands for "as before".
func callsInMarkdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "| question | %s |\n|---|%s\n", strings.Join(releases(), " | "), strings.Repeat("---|", len(releases())))
	for _, row := range callTable() {
		fmt.Fprintf(&b, "| %s |", row.name)
		last := ""
		for _, since := range releases() {
			first := "–"
			if calls := row.at(release(version.Must(version.NewVersion(since)).Segments())); calls != nil {
				first = "`" + strings.TrimPrefix(calls[0].String(), "method ") + "`"
			}
			if first == last && first != "–" {
				first = "←"
			} else {
				last = first
			}
			fmt.Fprintf(&b, " %s |", first)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func traitsInMarkdown() string {
	var b strings.Builder
	b.WriteString("| what else differs | from | up to, without |\n|---|---|---|\n")
	for _, span := range traitTable() {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", span.text, span.since, span.until)
	}
	return b.String()
}
