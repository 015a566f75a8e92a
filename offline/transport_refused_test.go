package offline_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/offline"
)

// badAnswer is an answer that must not reach the workspace.
type badAnswer struct {
	name   string
	suffix string // of its file
	spoil  spoiler
	cause  error
}

// spoiler makes a bad answer of the good one.
type spoiler = func(t *testing.T, g gapped, ticket registration.Ticket, good string) string

func textWith(spoil func(good string) string) spoiler {
	return func(_ *testing.T, _ gapped, _ registration.Ticket, good string) string { return spoil(good) }
}

func base64Of(text string) spoiler {
	return textWith(func(string) string { return base64.StdEncoding.EncodeToString([]byte(text)) })
}

// codeLacking is the good code without a key of its grant.
func codeLacking(key string) spoiler {
	return func(t *testing.T, _ gapped, _ registration.Ticket, good string) string {
		t.Helper()
		grant, err := cloud.ParseBlob(good)
		if err != nil {
			t.Fatal(err)
		}
		return clienttest.Without(t, grant, key).Blob()
	}
}

// sealedRefusals spoil the answer of a courier.
func sealedRefusals() []badAnswer {
	return []badAnswer{
		{"empty", ".json", textWith(func(string) string { return "" }), offline.ErrTruncated},
		{"truncated", ".json", textWith(func(good string) string { return good[:len(good)/2] }), offline.ErrTruncated},
		{"ends in zeros", ".json", textWith(func(good string) string { return good[:len(good)/2] + strings.Repeat("\x00", len(good)/2) }), offline.ErrTruncated},
		{"edited", ".json", textWith(func(good string) string { return strings.Replace(good, `"created": "2`, `"created": "3`, 1) }), offline.ErrEdited},
		{"newer format", ".json", textWith(func(good string) string { return strings.Replace(good, `"version": 1`, `"version": 2`, 1) }), offline.ErrNewerFormat},
		{"oversized", ".json", textWith(func(good string) string { return good + strings.Repeat(" ", 1<<20) }), offline.ErrTooLarge},
		{"another JSON", ".json", textWith(func(string) string { return `{"success":true}` }), offline.ErrMalformed},
		{"the request itself", ".json", func(t *testing.T, g gapped, ticket registration.Ticket, _ string) string {
			return g.load(t, "requests", ticket.Request+".json")
		}, offline.ErrMalformed},
		{"of another workspace", ".json", func(t *testing.T, _ gapped, _ registration.Ticket, _ string) string {
			return answered(t, newGapped(t, "6.13.0"))
		}, offline.ErrOtherWorkspace},
		{"to another request", ".json", func(t *testing.T, g gapped, _ registration.Ticket, _ string) string {
			return answered(t, gapped{g.Workspace, g.clock, t.TempDir()})
		}, offline.ErrOtherRequest},
	}
}

// answered is a courier's answer to a request of its own.
func answered(t *testing.T, g gapped) string {
	t.Helper()
	ticket := g.ask(t, g.run(t))
	g.courier(t)
	return g.load(t, "answers", ticket.Request+".json")
}

// codeRefusals spoil the code from the Cloud console.
func codeRefusals() []badAnswer {
	return []badAnswer{
		{"empty code", ".txt", textWith(func(string) string { return "\n" }), offline.ErrTruncated},
		{"truncated code", ".txt", textWith(func(good string) string { return good[:len(good)/2] }), offline.ErrTruncated},
		{"a web page", ".txt", textWith(func(string) string { return "<!doctype html><html></html>" }), offline.ErrUnusable},
		{"the registration data pasted back", ".txt", func(t *testing.T, g gapped, ticket registration.Ticket, _ string) string {
			return g.load(t, "requests", ticket.Request+".txt")
		}, offline.ErrUnusable},
		{"an empty object", ".txt", base64Of("{}"), offline.ErrUnusable},
		{"a list", ".txt", base64Of("[]"), offline.ErrUnusable},
		{"a text", ".txt", base64Of(`"text"`), offline.ErrUnusable},
		{"without client_id", ".txt", codeLacking("client_id"), offline.ErrUnusable},
		{"without client_secret", ".txt", codeLacking("client_secret"), offline.ErrUnusable},
		{"without workspaceId", ".txt", codeLacking("workspaceId"), offline.ErrUnusable},
		{"without licenseData", ".txt", codeLacking("licenseData"), offline.ErrUnusable},
		{"without registration_client_uri", ".txt", codeLacking("registration_client_uri"), offline.ErrUnusable},
		{"oversized code", ".txt", textWith(func(good string) string { return good + strings.Repeat("\n", 1<<20) }), offline.ErrTooLarge},
	}
}

// TestOfflineRefusesAnswers: Register, Resume and Wait name the cause and the next step, and send nothing. The right answer helps.
func TestOfflineRefusesAnswers(t *testing.T) {
	t.Parallel()
	for _, tc := range append(sealedRefusals(), codeRefusals()...) {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			g := newGapped(t, "6.13.0")
			client := g.run(t)
			ticket := g.ask(t, client)
			code := g.code(t, ticket)
			good := code
			if tc.suffix == ".json" {
				g.courier(t)
				good = g.load(t, "answers", ticket.Request+".json")
			}
			bad := tc.spoil(t, g, ticket, good)
			g.save(t, ticket, tc.suffix, bad)
			g.expectRefused(t, client, ticket, tc.cause)
			if g.load(t, "answers", ticket.Request+tc.suffix) != bad {
				t.Error("the refused file was changed")
			}
			g.save(t, ticket, tc.suffix, good)
			result, err := client.Resume(t.Context(), ticket)
			clienttest.Expect(t, "resume with the right answer", result, err, nil, true)
			g.expectArchived(t, ticket)
		})
	}
}

// TestOfflineTakesCodesOfOtherAddresses: no workspace reads the redirect URIs of a code, so that they are no reason to refuse it, and a note tells of them.
func TestOfflineTakesCodesOfOtherAddresses(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ uris, note string }{
		"none":              {`[]`, "names no address"},
		"with two slashes":  {`["URL//admin/cloud/oauth-callback"]`, ""},
		"of another host":   {`["https://other.example.com/admin/cloud/oauth-callback"]`, `names the address "https://other.example.com/`},
		"of no known shape": {`["urn:ietf:wg:oauth:2.0:oob"]`, "names the address"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGapped(t, "6.13.0")
			client := g.run(t)
			ticket := g.ask(t, client)
			var grant map[string]json.RawMessage
			plain, err := base64.StdEncoding.DecodeString(g.code(t, ticket))
			if err == nil {
				err = json.Unmarshal(plain, &grant)
			}
			grant["redirect_uris"] = json.RawMessage(strings.ReplaceAll(tc.uris, "URL", g.URL()))
			changed, err2 := json.Marshal(grant)
			if err != nil || err2 != nil {
				t.Fatal(err, err2)
			}
			g.save(t, ticket, ".txt", base64.StdEncoding.EncodeToString(changed))
			result, err := client.Resume(t.Context(), ticket)
			clienttest.Expect(t, "resume", result, err, nil, true)
			said := strings.Join(result.Notes, "\n")
			if !strings.Contains(said, tc.note) || tc.note == "" && strings.Contains(said, "what the Cloud gave names") {
				t.Errorf("the notes are %q, want %q", said, tc.note)
			}
			g.expectArchived(t, ticket)
		})
	}
}

// expectRefused runs everything that looks for the answer.
func (g gapped) expectRefused(t *testing.T, client *registration.Client, ticket registration.Ticket, cause error) {
	t.Helper()
	for name, look := range g.looks(client, ticket) {
		result, err := look(t)
		clienttest.Expect(t, name, result, err, registration.ErrInvalidGrant, false)
		var typed *registration.Error
		if !errors.As(err, &typed) || !errors.Is(err, cause) || !strings.Contains(err.Error(), ". Next: ") {
			t.Errorf("%s: got %v, want %v", name, err, cause)
		}
		g.expectNoSecret(t, result, err)
		if g.Setting("Cloud_Workspace_Id") != "" || g.handedOver() != 0 {
			t.Errorf("%s: something was handed to the workspace", name)
		}
	}
}

// looks are the three ways to look for an answer.
func (gapped) looks(client *registration.Client, ticket registration.Ticket) map[string]func(*testing.T) (registration.Result, error) {
	return map[string]func(*testing.T) (registration.Result, error){
		"register": func(t *testing.T) (registration.Result, error) {
			return client.Register(t.Context(), registration.Request{})
		},
		"resume": func(t *testing.T) (registration.Result, error) { return client.Resume(t.Context(), ticket) },
		"wait":   func(t *testing.T) (registration.Result, error) { return client.Wait(t.Context(), ticket) },
	}
}

// TestOfflineRefusesLinks: nothing outside the exchange folder is read, and nothing that is no file.
func TestOfflineRefusesLinks(t *testing.T) {
	t.Parallel()
	type place = func(g gapped, answer, outside string) error
	cases := map[string]struct {
		place place
		cause error
	}{
		"a link in the place of the answer": {func(_ gapped, answer, outside string) error {
			return errors.Join(os.Rename(answer, outside), os.Symlink(outside, answer))
		}, offline.ErrSymbolicLink},
		"a link in the place of the folder": {func(g gapped, _, outside string) error {
			return errors.Join(os.Rename(g.file("answers"), outside), os.Symlink(outside, g.file("answers")))
		}, offline.ErrSymbolicLink},
		"a folder in the place of the answer": {func(_ gapped, answer, outside string) error {
			return errors.Join(os.Rename(answer, outside), os.Mkdir(answer, 0o700))
		}, offline.ErrNotRegular},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGapped(t, "5.4.0")
			client := g.run(t)
			ticket := g.ask(t, client)
			g.courier(t)
			if err := tc.place(g, g.file("answers", ticket.Request+".json"), t.TempDir()+"/outside"); err != nil {
				t.Fatal(err)
			}
			g.expectRefused(t, client, ticket, tc.cause)
		})
	}
}

// TestOfflineAnswerThatLeadsOut has an answer that names a file elsewhere as its request, with the right digest.
func TestOfflineAnswerThatLeadsOut(t *testing.T) {
	t.Parallel()
	g := newGapped(t, "6.13.0")
	client := g.run(t)
	ticket := g.ask(t, client)
	// The digest is that of the content, as docs/exchange-format.md says.
	g.save(t, ticket, ".json", `{"format":"rcreg-exchange","version":1,"content":{"kind":"registration-answer","request":"../../etc/passwd"},`+
		`"sha256":"f6a83a9a1d94301888b0e48bf0d85d26ee0cb27d1762b8830938a691b0f6e796"}`)
	g.expectRefused(t, client, ticket, offline.ErrInvalidName)
}

// TestOfflineAnswerWorksOnce offers the answers of a registration again, once the workspace was removed and asks anew.
func TestOfflineAnswerWorksOnce(t *testing.T) {
	t.Parallel()
	g := newGapped(t, "6.13.0")
	client := g.run(t)
	first := g.ask(t, client)
	code := g.code(t, first)
	g.courier(t)
	sealed := g.load(t, "answers", first.Request+".json")
	g.save(t, first, ".json", "")
	g.save(t, first, ".txt", code)
	result, err := client.Resume(t.Context(), first)
	clienttest.Expect(t, "resume", result, err, nil, true)
	clienttest.Forgets(g.Workspace)
	g.ClearHistory()

	second := g.ask(t, client)
	if second.Request == first.Request {
		t.Fatal("a closed request was asked again")
	}
	for suffix, used := range map[string]string{".json": sealed, ".txt": code} {
		g.save(t, second, suffix, used)
		g.expectRefused(t, client, second, offline.ErrUsed)
	}
	result, err = client.Resume(t.Context(), first)
	clienttest.Expect(t, "resume a closed request", result, err, registration.ErrInvalidInput, false)
	if !errors.Is(err, offline.ErrClosed) || !strings.Contains(err.Error(), "start again") {
		t.Errorf("got %v, want ErrClosed", err)
	}
	g.save(t, second, ".json", "")
	g.save(t, second, ".txt", g.code(t, second))
	result, err = client.Resume(t.Context(), second)
	clienttest.Expect(t, "resume with a new code", result, err, nil, true)
	g.expectArchived(t, first, second)
}
