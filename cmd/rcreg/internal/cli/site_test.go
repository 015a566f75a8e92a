package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	offlineRequest = "offline request --exchange EXCHANGE --output json"
	offlineStatus  = "offline status --exchange EXCHANGE --output json"
	offlineApply   = "offline apply --exchange EXCHANGE --output json"
	licenseRequest = "license request --exchange EXCHANGE --output json"
)

// site is a workspace behind an air gap, with the machine of a courier on the other side.
type site struct {
	*bench
	courier *bench
}

func newSite(t *testing.T, version string) *site {
	t.Helper()
	b := newBench(t, version)
	s := &site{bench: b, courier: emptyBench(t, b.system.Clock)}
	s.courier.env["RCREG_CLOUD_URL"] = b.fake.Cloud().URL()
	return s
}

// expect runs a command line that prints JSON.
func (s *site) expect(exit int, args string) answer {
	s.t.Helper()
	got := s.line(args)
	if got.exit != exit {
		s.t.Fatalf("rcreg %s: exit %d, want %d\n%s%s", args, got.exit, exit, got.stdout, got.stderr)
	}
	return got.json(s.t)
}

// request writes a request and returns its id.
func (s *site) request(args string) string {
	s.t.Helper()
	got := s.expect(3, args)
	if got.Error.Kind != "pending" || got.Request == nil || !strings.Contains(got.Error.Advice, "rcreg offline apply --exchange "+s.exchange) {
		s.t.Fatalf("%+v", got)
	}
	return got.Request.ID
}

// carry copies an exchange folder, in the place of what was there.
func carry(t *testing.T, from, to string) {
	t.Helper()
	if err := os.RemoveAll(to); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}

// byCourier carries the folder to the other side, answers everything there, and carries it back.
func (s *site) byCourier(string) {
	s.t.Helper()
	carry(s.t, s.exchange, s.courier.exchange)
	s.courier.must(0, "courier", "run", "--keep-grants", "--exchange", s.courier.exchange, "--tokens-file", s.courier.file("* "+s.fake.Cloud().IssueToken()))
	carry(s.t, s.courier.exchange, s.exchange)
}

// code is what the Cloud console shows for a request.
func (s *site) code(id string) string {
	s.t.Helper()
	text, err := os.ReadFile(filepath.Join(s.exchange, "requests", id+".txt"))
	if err != nil {
		s.t.Fatal(err)
	}
	code, err := s.fake.Cloud().RegisterOffline(string(text))
	if err != nil {
		s.t.Fatal(err)
	}
	return code
}

// byConsole saves the console's code as an editor on another system may.
func (s *site) byConsole(id string) {
	s.t.Helper()
	code := s.code(id)
	s.save(id+".txt", "\ufeff"+code[:40]+"\r\n"+code[40:]+"\r\n")
}

func (s *site) save(name, text string) {
	s.t.Helper()
	if err := os.MkdirAll(filepath.Join(s.exchange, "answers"), 0o700); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(s.exchange, "answers", name), []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// isDone checks that the workspace is registered once, and that nothing is left to do.
func (s *site) isDone() {
	s.t.Helper()
	if known := s.fake.Cloud().Workspaces(); len(known) != 1 {
		s.t.Errorf("the Cloud knows %d workspaces", len(known))
	}
	if got := s.expect(0, offlineStatus).Requests; len(got) != 0 {
		s.t.Errorf("left: %+v", got)
	}
	if got := s.expect(0, offlineApply); got.Changed || got.After.State != "registered" || !strings.Contains(strings.Join(got.Notes, " "), "nothing was done") {
		s.t.Errorf("applied again: %+v", got)
	}
	info, err := os.Stat(filepath.Join(s.system.StateDir, "offline"))
	if err != nil || info.Mode().Perm() != 0o700 {
		s.t.Errorf("the state folder: %v, %v", info, err)
	}
}
