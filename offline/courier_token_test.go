package offline

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/rcreg/registration/cloud"
)

// TestErrorsOfTheCloud says what each means for the token at the next runs.
func TestErrorsOfTheCloud(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		err               error
		first, same, next Outcome // with the token, with it again, with a new one
	}{
		{cloud.ErrUnreachable, Failed, Answered, AnsweredBefore},
		{cloud.ErrRateLimited, Failed, Answered, AnsweredBefore},
		{cloud.ErrInvalidArgument, Failed, Answered, AnsweredBefore},
		{cloud.ErrRefused, Unknown, Unknown, Answered}, // for no reason that it is known to have
		{cloud.ErrInvalidToken, Refused, Refused, Answered},
		{cloud.ErrTokenUsed, Refused, Refused, Answered},
		{cloud.ErrOutcomeUnknown, Unknown, Unknown, Answered},
		{cloud.ErrBadReply, Unknown, Unknown, Answered}, // not the Cloud's own refusal
		{errors.Join(cloud.ErrOutcomeUnknown, cloud.ErrBadReply), Unknown, Unknown, Answered},
		{errors.Join(cloud.ErrOutcomeUnknown, cloud.ErrUnreachable), Unknown, Unknown, Answered},
		{context.Canceled, Unknown, Unknown, Answered},
		{errors.New("something else"), Unknown, Unknown, Answered},
	} {
		t.Run(tt.err.Error(), func(t *testing.T) {
			t.Parallel()
			g := newGap(t)
			ask(t, g, 1)
			g.cloud.exchange = func(string, cloud.Grant) (cloud.Grant, error) { return cloud.Grant{}, fmt.Errorf("call: %w", tt.err) }
			items := g.run(t, "unique-1 token-1")
			if items[0].Outcome != tt.first || !errors.Is(items[0].Err, tt.err) {
				t.Errorf("first %v", items)
			}
			if tt.first == Unknown && !errors.Is(items[0].Err, ErrOutcomeUnknown) {
				t.Errorf("unknown is %v", items[0].Err)
			}
			g.cloud.exchange = nil
			if got := g.run(t, "unique-1 token-1"); got[0].Outcome != tt.same {
				t.Errorf("with the same token %v", got)
			}
			if got := g.run(t, "unique-1 token-2"); got[0].Outcome != tt.next {
				t.Errorf("with a new token %v", got)
			}
			counts := map[string]int{}
			for _, token := range g.cloud.tokens() {
				counts[token]++
			}
			if counts["token-1"] != 1 && tt.first != Failed || counts["token-2"] > 1 {
				t.Errorf("spent %v", counts)
			}
		})
	}
}

// TestOneTokenForTwoRequests never spends it twice, not even for the same workspace.
func TestOneTokenForTwoRequests(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	first := ask(t, g, 1)
	g.run(t, "unique-1 token-1")
	must(t, g.requester.Withdraw(first.ID()))
	ask(t, g, 1)
	items := g.run(t, "unique-1 token-1")
	if len(items) != 1 || !errors.Is(items[0].Err, ErrTokenSpent) || items[0].Outcome != Failed {
		t.Errorf("%v", items)
	}
	if spent := g.cloud.tokens(); len(spent) != 1 {
		t.Errorf("spent %v", spent)
	}
}

// TestASharedToken may serve many workspaces, but no request twice.
func TestASharedToken(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	ask(t, g, 1)
	ask(t, g, 2)
	ask(t, g, 3)
	g.cloud.exchange = func(_ string, grant cloud.Grant) (cloud.Grant, error) {
		if grant.WorkspaceID == "ws-3" {
			return cloud.Grant{}, cloud.ErrOutcomeUnknown
		}
		return grant, nil
	}
	want := map[string]Outcome{"unique-1": Answered, "unique-2": Answered, "unique-3": Unknown}
	if got := outcomes(g.run(t, "* shared")); !equalOutcomes(got, want) {
		t.Errorf("the first run: %v", got)
	}
	// A new shared token is nobody's decision about this workspace.
	want = map[string]Outcome{"unique-1": AnsweredBefore, "unique-2": AnsweredBefore, "unique-3": Unknown}
	for _, tokens := range []string{"* shared", "* other", "unique-3 own", "unique-3 own\n* other"} {
		if got := outcomes(g.run(t, tokens)); !equalOutcomes(got, want) {
			t.Errorf("with %q: %v", tokens, got)
		}
	}
	if got := outcomes(g.run(t, "* again")); got["unique-3"] != Unknown {
		t.Errorf("once in doubt: %v", got)
	}
	if spent := g.cloud.tokens(); len(spent) != 4 {
		t.Errorf("spent %v", spent)
	}
}

// TestDoubtStays until a person names a token for the workspace: one that certainly was not spent does not end the doubt about an earlier one.
func TestDoubtStays(t *testing.T) {
	t.Parallel()
	type step struct {
		tokens string
		reply  error
		want   Outcome
	}
	for name, steps := range map[string][]step{
		"not spent": {{"* shared", cloud.ErrUnreachable, Failed}, {"* shared", nil, Answered}},
		"in doubt": {
			{"* shared", cloud.ErrOutcomeUnknown, Unknown}, {"unique-1 own", cloud.ErrUnreachable, Failed}, {"* shared", nil, Unknown}, {"unique-1 third", nil, Answered},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGap(t)
			ask(t, g, 1)
			for _, step := range steps {
				g.cloud.exchange = func(_ string, grant cloud.Grant) (cloud.Grant, error) { return grant, step.reply }
				if items := g.run(t, step.tokens); items[0].Outcome != step.want {
					t.Errorf("with %q: %v", step.tokens, items)
				}
			}
		})
	}
}

func equalOutcomes(a, b map[string]Outcome) bool {
	for key, outcome := range b {
		if a[key] != outcome {
			return false
		}
	}
	return len(a) == len(b)
}
