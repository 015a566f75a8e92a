package labels_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/rcreg/registration/internal/labels"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		selected []string
		want     map[string]string
		wrong    string
	}{
		"none":            {nil, map[string]string{}, ""},
		"two":             {[]string{"tier=gold", "zone=eu=1"}, map[string]string{"tier": "gold", "zone": "eu=1"}, ""},
		"an empty value":  {[]string{"tier="}, map[string]string{"tier": ""}, ""},
		"the same twice":  {[]string{"tier=gold", "tier=gold"}, map[string]string{"tier": "gold"}, ""},
		"without a value": {[]string{"gold"}, nil, "gold"},
		"without a label": {[]string{"=gold"}, nil, "=gold"},
		"two values":      {[]string{"tier=gold", "tier=iron"}, nil, "tier=iron"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := labels.Parse(tc.selected)
			var wrong *labels.Error
			if errors.As(err, &wrong) != (tc.wrong != "") || wrong != nil && wrong.Text != tc.wrong || !maps.Equal(got, tc.want) {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add("tier=gold", "zone=")
	f.Add("=", "a=b=c")
	f.Fuzz(func(t *testing.T, one, two string) {
		got, err := labels.Parse([]string{one, two})
		if err != nil {
			return
		}
		for _, text := range []string{one, two} {
			label, value, _ := strings.Cut(text, "=")
			if found, ok := got[label]; !ok || found != value {
				t.Errorf("%q is not in %v", text, got)
			}
		}
	})
}

func TestPairs(t *testing.T) {
	t.Parallel()
	if got := labels.Pairs(map[string]string{"tier": "gold", "region": ""}); !slices.Equal(got, []string{"region=", "tier=gold"}) || len(labels.Pairs(nil)) != 0 {
		t.Errorf("%q", got)
	}
}
