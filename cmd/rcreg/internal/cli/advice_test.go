package cli_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cmd/rcreg/internal/cli"
	"github.com/rcreg/registration/fleet"
)

// codeName finds what only a program can use.
var codeName = regexp.MustCompile(`\bWith[A-Z]\w*|\bGrantsIn\b|\bLicensesWith\b|\bForgetIdentity\b|\b(cloud|fleet|offline|registration|workspace)\.[A-Z]\w*`)

// libraryTexts are all texts of several words in the code of the packages that give advice: all advice, and more.
func libraryTexts(t *testing.T) []string {
	t.Helper()
	var texts []string
	for _, folder := range []string{".", "cloud", "fleet", "offline", "workspace"} {
		files, err := filepath.Glob(filepath.Join("../../../..", folder, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range files {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(node ast.Node) bool {
				if literal, ok := node.(*ast.BasicLit); ok && literal.Kind == token.STRING {
					if text, err := strconv.Unquote(literal.Value); err == nil && strings.Contains(text, " ") {
						texts = append(texts, text)
					}
				}
				return true
			})
		}
	}
	return texts
}

// Whatever the library advises, and whatever the failure: what is printed names flags, and nothing that only a program can use.
func TestAdviceNamesFlags(t *testing.T) {
	t.Parallel()
	texts := libraryTexts(t)
	inCode := 0
	for _, advice := range texts {
		if codeName.MatchString(advice) {
			inCode++
		}
		for _, kind := range []error{
			nil, registration.ErrInvalidInput, registration.ErrUnsupported, registration.ErrTwoFactorRequired, registration.ErrInvalidGrant, registration.ErrRejected,
			registration.ErrNotRegistered, registration.ErrOutcomeUnknown, fleet.ErrNoTokens,
		} {
			failed := &registration.Error{Op: "sync", Kind: kind, Err: errors.New("a cause"), Advice: advice}
			for printed, text := range cli.Advice(fmt.Errorf("wrapped: %w", failed), advice) {
				if found := codeName.FindString(text); found != "" || text == "" {
					t.Errorf("%s of %v: %q names %s", printed, kind, text, found)
				}
			}
		}
	}
	if len(texts) < 300 || inCode < 8 {
		t.Errorf("there are %d texts, %d of them with names of code: the test looks for them in the wrong place", len(texts), inCode)
	}
}

// Nobody types a code for each workspace of a fleet.
func TestFleetAdviceOfSecondFactors(t *testing.T) {
	t.Parallel()
	advice := cli.Advice(&registration.Error{Kind: registration.ErrTwoFactorRequired, Advice: "give a code"}, "give a code")
	if !strings.Contains(advice["one"], "RCREG_2FA_CODE") || !strings.Contains(advice["fleet"], "personal access token") {
		t.Errorf("%q", advice)
	}
}

// A relay without the grant of a registration refreshes no license: the advice is the same for one workspace and for a fleet, in each form.
func TestFleetAdviceOfRelays(t *testing.T) {
	t.Parallel()
	b := newFleetBench(t, 10)
	b.edit("fleet.yaml", "{name: w00007,", "{name: w00007, via: relay,")
	b.line("register --file LIST --tokens POOL --state DIR/relay")
	for _, output := range []string{"text", "json", "csv"} {
		got := b.line("sync --file LIST --state DIR/relay --report DIR/fleet.html --output " + output)
		if got.exit != 1 || !strings.Contains(got.stdout, "--keep-grants") || codeName.MatchString(got.stdout+got.stderr) {
			t.Errorf("exit %d: %s%s", got.exit, got.stdout, got.stderr)
		}
	}
	if page := b.read("fleet.html"); !strings.Contains(page, "--keep-grants") || codeName.MatchString(page) {
		t.Error("the report speaks of code, or gives no advice")
	}
}
