package reliability_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/grants"
	"github.com/rcreg/registration/offline"
	"github.com/rcreg/registration/registrationtest"
)

// ownFile is a file that this module writes, or is given, with the reader of its kind.
type ownFile struct {
	path string
	// read reads it as the next run does, and tells what is in it.
	read func() (string, error)
}

// TestForeignContent puts into each of our files what does not belong there: each of the others, the same of another workspace, a newer format, damage by editors and
// networks, and far too much. Its reader refuses it by a kind that has a name, and leaves it as it is; or it reads what was there before.
func TestForeignContent(t *testing.T) {
	t.Parallel()
	texts := map[string]string{}
	for name, file := range filesOf(t, 1) {
		texts["a "+name+" of another workspace"] = load(t, file.path)
	}
	for name, file := range filesOf(t, 2) {
		texts["a "+name] = load(t, file.path)
	}
	for name := range filesOf(t, 3) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filesOf(t, 3)[name]
			good := load(t, file.path)
			want, err := file.read()
			if err != nil || load(t, file.path) != good {
				t.Fatalf("before: %v", err)
			}
			check := func(what, text string) {
				keep(t, file.path, text)
				got, err := file.read()
				switch after := load(t, file.path); {
				case err == nil && got != want:
					t.Errorf("%s is read as %s, want %s", what, got, want)
				case err != nil && (after != text || failure.KindOf(err) == failure.Other):
					t.Errorf("%s: %v; %d of %d bytes are left", what, err, len(after), len(text))
				}
			}
			for what, text := range spoiled(good) {
				check(what, text)
			}
			for what, text := range texts {
				if !isAsGood(name, what) {
					check(what, text)
				}
			}
			file.expectTooLarge(t, good)
			keep(t, file.path, good)
			if got, err := file.read(); err != nil || got != want {
				t.Errorf("put back, it is read as %s, %v", got, err)
			}
		})
	}
}

// expectTooLarge puts a hole of 100 MB behind a text, and something behind that.
func (f ownFile) expectTooLarge(t *testing.T, good string) {
	t.Helper()
	const hole = 100 << 20
	keep(t, f.path, good)
	file, err := os.OpenFile(f.path, os.O_WRONLY, 0)
	expectNoError(t, err)
	_, err = file.WriteAt([]byte("end"), hole)
	expectNoError(t, errors.Join(err, file.Close()))
	_, readErr := f.read()
	info, err := os.Stat(f.path)
	expectNoError(t, err)
	if readErr == nil || failure.KindOf(readErr) == failure.Other || info.Size() != hole+int64(len("end")) {
		t.Errorf("100 MB: %v; %d bytes are left", readErr, info.Size())
	}
}

// isAsGood reports whether a text may stand in the place of a file: it is of its kind, and nothing in it tells whose it is.
func isAsGood(name, what string) bool {
	switch name {
	case "pool", "pool's memory", "courier's tokens", "list", "ticket", "journal", "ledger":
		return what == "a "+name || what == "a "+name+" of another workspace"
	}
	return what == "a "+name
}

// spoiled are the ways in which the text of any file comes to be what it should not be.
func spoiled(good string) map[string]string {
	const many = 1 << 20
	newer := strings.NewReplacer(`"version": 1`, `"version": 2`, `"journal":1`, `"journal":2`, `"format":1`, `"format":2`).Replace(good)
	texts := map[string]string{
		"deep nesting":                strings.Repeat("[", many),
		"deep nesting of objects":     strings.Repeat(`{"a":`, many),
		"deep nesting behind its own": strings.TrimRight(good, "}\n") + `,"a":` + strings.Repeat("[", many),
		"a zero byte":                 good[:len(good)/2] + "\x00" + good[len(good)/2:],
		"zero bytes first":            "\x00\x00" + good,
		"line ends of Windows":        strings.ReplaceAll(good, "\n", "\r\n"),
		"a byte order mark":           "\uFEFF" + good,
		"UTF-16":                      "\xff\xfe" + strings.Join(strings.Split(good, ""), "\x00") + "\x00",
		"a web page":                  "<!DOCTYPE html><html><title>Sign in</title></html>\n",
		"random bytes":                "\x7fELF\x02\x01\x01\x00\xde\xad\xbe\xef",
		"twice the same":              good + good,
	}
	if newer != good {
		texts["a newer format"] = newer
	}
	if first, rest, ok := strings.Cut(good, ","); ok && strings.HasPrefix(first, "{") {
		texts["a key that is there twice"] = first + "," + strings.TrimPrefix(first, "{") + "," + rest
	}
	return texts
}

// filesOf makes every file of one workspace: of a fleet, a relay, a requester, a courier, and of a registration by e-mail.
func filesOf(t *testing.T, n int) map[string]ownFile {
	t.Helper()
	dir, unique := t.TempDir(), fmt.Sprintf("unique-%d", n)
	in := func(name string) string { return filepath.Join(dir, name) }
	keep(t, in("tokens.txt"), fmt.Sprintf("# pool\ntoken-%d-a\ntoken-%[1]d-b\n", n))
	keep(t, in("courier.txt"), fmt.Sprintf("# courier\n%s token-%d-c\n", unique, n))
	keep(t, in("list.yaml"), fmt.Sprintf("workspaces:\n  - name: w%d\n    url: https://chat-%[1]d.example.com\n    user_id: u\n    auth_token: {env: TOKEN}\n", n))
	keep(t, in("ticket.json"), string(ticketOf(t, unique)))
	files := map[string]ownFile{
		"list": {in("list.yaml"), func() (string, error) {
			list, err := fleet.LoadUnresolved(in("list.yaml"))
			return fmt.Sprint(list), err
		}},
		"courier's tokens": {in("courier.txt"), func() (string, error) { _, err := offline.ReadTokens(in("courier.txt")); return "", err }},
		"ticket": {in("ticket.json"), func() (string, error) {
			ticket, err := registration.ParseTicket([]byte(load(t, in("ticket.json"))))
			return fmt.Sprintf("%s %s", ticket, ticket.DeviceCode), err
		}},
	}
	filesOfFleet(t, files, in)
	filesOfRelay(t, files, in, unique)
	filesOfGap(t, files, in, unique)
	return files
}

func ticketOf(t *testing.T, unique string) []byte {
	t.Helper()
	created := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	text, err := registration.Ticket{TicketFormat: 1, Transport: "relay", UniqueID: unique, Email: "ops@example.com", DeviceCode: "device-code", Created: created, Expires: created.Add(time.Hour)}.MarshalJSON()
	expectNoError(t, err)
	return append(text, '\n')
}

func filesOfFleet(t *testing.T, files map[string]ownFile, in func(string) string) {
	t.Helper()
	journal := func() (string, error) {
		j, err := fleet.OpenJournal(in("journal"), "register")
		if err != nil {
			return "", err
		}
		return strconv.FormatBool(j.InFlight("alpha")), j.Close()
	}
	pool := func() (string, error) {
		p, err := fleet.OpenTokens(in("tokens.txt"))
		if err != nil {
			return "", err
		}
		return fmt.Sprint(p.Left(), p.InDoubt("alpha")), p.Close()
	}
	j, err := fleet.OpenJournal(in("journal"), "register")
	expectNoError(t, err)
	p, err := fleet.OpenTokens(in("tokens.txt"))
	expectNoError(t, err)
	_, err = p.Claim("alpha")
	expectNoError(t, errors.Join(err, j.Begin("alpha", 1), j.Close(), p.Close()))
	files["journal"], files["pool"], files["pool's memory"] = ownFile{in("journal"), journal}, ownFile{in("tokens.txt"), pool}, ownFile{in("tokens.txt.used"), pool}
}

func filesOfRelay(t *testing.T, files map[string]ownFile, in func(string) string, unique string) {
	t.Helper()
	store, err := grants.Open(in("relay"))
	expectNoError(t, err)
	grant, err := cloud.ParseGrant(fmt.Appendf(nil, `{"workspaceId":"ws of %s","client_id":"id","client_secret":"secret"}`, unique))
	expectNoError(t, errors.Join(err, store.Keep(unique, grant), store.KeepTries(unique, []grants.Try{grants.NewTry("token", time.Unix(1_800_000_000, 0))})))
	files["kept grant"] = ownFile{only(t, in("relay/grants/*.json")), func() (string, error) { g, err := store.Load(unique); return g.WorkspaceID, err }}
	files["note of a try"] = ownFile{only(t, in("relay/tries/*.json")), func() (string, error) { tries, err := store.Tries(unique); return fmt.Sprint(tries), err }}
}

// filesOfGap lets a courier answer a request.
func filesOfGap(t *testing.T, files map[string]ownFile, in func(string) string, unique string) {
	t.Helper()
	folder, err := offline.OpenFolder(in("exchange"))
	expectNoError(t, err)
	state, err := offline.OpenState(in("state"))
	expectNoError(t, err)
	requester := &offline.Requester{Folder: folder, State: state}
	request, err := requester.Ask(offline.Registration, base64.StdEncoding.EncodeToString(fmt.Appendf(nil, `{"uniqueId":%q,"address":"https://chat.example.com","siteName":"Chat","version":"6.13.0"}`, unique)))
	expectNoError(t, err)
	fake := registrationtest.NewCloud(t)
	client, err := cloud.New(cloud.WithURL(fake.URL()))
	expectNoError(t, err)
	t.Cleanup(client.CloseIdleConnections)
	ledger, err := offline.OpenLedger(in("ledger"))
	expectNoError(t, err)
	courier := &offline.Courier{Cloud: client, Tokens: offline.OneToken(fake.IssueToken()), Folder: folder, Ledger: ledger}
	report, err := courier.Run(t.Context())
	expectNoError(t, errors.Join(err, ledger.Close()))
	if report.Count(offline.Answered) != 1 {
		t.Fatalf("%+v", report)
	}
	answer := func() (string, error) {
		expectNoError(t, os.RemoveAll(in("state/received"))) // which is as good as the answer
		a, err := requester.Answer(request.ID())
		return a.Grant().WorkspaceID, err
	}
	files["answer"] = ownFile{only(t, in("exchange/answers/*.json")), answer}
	files["pending request"] = ownFile{only(t, in("state/pending/*.json")), answer}
	files["request"] = ownFile{only(t, in("exchange/requests/*.json")), func() (string, error) { r, err := folder.Request(request.ID()); return r.Digest(), err }}
	files["ledger"] = ownFile{in("ledger/ledger.jsonl"), func() (string, error) {
		l, err := offline.OpenLedger(in("ledger"))
		if err != nil {
			return "", err
		}
		return "", l.Close()
	}}
}

// only is the one file of a pattern.
func only(t *testing.T, pattern string) string {
	t.Helper()
	found, err := filepath.Glob(pattern)
	if err != nil || len(found) != 1 {
		t.Fatalf("%s: %v, %v", pattern, found, err)
	}
	return found[0]
}

func load(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	expectNoError(t, err)
	return string(text)
}

// keep writes a file that only its owner can read.
func keep(t *testing.T, path, text string) {
	t.Helper()
	expectNoError(t, os.WriteFile(path, []byte(text), 0o600))
}

func expectNoError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
