package offline_test

import (
	"strings"
	"testing"
)

func everyStep(string) bool { return true }

// eachReply is for versions other than the first: what changes in the folders does not depend on the version.
func eachReply(step string) bool { return strings.HasPrefix(step, "after ") }

// eachStepOfTheCourier is for what makes a difference to the courier alone.
func eachStepOfTheCourier(step string) bool {
	return strings.HasSuffix(step, " POST clients") || strings.HasSuffix(step, " GET license") || strings.Contains(step, " ledger") || strings.Contains(step, "exchange/answers")
}

// eachVersion kills at every step of one version, and after each reply of the others.
func (k killing) eachVersion(t *testing.T) {
	t.Helper()
	k.isStep = everyStep
	k.killAll(t, "6.13.0")
	k.isStep = eachReply
	for _, v := range []string{"3.0.0", "5.4.0", "9.0.0"} {
		k.killAll(t, v)
	}
}

// TestKilledRelay loses a token only between the Cloud's reply and the moment in which the grant is kept: then the Cloud has spent it, and the process that
// knew the grant is gone. The next run says so.
func TestKilledRelay(t *testing.T) {
	t.Parallel()
	lost := loss{exitTokenUsed, 2}.at("after POST clients",
		"make pending/grants", "create in pending/grants", "write in pending/grants", "half written in pending/grants")
	t.Run("whole grant", func(t *testing.T) {
		t.Parallel()
		killing{trial: trial{Transport: byRelay}, lost: lost}.eachVersion(t)
	})
	t.Run("grant without a license", func(t *testing.T) {
		t.Parallel()
		killing{trial: trial{Transport: byRelay, WithoutLicense: true}, lost: lost, isStep: everyStep}.killAll(t, "6.13.0")
	})
}

// TestKilledEmail loses nothing, since this Cloud gives a confirmed grant as often as it is asked for it.
func TestKilledEmail(t *testing.T) {
	t.Parallel()
	killing{trial: trial{Transport: byEmail}}.eachVersion(t)
}

// TestKilledGap loses a token between the courier's note that it is about to be handed over, and the moment in which the answer or the grant is kept: the
// next courier cannot tell, not even that the token has not left yet, and leaves the decision to a person.
func TestKilledGap(t *testing.T) {
	t.Parallel()
	lost := func(until ...string) map[string]loss {
		steps := loss{exitOutcomeUnknown, 2}.at(append([]string{"after POST clients"}, until...)...)
		steps["before POST clients"] = loss{exitOutcomeUnknown, 1}
		return steps
	}
	answer := []string{"write in ledger (2)", "half written in ledger (2)"}
	grant := func(in string) []string {
		return []string{"make " + in, "create in " + in, "write in " + in, "half written in " + in}
	}
	t.Run("whole grant", func(t *testing.T) {
		t.Parallel()
		killing{trial: trial{Transport: overAGap}, lost: lost(answer...)}.eachVersion(t)
	})
	t.Run("grants are kept", func(t *testing.T) {
		t.Parallel()
		k := killing{trial: trial{Transport: overAGap, KeepGrants: true}, lost: lost(grant("ledger/unfinished")...), isStep: eachStepOfTheCourier}
		k.killAll(t, "6.13.0")
	})
	t.Run("grant without a license", func(t *testing.T) {
		t.Parallel()
		k := killing{trial: trial{Transport: overAGap, WithoutLicense: true}, lost: lost(grant("ledger/unfinished")...), isStep: eachStepOfTheCourier}
		k.killAll(t, "6.13.0")
	})
}
