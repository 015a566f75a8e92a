package release

import "testing"

// Every trait has releases, and the spans of the contract begin and end where it says.
func TestTraits(t *testing.T) {
	t.Parallel()
	for trait := range traits {
		if len(table()[trait]) == 0 {
			t.Errorf("trait %d is in no release", trait)
		}
	}
	if traits > 64 {
		t.Errorf("%d traits, more than a release has bits", traits)
	}
	for _, test := range []struct {
		trait   Trait
		with    []string
		without []string
	}{
		{NewRouter, []string{"7.6.0", "7.7.1", "9.0.0"}, []string{"6.13.0", "7.3.9", "7.5.0"}},
		{RESTLimits, []string{"3.0.0", "7.5.9", "7.9.0"}, []string{"7.6.0", "7.8.9"}},
		{FailedMethods400, []string{"8.0.0"}, []string{"7.13.0"}},
		{BodySchemas, []string{"7.0.0-develop", "8.10.0"}, []string{"6.13.9"}},
		{CoercedBodies, []string{"7.0.0", "7.7.1", "8.6.0"}, []string{"8.3.0", "8.5.9"}},
		{StatusByPermission, []string{"8.1.0"}, []string{"8.0.9"}},
		{
			FingerprintGuarded,
			[]string{"7.10.13", "7.13.9", "8.0.7", "8.2.6", "8.3.6", "8.4.4", "8.5.1", "8.6.0"},
			[]string{"6.5.0", "7.10.12", "7.11.0", "8.0.6", "8.1.9", "8.3.5", "8.4.3", "8.5.0"},
		},
		{OfflineLicenses, []string{"8.7.0", "8.10.0"}, []string{"8.6.1"}},
		{Forbidden, []string{"9.0.0-rc.3"}, []string{"8.10.0"}},
	} {
		for _, version := range test.with {
			if !MustParse(version).Has(test.trait) {
				t.Errorf("%s has no trait %d", version, test.trait)
			}
		}
		for _, version := range test.without {
			if MustParse(version).Has(test.trait) {
				t.Errorf("%s has the trait %d", version, test.trait)
			}
		}
	}
}
