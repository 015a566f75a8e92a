package failure_test

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/rcreg/registration/failure"
)

// decision is what an operation has found.
type decision struct {
	kind     *failure.Kind
	remedies []failure.Remedy
	cause    error
}

func (d *decision) Error() string                              { return "decided" }
func (d *decision) Failure() (*failure.Kind, []failure.Remedy) { return d.kind, d.remedies }
func (d *decision) Unwrap() []error {
	var all []error
	if d.kind != nil {
		all = append(all, d.kind)
	}
	if d.cause != nil {
		all = append(all, d.cause)
	}
	return all
}

// informed is a cause that knows its ways out.
type informed struct {
	*failure.Kind

	ways []failure.Remedy
}

func (i informed) Unwrap() error             { return i.Kind }
func (i informed) WaysOut() []failure.Remedy { return i.ways }

func TestMeaning(t *testing.T) {
	t.Parallel()
	tidy := []failure.Remedy{{Act: failure.InWords, With: "tidy up"}}
	for name, tc := range map[string]struct {
		err       error
		kind      *failure.Kind
		called    string
		temporary bool
		first     failure.Act
	}{
		"nothing":                              {nil, nil, "", false, ""},
		"something else":                       {errors.New("x"), failure.Other, "failed", false, failure.ShowCalls},
		"a kind":                               {failure.Unauthorized, failure.Unauthorized, "unauthorized", false, failure.FixCredentials},
		"a wrapped one":                        {fmt.Errorf("x: %w", failure.CloudUnreachable), failure.CloudUnreachable, "cloud_unreachable", true, failure.ReachCloud},
		"a narrower one":                       {failure.InvalidToken, failure.InvalidToken, "rejected", false, failure.NewToken},
		"one with a name of its own":           {failure.CannotOpen, failure.CannotOpen, "cannot_open", false, failure.NameKey},
		"a deadline":                           {fmt.Errorf("x: %w", context.DeadlineExceeded), failure.Timeout, "timeout", true, failure.GiveMoreTime},
		"a full disk":                          {fmt.Errorf("x: %w", syscall.ENOSPC), failure.NoSpace, "no_space", false, failure.MakeRoom},
		"a deadline above a lost one":          {errors.Join(failure.ReplyLost, context.DeadlineExceeded), failure.Timeout, "timeout", true, failure.GiveMoreTime},
		"stopped, and its reply lost":          {errors.Join(context.Canceled, failure.ReplyLost), failure.Interrupted, "interrupted", true, failure.RunAgain},
		"decided":                              {&decision{failure.Rejected, nil, failure.ReplyLost}, failure.Rejected, "rejected", false, failure.NewToken},
		"decided, of a narrower cause":         {&decision{failure.Rejected, nil, failure.InvalidDeviceCode}, failure.Rejected, "rejected", false, failure.StartByEmail},
		"half an answer":                       {&decision{failure.AnswerCutOff, nil, failure.Truncated}, failure.AnswerCutOff, "invalid_grant", true, failure.CopyAnswer},
		"another answer":                       {&decision{failure.InvalidGrant, nil, failure.Used}, failure.InvalidGrant, "invalid_grant", false, failure.AnswerThisOnly},
		"with ways out of its own":             {&decision{failure.Rejected, tidy, failure.InvalidToken}, failure.Rejected, "rejected", false, failure.InWords},
		"decided, of a cause that comes first": {&decision{failure.Unauthorized, nil, failure.NotRocketChat}, failure.Unauthorized, "unauthorized", false, failure.FixCredentials},
		"informed":                             {fmt.Errorf("x: %w", informed{failure.Forbidden, tidy}), failure.Forbidden, "forbidden", false, failure.InWords},
		"informed of nothing":                  {informed{failure.Forbidden, nil}, failure.Forbidden, "forbidden", false, failure.AskPermission},
		"informed of another failure":          {&decision{failure.Rejected, nil, informed{failure.Forbidden, tidy}}, failure.Rejected, "rejected", false, failure.NewToken},
		"nothing decided":                      {&decision{nil, nil, failure.ServerFailed}, failure.ServerFailed, "workspace_failed", true, failure.ReadLog},
		"nothing decided but the ways":         {fmt.Errorf("x: %w", &decision{nil, tidy, failure.NotSent}), failure.NotSent, "unreachable", true, failure.InWords},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kind, ways := failure.KindOf(tc.err), failure.Remedies(tc.err)
			var first failure.Act
			if len(ways) > 0 {
				first = ways[0].Act
			}
			if kind != tc.kind || kind.Name() != tc.called || failure.Temporary(tc.err) != tc.temporary || first != tc.first {
				t.Errorf("got %v, named %q, temporary %v, and %q", kind, kind.Name(), failure.Temporary(tc.err), first)
			}
		})
	}
}

// A narrower kind is found as a broader one too, and never the other way round.
func TestNarrowerKinds(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		is, target error
		want       bool
	}{
		{failure.TwoFactorInvalid, failure.TwoFactorRequired, true},
		{failure.TwoFactorRequired, failure.TwoFactorInvalid, false},
		{failure.Closed, failure.Used, true},
		{failure.Closed, failure.InvalidInput, true},
		{failure.Closed, failure.InvalidGrant, true},
		{failure.Used, failure.InvalidInput, false},
		{failure.Used, errors.New("x"), false},
	} {
		if got := errors.Is(fmt.Errorf("x: %w", tc.is), tc.target); got != tc.want {
			t.Errorf("%v is %v: %v", tc.is, tc.target, got)
		}
	}
	if got := failure.Closed.Broadest(); got != failure.InvalidInput {
		t.Errorf("the broadest of a closed request is %v", got)
	}
	if none := (*failure.Kind)(nil); none.Broadest() != nil || none.Remedies() != nil {
		t.Error("no kind has a broader one, or ways out")
	}
	if got := failure.Refused.Broadest(); got != failure.Refused {
		t.Errorf("the broadest of a refusal is %v", got)
	}
}

// Every kind has a name for scripts, words, and a way out; and a name leads back to a kind of that name.
func TestKindsAreWhole(t *testing.T) {
	t.Parallel()
	seen := map[*failure.Kind]bool{}
	for _, kind := range failure.All() {
		if seen[kind] || kind.Name() == "" || kind.Error() == "" || len(kind.Remedies()) == 0 || failure.Named(kind.Name()).Name() != kind.Name() {
			t.Errorf("%v, named %q, with %v", kind, kind.Name(), kind.Remedies())
		}
		seen[kind] = true
	}
	if got := failure.Named("of_a_newer_version"); got != failure.Other {
		t.Errorf("an unknown name is %v", got)
	}
}

// A kind that All leaves out would be found by nobody.
func TestAllHasEveryKind(t *testing.T) {
	t.Parallel()
	listed, declared := names(t, "all.go"), 0
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ".go") || strings.HasSuffix(entry.Name(), "_test.go") {
			continue
		}
		for name := range kinds(t, entry.Name()) {
			declared++
			if !listed[name] {
				t.Errorf("All leaves out %s", name)
			}
		}
	}
	if declared != len(failure.All()) {
		t.Errorf("%d kinds are declared, All has %d", declared, len(failure.All()))
	}
}

func parse(t *testing.T, path string) *ast.File {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// names are all identifiers of a file.
func names(t *testing.T, path string) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	ast.Inspect(parse(t, path), func(node ast.Node) bool {
		if name, ok := node.(*ast.Ident); ok {
			found[name.Name] = true
		}
		return true
	})
	return found
}

// kinds are the variables of a file.
func kinds(t *testing.T, path string) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	for _, declared := range parse(t, path).Decls {
		group, ok := declared.(*ast.GenDecl)
		if !ok || group.Tok != token.VAR {
			continue
		}
		for _, spec := range group.Specs {
			for _, name := range spec.(*ast.ValueSpec).Names {
				found[name.Name] = true
			}
		}
	}
	return found
}
