package reliability_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rcreg/registration"
)

// secrets are the secrets that were used in a world, with what each is.
type secrets map[string]string

// add takes a secret, unless it is too short to be one.
func (s secrets) add(kind, text string) {
	const least = 6
	if len(text) >= least {
		s[text] = kind
	}
}

// used are all secrets of a world: those that it was made with, those that it holds, and those that were seen on the wire on either side.
func (w *world) used(t *testing.T, uniqueID string) secrets {
	t.Helper()
	s := w.wire.seen()
	for _, device := range w.ws.Cloud().Devices() {
		s.add("device code", device.Code)
	}
	for _, text := range w.keptSecrets(t, uniqueID) {
		s.add("grant", text)
	}
	clientSecret, _ := w.ws.Setting("Cloud_Workspace_Client_Secret").(string)
	s.add("client secret", clientSecret)
	for _, text := range w.secrets {
		s.add("registration token", text)
	}
	s.add("license", w.license)
	admin := w.ws.Admin()
	digest := sha256.Sum256([]byte(admin.Password))
	s.add("digest of the password", hex.EncodeToString(digest[:]))
	s.add("password", admin.Password)
	s.add("authentication token", admin.AuthToken)
	s.add("key", "AGE-SECRET-KEY-") // how every key of an air gap begins
	return s
}

// harvest takes the secrets out of a request as it travels: of its head, its query, and its body, a form or JSON.
func (s secrets) harvest(r *http.Request, body []byte) {
	for _, name := range []string{"X-Auth-Token", "X-2fa-Code", "Cookie"} {
		s.add(name, r.Header.Get(name))
	}
	if _, credentials, ok := strings.Cut(r.Header.Get("Authorization"), " "); ok {
		s.add("access token", credentials)
	}
	form, _ := url.ParseQuery(string(body))
	for _, name := range secretFields() {
		s.add(name, r.URL.Query().Get(name))
		s.add(name, form.Get(name))
	}
	s.harvestJSON(body)
}

// harvestJSON takes the secrets out of the fields of a body.
func (s secrets) harvestJSON(body []byte) {
	var fields map[string]any
	if json.Unmarshal(body, &fields) != nil {
		return
	}
	for _, name := range secretFields() {
		text, _ := fields[name].(string)
		s.add(name, text)
	}
}

// secretFields are the names of parameters and of fields that hold secrets, at workspaces and at the Cloud.
func secretFields() []string {
	return []string{"token", "access_token", "client_secret", "deviceCode", "device_code", "cloudBlob", "license", "password", "code", "authToken"}
}

// print keeps what a program would print of an operation, besides its result and its error.
func (w *world) print(values ...any) {
	for _, value := range values {
		text, err := json.Marshal(value)
		w.printed = append(w.printed, fmt.Sprintf("%v %+v %#v %s %v", value, value, value, text, err))
	}
}

// outputs are all places in which nothing secret may be: what an operation gives to its caller, the log, and what lies on the stick, or in a name on any disk.
func (w *world) outputs(t *testing.T, result registration.Result, err error) map[string]string {
	t.Helper()
	encoded, jsonErr := json.Marshal(result)
	outputs := map[string]string{
		"the error":           fmt.Sprintf("%v %+v %#v", err, err, err),
		"the result":          fmt.Sprintf("%v %+v %#v", result, result, result),
		"the JSON of results": fmt.Sprint(string(encoded), jsonErr),
		"what is printed":     strings.Join(w.printed, "\n"),
		"the log":             w.log.String(),
	}
	stick := filepath.Join(w.dir, "exchange")
	walkErr := filepath.WalkDir(w.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		outputs["the name of a file"] += "\n" + strings.TrimPrefix(path, w.dir)
		if !entry.Type().IsRegular() || !strings.HasPrefix(path, stick) {
			return nil
		}
		text, err := os.ReadFile(path)
		outputs["a file that is carried"] += "\n" + string(text)
		return err
	})
	if walkErr != nil {
		t.Fatal(walkErr)
	}
	return outputs
}

// leaks names the secrets that are in outputs, and where.
func (s secrets) leaks(outputs map[string]string) []string {
	var found []string
	for place, text := range outputs {
		for hidden, kind := range s {
			if strings.Contains(text, hidden) {
				found = append(found, fmt.Sprintf("a secret shows in %s: %s", place, kind))
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}
