package advice_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/advice"
)

var (
	// inCode finds what only a program can use: a qualified name, an option, a name of two words.
	inCode = regexp.MustCompile(`\b[a-z]+\.[A-Z]\w*|\b(With|Opened)[A-Z]\w*|\b[A-Z][a-z]+[A-Z]\w*`)
	// names are words of the field that look like names of code.
	names = regexp.MustCompile(`Rocket\.Chat|HTTPS_PROXY|SSL_CERT_FILE|GitHub`)
	// inFlags finds what only a command line can use.
	inFlags = regexp.MustCompile(`--[a-z]|\brcreg\b|RCREG_`)
	// again finds another run, which is not needed where the workspace is looked at again by itself.
	again = regexp.MustCompile(`run the same command|run the operation`)
	// left finds what was not filled in.
	left = regexp.MustCompile(`[{}[\]]|  |%| $`)
)

// TestWords walks all acts × front ends: each has words in each, flags for command lines, and names of code for programs alone.
func TestWords(t *testing.T) {
	t.Parallel()
	acts := acts(t)
	if len(acts) < 80 {
		t.Fatalf("there are %d acts: the test looks for them in the wrong place", len(acts))
	}
	for _, act := range acts {
		if act == failure.InWords {
			continue
		}
		check(t, act, []failure.Remedy{{Act: act, With: "64f0c0ffee"}})
		if !slices.Contains([]failure.Act{failure.LetPass, failure.CorrectEntry, failure.UseTransport, failure.RegisterOver, failure.MakeClient}, act) { // they say with what
			check(t, act, []failure.Remedy{{Act: act}})
		}
	}
	for _, kind := range failure.All() {
		check(t, failure.Act(kind.Name()), kind.Remedies())
	}
}

func check(t *testing.T, what failure.Act, remedies []failure.Remedy) {
	t.Helper()
	program, commandLine := advice.InGo(remedies), advice.InFlags(remedies)
	if watched := advice.WhileWatched(remedies); watched == "" || left.MatchString(watched) || again.MatchString(watched) {
		t.Errorf("%s has no words for who watches: %q", what, watched)
	}
	switch {
	case program == "" || commandLine == "" || left.MatchString(program+commandLine):
		t.Errorf("%s has no whole words: %q and %q", what, program, commandLine)
	case inFlags.MatchString(program):
		t.Errorf("%s names a flag to a program: %q", what, program)
	case inCode.MatchString(names.ReplaceAllString(commandLine, "")):
		t.Errorf("%s names code at a command line: %q", what, commandLine)
	}
}

// acts are the acts that package failure declares.
func acts(t *testing.T) []failure.Act {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../../failure/act.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var found []failure.Act
	ast.Inspect(file, func(node ast.Node) bool {
		if spec, ok := node.(*ast.ValueSpec); ok {
			for _, value := range spec.Values {
				text, err := strconv.Unquote(value.(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				found = append(found, failure.Act(text))
			}
		}
		return true
	})
	return found
}

func TestSeveralWays(t *testing.T) {
	t.Parallel()
	for want, remedies := range map[string][]failure.Remedy{
		"": nil,
		"tidy up; or wait until 12:00, then run the operation again": {{Act: failure.InWords, With: "tidy up"}, {Act: failure.Wait, With: "12:00"}},
		"wait, then run the operation again":                         {{Act: failure.Wait}, {Act: "of_a_newer_version"}},
		"use the direct transport":                                   {{Act: failure.UseTransport, With: "direct"}},
	} {
		if got := advice.InGo(remedies); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	for want, given := range map[string][2]string{"": {}, "wait": {"wait", ""}, "nothing was sent": {"", "nothing was sent"}, "wait; nothing was sent": {"wait", "nothing was sent"}} {
		if got := advice.With(given[0], given[1]); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestFlagsOfATransport are complete: a command that is printed can be run.
func TestFlagsOfATransport(t *testing.T) {
	t.Parallel()
	for with, want := range map[string]string{
		"relay":   "run the same command again with --via relay",
		"offline": "run the same command again with --via offline --exchange FOLDER",
	} {
		if got := advice.InFlags([]failure.Remedy{{Act: failure.UseTransport, With: with}}); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
