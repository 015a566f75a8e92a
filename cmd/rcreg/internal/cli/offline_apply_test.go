package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rcreg/registration/registrationtest"
)

// What could not be archived, since the stick failed in that moment, is archived by the next run, and nothing is handed over twice.
func TestArchiveLater(t *testing.T) {
	t.Parallel()
	s := newSite(t, "6.13.0")
	id := s.request(offlineRequest)
	s.byConsole(id)
	inTheWay := filepath.Join(s.exchange, "archive")
	if err := os.WriteFile(inTheWay, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := s.expect(0, offlineApply); got.After.State != "registered" || len(got.Notes) < 2 {
		t.Errorf("applied: %+v", got)
	}
	if got := s.expect(0, offlineStatus).Requests; len(got) != 1 || got[0].Answer != "applied" {
		t.Errorf("not archived: %+v", got)
	}
	if got := s.expect(0, offlineApply); got.Changed || !strings.Contains(strings.Join(got.Notes, " "), "cannot be archived") {
		t.Errorf("still in the way: %+v", got)
	}
	if err := os.Remove(inTheWay); err != nil {
		t.Fatal(err)
	}
	if got := s.expect(0, offlineApply); got.Changed || !strings.Contains(strings.Join(got.Notes, " "), "archived now") {
		t.Errorf("archived: %+v", got)
	}
	s.isDone()
}

// A registration and a license may wait at the same time: a workspace that was removed in the Cloud had asked for a license before.
func TestApplyBoth(t *testing.T) {
	t.Parallel()
	for name, answered := range map[string]bool{"both answered": true, "the license still waits": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, "6.13.0")
			s.register()
			license := s.request(licenseRequest)
			removed(s.bench)
			s.must(1, "sync")
			registration := s.request(offlineRequest)
			s.byConsole(registration)
			if answered {
				text, err := s.fake.Cloud().License(registrationtest.LicenseSpec{})
				if err != nil {
					t.Fatal(err)
				}
				s.save(license+".txt", text)
			}
			got := s.expect(0, offlineApply)
			if got.After.State != "registered" || (got.License != nil) != answered {
				t.Errorf("%+v", got)
			}
			if left := s.expect(0, offlineStatus).Requests; (len(left) == 0) != answered {
				t.Errorf("left: %+v", left)
			}
			if waits := strings.Contains(strings.Join(got.Notes, " "), "still waits"); waits == answered {
				t.Errorf("notes: %q", got.Notes)
			}
		})
	}
}
