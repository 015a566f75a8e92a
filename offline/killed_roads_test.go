package offline_test

import "testing"

// The folders change in the same way for every version, so that one version is killed at each step, and the others at each request.
const everyStepOf = "6.13.0"

func otherVersions() []string { return []string{"3.0.0", "5.4.0", "9.0.0"} }

// eachVersionOf kills at each step of one version, and at each request of the others.
func eachVersionOf(t *testing.T, k killing) {
	t.Helper()
	k.everyStep = true
	k.atEachStep(t, everyStepOf)
	k.everyStep = false
	for _, v := range otherVersions() {
		k.atEachStep(t, v)
	}
}

// TestKilledRelay loses a token only between the Cloud's reply and the moment in which the grant is kept: then the Cloud has spent it, and the process that
// knew the grant is gone. The next run says so.
func TestKilledRelay(t *testing.T) {
	t.Parallel()
	lost := loss{exitTokenUsed, 2}.at("after POST clients",
		"make pending/grants", "create in pending/grants", "write in pending/grants", "half written in pending/grants", "rename in pending/grants")
	t.Run("whole grant", func(t *testing.T) {
		t.Parallel()
		eachVersionOf(t, killing{trial: trial{Road: byRelay}, lost: lost})
	})
	t.Run("grant without a licence", func(t *testing.T) {
		t.Parallel()
		killing{trial: trial{Road: byRelay, WithoutLicense: true}, lost: lost, everyStep: true}.atEachStep(t, everyStepOf)
	})
}

// TestKilledEmail loses nothing, since this Cloud gives a confirmed grant as often as it is asked for it.
func TestKilledEmail(t *testing.T) {
	t.Parallel()
	eachVersionOf(t, killing{trial: trial{Road: byEmail}})
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
		return []string{"make " + in, "create in " + in, "write in " + in, "half written in " + in, "rename in " + in}
	}
	t.Run("whole grant", func(t *testing.T) {
		t.Parallel()
		eachVersionOf(t, killing{trial: trial{Road: overAGap}, lost: lost(answer...)})
	})
	t.Run("grants are kept", func(t *testing.T) {
		t.Parallel()
		k := killing{trial: trial{Road: overAGap, KeepGrants: true}, lost: lost(append(grant("ledger/grants"), answer...)...), everyStep: true}
		k.atEachStep(t, everyStepOf)
	})
	t.Run("grant without a licence", func(t *testing.T) {
		t.Parallel()
		k := killing{trial: trial{Road: overAGap, WithoutLicense: true}, lost: lost(grant("ledger/unfinished")...), everyStep: true}
		k.atEachStep(t, everyStepOf)
	})
}
