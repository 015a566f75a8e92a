package cli_test

import (
	"strings"
	"testing"

	"github.com/rcreg/registration/registrationtest"
)

// betterLicense puts a license in force that has a module which the Cloud's has not.
func (s *site) betterLicense() {
	s.t.Helper()
	text, err := s.fake.Cloud().License(registrationtest.LicenseSpec{Modules: []string{"scalability"}})
	if err != nil {
		s.t.Fatal(err)
	}
	s.must(0, "license", "apply", "--file", s.file(text))
}

// TestConsentToAWorseLicense: every command that ends a registration refuses to replace a better license, names --replace-license, which it takes itself, and spends
// nothing again with it.
func TestConsentToAWorseLicense(t *testing.T) {
	t.Parallel()
	for command, prepare := range map[string]func(s *site){
		registerByRelay: func(*site) {},
		"resume --via relay --output json": func(s *site) {
			s.must(3, strings.Fields("register --via relay --email ops@example.com")...)
			s.confirm()
		},
		"register --via relay --email ops@example.com --output json": func(s *site) {
			s.must(3, strings.Fields("register --via relay --email ops@example.com")...)
			s.confirm()
		},
		"register --via offline --exchange EXCHANGE --output json": func(s *site) { s.byConsole(s.request(offlineRequest)) },
		"resume --via offline --exchange EXCHANGE --output json":   func(s *site) { s.byConsole(s.request(offlineRequest)) },
		offlineApply: func(s *site) { s.byConsole(s.request(offlineRequest)) },
	} {
		t.Run(command, func(t *testing.T) {
			t.Parallel()
			for _, version := range []string{"6.13.0", "9.0.0"} {
				s := newRelay(t, version)
				s.betterLicense()
				prepare(s)
				refused := s.expect(1, command)
				if e := refused.Error; e.Kind != "license_worse" || !strings.Contains(e.Message, "it lacks scalability") || !strings.Contains(e.Advice, "run the same command again with --replace-license") {
					t.Errorf("%s: refused with %+v", version, e)
				}
				if got := s.expect(0, "status --output json"); got.Status.State != "unregistered" {
					t.Errorf("%s: it was handed over: %+v", version, got)
				}
				got := s.expect(0, command+" --replace-license")
				if got.After.State != "registered" || !strings.Contains(strings.Join(got.Notes, "\n"), "modules scalability") {
					t.Errorf("%s: %+v", version, got)
				}
				if known := s.fake.Cloud().Workspaces(); len(known) != 1 {
					t.Errorf("%s: the Cloud knows %d workspaces", version, len(known))
				}
			}
		})
	}
}
