package advice_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/advice"
)

// TestSteps are commands where an act is one, and sentences where it is not.
func TestSteps(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		remedies []failure.Remedy
		want     []advice.Step
	}{
		"nothing": {nil, nil},
		"two commands": {failure.Ways(failure.Register), []advice.Step{
			{Command: "rcreg register --token-file FILE", Text: "with a token from the Cloud console"}, {Command: "rcreg register --email ADDRESS", Text: "confirmed by a message"},
		}},
		"over files":     {failure.Way(failure.RegisterOver, "offline"), []advice.Step{{Command: "rcreg register --via offline --exchange FOLDER", Text: "writes a request, for a courier to carry"}}},
		"over a relay":   {failure.Way(failure.RegisterOver, "relay"), []advice.Step{{Command: "rcreg register --via relay --token-file FILE", Text: "with a token from the Cloud console"}}},
		"a transport":    {failure.Way(failure.Reconnect, "offline"), []advice.Step{{Command: "rcreg reconnect --via offline", Text: "needs no token"}}},
		"a sentence":     {failure.Ways(failure.ReadLog), []advice.Step{{Text: "read the server's log, then run the same command again"}}},
		"of a newer act": {failure.Ways("of_a_newer_version"), nil},
	} {
		if got := advice.Steps(tc.remedies); !slices.Equal(got, tc.want) {
			t.Errorf("%s: got %+v, want %+v", name, got, tc.want)
		}
	}
	for _, act := range acts(t) {
		for _, step := range advice.Steps(failure.Way(act, "relay")) {
			if step.Command != "" && !strings.HasPrefix(step.Command, "rcreg ") {
				t.Errorf("%s: %q is no command", act, step.Command)
			}
		}
	}
}
