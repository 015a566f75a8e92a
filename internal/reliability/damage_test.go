package reliability_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/registrationtest/faults"
)

// damaged is a moment at which files of ours hold what works once, and what is done next.
type damaged struct {
	name      string
	transport string
	prepare   func(t *testing.T, w *world)
	next      func(t *testing.T, w *world) error
	done      func(before, after truth) bool
}

func damagedMoments() []damaged {
	register := func(t *testing.T, w *world) error {
		_, err := w.client.Register(t.Context(), registration.Request{Token: w.token})
		return err
	}
	sync := func(t *testing.T, w *world) error {
		_, err := w.client.Sync(t.Context())
		return err
	}
	return []damaged{
		{"a relay has kept a grant", relay, grantKept, register, isRegistered},
		{"a relay keeps a grant for licenses", relay, relicensed, sync, isRelicensed},
		{"a request is on its way", gap, asked, carryAndResume, isRegistered},
		{"an answer is on its way", gap, answered, carryAndResume, isRegistered},
		{"an answer has been lost", gap, answerLost, carryAndResume, isRegistered},
		{"a license is on its way", gap, licenseAnswered, carryAndResume, isRelicensed},
	}
}

// grantKept lets the relay keep a grant that did not reach the workspace, and names another token that could be spent.
func grantKept(t *testing.T, w *world) {
	t.Helper()
	w.faults.Set(faults.Fault{Call: "cloud.manualRegister", Kind: faults.Refused})
	if _, err := w.client.Register(t.Context(), registration.Request{Token: w.token}); err == nil {
		t.Fatal("the grant was handed over")
	}
	w.faults.Clear()
	w.token = w.ws.Cloud().IssueToken()
}

func answerLost(t *testing.T, w *world) {
	t.Helper()
	answered(t, w)
	if err := os.RemoveAll(filepath.Join(w.dir, "exchange", "answers")); err != nil {
		t.Fatal(err)
	}
}

// carryAndResume lets a courier come, and then takes what it brought.
func carryAndResume(t *testing.T, w *world) error {
	t.Helper()
	_, courierErr := courier(t.Context(), t, w)
	_, err := w.client.Resume(t.Context(), w.ticket)
	if err == nil {
		return nil
	}
	return errors.Join(err, courierErr)
}

// TestDamagedFiles damages one file of ours at a moment when that could cost something: the error says what is damaged, or nothing is lost. No token is spent a second
// time, what was reported is so, and what is left of the file stays. With -matrix.full there are many times as many damages.
func TestDamagedFiles(t *testing.T) {
	t.Parallel()
	trials := 10
	if *matrixFull {
		trials = 1500
	}
	for _, moment := range damagedMoments() {
		t.Run(moment.name, func(t *testing.T) {
			t.Parallel()
			hit := map[string]int{}
			for n := range trials {
				moment.play(t, n, hit)
			}
			t.Logf("damaged, and refused or not: %v", hit)
		})
	}
}

func (d damaged) play(t *testing.T, n int, hit map[string]int) {
	t.Helper()
	w := newWorld(t, "8.7.0", d.transport, 0)
	defer w.close(t)
	d.prepare(t, w)
	before := w.truth(t)
	draw := lot(d.name, strconv.Itoa(n))
	files := w.ours(t)
	file := files[draw.IntN(len(files))]
	content := w.file(t, file)
	all := faults.Damages(content, 1)
	if filepath.Ext(file) == ".jsonl" {
		all = withoutCuts(all, content)
	}
	damage := all[draw.IntN(len(all))]
	if err := os.WriteFile(filepath.Join(w.dir, file), damage.Content, 0o600); err != nil {
		t.Fatal(err)
	}
	w.clean = nil
	err := d.next(t, w)
	after := w.truth(t)
	kind := kindOfFile(file)
	hit[fmt.Sprintf("%s, success %t", kind, err == nil)]++
	var wrong []string
	add := func(broken bool, text string) {
		if broken {
			wrong = append(wrong, text)
		}
	}
	add(err == nil && !d.done(before, after), "it reported success, which is not so")
	add(after.spent > max(1, before.spent), "a second token was spent")
	add(err != nil && d.done(before, after) && !d.done(before, before), "it reported a failure, which is not so")
	add(err != nil && !w.holds(t, damage.Content), "what was left of the file is gone")
	add(err != nil && !strings.Contains(err.Error(), calledBy(file)), "it does not say what is damaged")
	for _, text := range wrong {
		t.Errorf("%s, %s: %s: %v", file, damage.Name, text, err)
	}
}

// withoutCuts leaves out what is cut off: at the end of a log that cannot be told from what was never written.
func withoutCuts(all []faults.Damage, content []byte) []faults.Damage {
	return slices.DeleteFunc(all, func(d faults.Damage) bool { return bytes.HasPrefix(content, d.Content) })
}

// kindOfFile is the folder of a file, and how its name ends.
func kindOfFile(file string) string { return filepath.Dir(file) + "/*" + filepath.Ext(file) }

// calledBy is what an error calls a file.
func calledBy(file string) string {
	folder, _, _ := strings.Cut(filepath.ToSlash(file), "/")
	return map[string]string{"pending": "the kept grant", "registered": "the kept grant", "state": "the state folder is damaged", "exchange": "request", "ledger": "ledger.jsonl"}[folder]
}

// ours are the files of the world's folder that have something in them.
func (w *world) ours(t *testing.T) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(w.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err != nil || info.Size() == 0 {
			return err
		}
		name, err := filepath.Rel(w.dir, path)
		files = append(files, name)
		return err
	})
	if err != nil || len(files) == 0 {
		t.Fatalf("%v, %v", files, err)
	}
	// Names of requests are random: what comes first must not be.
	slices.SortFunc(files, func(a, b string) int { return strings.Compare(kindOfFile(a)+a, kindOfFile(b)+b) })
	return files
}

func (w *world) file(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(w.dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// holds reports whether some file of the world's folder has a content, or ends with it.
func (w *world) holds(t *testing.T, content []byte) bool {
	t.Helper()
	return len(content) == 0 || slices.ContainsFunc(w.ours(t), func(name string) bool { return bytes.Contains(w.file(t, name), content) })
}
