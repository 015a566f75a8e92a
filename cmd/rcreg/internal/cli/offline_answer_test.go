package cli_test

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rcreg/registration/registrationtest"
)

// An answer may come as a text: mailed, typed, or scanned.
func TestAnswerAsText(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]func(*site, string) string{
		"code": func(s *site, id string) string { code := s.code(id); return code[:40] + "\n" + code[40:] + "\n" },
		"courier's file": func(s *site, id string) string {
			carry(s.t, s.exchange, s.courier.exchange)
			s.courier.must(0, "courier", "run", "--exchange", s.courier.exchange, "--tokens-file", s.courier.file("* "+s.fake.Cloud().IssueToken()))
			text, err := os.ReadFile(filepath.Join(s.courier.exchange, "answers", id+".json"))
			if err != nil {
				s.t.Fatal(err)
			}
			return string(text)
		},
	} {
		for _, from := range []string{"stdin", "file"} {
			t.Run(name+" from "+from, func(t *testing.T) {
				t.Parallel()
				s := newSite(t, "6.13.0")
				answer := text(s, s.request(offlineRequest))
				path := "-"
				if from == "file" {
					path = s.file(answer)
				}
				s.system.Stdin = strings.NewReader(answer)
				if got := s.expect(0, offlineApply+" --answer "+path); got.After.State != "registered" {
					t.Errorf("%+v", got)
				}
				s.isDone()
				for exit, text := range map[int]string{0: answer, 2: "RCV3_another"} {
					s.system.Stdin = strings.NewReader(text)
					if got := s.expect(exit, offlineApply+" --answer -"); got.Changed {
						t.Errorf("again: %+v", got)
					}
				}
			})
		}
	}
}

// What is no answer to the request is refused: nothing is handed over, and nothing is quoted.
func TestRefusedAnswer(t *testing.T) {
	t.Parallel()
	other := base64.StdEncoding.EncodeToString([]byte(`{"client_id":"client-1","client_secret":"SECRET-OF-SOMEBODY"}`))
	for name, answer := range map[string]string{"incomplete": other, "cut off": other[:50], "no code": "what is this", "empty": " \n", "another file": `{"format":"rcreg-exchange"}`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, "9.0.0")
			id := s.request(offlineRequest)
			s.system.Stdin = strings.NewReader(answer)
			if got := s.expect(1, offlineApply+" --answer -"); got.Error.Kind != "invalid_grant" || got.Error.Advice == "" || got.Error.Workspace == "" {
				t.Errorf("as a text: %+v", got)
			}
			s.save(id+".txt", answer)
			if got := s.expect(0, offlineStatus).Requests; len(got) != 1 || got[0].Answer != "refused" || got[0].Error == "" {
				t.Errorf("status: %+v", got)
			}
			if got := s.expect(1, offlineApply); got.Error.Kind != "invalid_grant" || strings.Contains(got.Error.Message, "SECRET") {
				t.Errorf("in the folder: %+v", got)
			}
			for _, asked := range s.fake.History() {
				if strings.Contains(asked.Path, "manualRegister") {
					t.Error("it was handed over")
				}
			}
		})
	}
}

// A license comes over the gap as a registration does, from a courier that kept the grant or from a person.
func TestLicenseAcrossTheGap(t *testing.T) {
	t.Parallel()
	s := newSite(t, "9.0.0")
	if got := s.expect(1, licenseRequest); got.Error.Kind != "not_registered" {
		t.Errorf("unregistered: %+v", got)
	}
	s.byCourier(s.request(offlineRequest))
	s.expect(0, offlineApply)
	for _, c := range []struct {
		ask, apply string
		answer     func(string)
	}{
		{licenseRequest, licenseRequest, s.byCourier},
		{"sync --via offline --exchange EXCHANGE --output json", offlineApply, func(id string) {
			text, err := s.fake.Cloud().License(registrationtest.LicenseSpec{})
			if err != nil {
				t.Fatal(err)
			}
			s.save(id+".txt", text)
		}},
	} {
		c.answer(s.request(c.ask))
		if got := s.expect(0, c.apply); got.License == nil || got.License.After.State != "in-force" || got.After.State != "registered" {
			t.Errorf("%s: %+v", c.ask, got)
		}
		s.isDone()
	}
}
