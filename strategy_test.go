package registration

import (
	"strings"
	"testing"

	"github.com/hashicorp/go-version"
)

func TestChoose(t *testing.T) {
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
			got, ok := choose(version.Must(version.NewVersion(tc.version)))
			if !ok || got.since != tc.since || got.newer != tc.newer {
				t.Errorf("got since %s, newer %v, %v; want %s, %v", got.since, got.newer, ok, tc.since, tc.newer)
			}
		})
	}
	for _, old := range []string{"2.4.14", "0.74.3", "2.99.0-rc.1"} {
		if got, ok := choose(version.Must(version.NewVersion(old))); ok {
			t.Errorf("%s was given the strategy of %s", old, got.since)
		}
	}
}

// A5: cloud:registerWorkspace is a one-way notice that can destroy a registration. No version may be asked it.
func TestA5RegisterWorkspaceIsNeverARoad(t *testing.T) {
	t.Parallel()
	asked := 0
	for _, s := range strategies() {
		for _, q := range s.questions() {
			for _, c := range q.road {
				asked++
				if strings.Contains(c.name, "registerWorkspace") {
					t.Errorf("%s asks %q by %s", s.since, q.name, c)
				}
			}
		}
	}
	if asked == 0 {
		t.Error("no strategy has a road")
	}
}
