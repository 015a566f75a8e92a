package reliability_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rcreg/registration"
)

// TestTheGrepBites: each kind of secret is known once it was used, and is found wherever it is planted.
func TestTheGrepBites(t *testing.T) {
	t.Parallel()
	for transport, kinds := range map[string][]string{
		direct: {"password", "digest of the password", "authentication token", "registration token", "client secret", "device code", "license"},
		relay:  {"password", "authentication token", "registration token", "client secret", "device code", "access token", "grant"},
		gap:    {"password", "authentication token", "registration token", "client secret", "key", "access token"},
	} {
		t.Run(transport, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "6.13.0", transport, 0)
			defer w.close(t)
			useAll(t, w)
			uniqueID, _ := w.ws.Setting("uniqueID").(string)
			s := w.used(t, uniqueID)
			if leaks := s.leaks(w.outputs(t, registration.Result{}, nil)); len(leaks) > 0 {
				t.Errorf("nothing was planted: %v", leaks)
			}
			for _, kind := range kinds {
				hidden := s.one(kind)
				if hidden == "" {
					t.Errorf("no %s was used", kind)
					continue
				}
				for place, outputs := range planted(t, w, hidden) {
					if !slices.Contains(s.leaks(outputs), "a secret shows in "+place+": "+kind) {
						t.Errorf("a %s in %s was not found", kind, place)
					}
				}
			}
		})
	}
}

// useAll has all kinds of secrets of a transport used.
func useAll(t *testing.T, w *world) {
	t.Helper()
	withLicense(t, w)
	switch w.transport {
	case direct:
		confirmed(t, w)
		registered(t, w)
	case relay:
		confirmed(t, w)
		registered(t, w)
		if _, err := w.client.Sync(t.Context()); err != nil {
			t.Fatal(err)
		}
	case gap:
		licenseAnswered(t, w)
	}
}

// one is any secret of a kind, with the names under which it travelled.
func (s secrets) one(kind string) string {
	for hidden, of := range s {
		if of == kind {
			return hidden
		}
	}
	return ""
}

// planted are outputs with a secret in them, by the place that it is in.
func planted(t *testing.T, w *world, hidden string) map[string]map[string]string {
	t.Helper()
	all := map[string]map[string]string{}
	all["the error"] = w.outputs(t, registration.Result{}, &registration.Error{Err: errors.New("quoting " + hidden)})
	all["the result"] = w.outputs(t, registration.Result{Notes: []string{hidden}}, nil)
	all["the JSON of results"] = all["the result"]
	w.print(struct{ Deep []string }{[]string{hidden}})
	all["what is printed"] = w.outputs(t, registration.Result{}, nil)
	w.printed = nil
	if _, err := w.log.Write([]byte("level=DEBUG msg=" + hidden + "\n")); err != nil {
		t.Fatal(err)
	}
	all["the log"] = w.outputs(t, registration.Result{}, nil)
	w.log.text.Reset()
	stick := filepath.Join(w.dir, "exchange")
	if err := os.MkdirAll(stick, 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(stick, "planted")
	if err := os.WriteFile(path, []byte("{"+hidden+"}"), 0o600); err != nil {
		t.Fatal(err)
	}
	all["a file that is carried"] = w.outputs(t, registration.Result{}, nil)
	const longest = 200 // of a name, which no license or grant fits into
	if len(hidden) < longest && !strings.Contains(hidden, "/") {
		named := filepath.Join(w.dir, "x-"+hidden)
		if err := os.Rename(path, named); err != nil {
			t.Fatal(err)
		}
		all["the name of a file"] = w.outputs(t, registration.Result{}, nil)
		path = named
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	return all
}
