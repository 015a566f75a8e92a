package offline

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"filippo.io/age"
	"filippo.io/age/armor"

	"github.com/rcreg/registration/internal/document"
)

// TestChangedAnswers changes one thing in a good answer, and gives it a SHA-256 that fits.
func TestChangedAnswers(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change func(t *testing.T, r Request, c *answerContent)
		want   error
	}{
		"nothing":        {func(*testing.T, Request, *answerContent) {}, nil},
		"another id":     {func(_ *testing.T, _ Request, c *answerContent) { c.Request = newID() }, ErrOtherRequest},
		"another nonce":  {func(_ *testing.T, _ Request, c *answerContent) { c.Nonce = newNonce() }, ErrOtherRequest},
		"another digest": {func(_ *testing.T, _ Request, c *answerContent) { c.RequestSHA256 = newNonce() }, ErrOtherRequest},
		"sealed words": {func(t *testing.T, r Request, c *answerContent) {
			t.Helper()
			recipient, err := age.ParseX25519Recipient(r.content.Recipient)
			must(t, err)
			c.Sealed, err = document.Seal(recipient, []byte("words"))
			must(t, err)
		}, ErrUnusable},
		"sealed for no request":      {func(t *testing.T, r Request, c *answerContent) { t.Helper(); c.Sealed = sealedFor(t, r, "") }, ErrOtherRequest},
		"sealed for another request": {func(t *testing.T, r Request, c *answerContent) { t.Helper(); c.Sealed = sealedFor(t, r, newNonce()) }, ErrOtherRequest},
		"sealed anew":                {func(t *testing.T, r Request, c *answerContent) { t.Helper(); c.Sealed = sealedFor(t, r, r.digest) }, nil},
		"a damaged seal": {func(t *testing.T, _ Request, c *answerContent) {
			t.Helper()
			c.Sealed = lastByteChanged(t, c.Sealed)
		}, ErrCannotOpen},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGap(t)
			r := ask(t, g, 1)
			content, err := parseAnswer([]byte(answerFor(t, r, codeOf(1))))
			must(t, err)
			tt.change(t, r, &content)
			text, _, err := document.Write(content)
			must(t, err)
			if answer, err := g.requester.AnswerText(r.ID(), text); !errors.Is(err, tt.want) {
				t.Errorf("%v, %v", answer, err)
			}
		})
	}
}

// sealedFor seals a good code to the key of a request, with any digest inside.
func sealedFor(t *testing.T, r Request, digest string) string {
	t.Helper()
	recipient, err := age.ParseX25519Recipient(r.content.Recipient)
	must(t, err)
	plain, err := json.Marshal(payload{RequestSHA256: digest, CloudBlob: codeOf(1)})
	must(t, err)
	if digest == "" {
		plain = []byte(strings.Replace(string(plain), `"request_sha256":"",`, "", 1))
	}
	sealed, err := document.Seal(recipient, plain)
	must(t, err)
	return sealed
}

// TestNobodyToSealTo: without a recipient there is no answer, least of all one in clear.
func TestNobodyToSealTo(t *testing.T) {
	t.Parallel()
	if text, err := sealAnswer(Request{}, payload{CloudBlob: codeOf(1)}, start()); !errors.Is(err, ErrMalformed) || text != nil {
		t.Errorf("%q, %v", text, err)
	}
}

// lastByteChanged damages the end of what is sealed: its beginning can still be opened.
func lastByteChanged(t *testing.T, sealed string) string {
	t.Helper()
	all, err := io.ReadAll(armor.NewReader(strings.NewReader(sealed)))
	must(t, err)
	all[len(all)-1] ^= 1
	var out strings.Builder
	w := armor.NewWriter(&out)
	_, err = w.Write(all)
	must(t, errors.Join(err, w.Close()))
	return out.String()
}

// TestAnAnswerOfNoDate is refused, although nothing else is wrong with it.
func TestAnAnswerOfNoDate(t *testing.T) {
	t.Parallel()
	r := example(t).request
	content, err := parseAnswer([]byte(answerFor(t, r, codeOf(1))))
	must(t, err)
	text, err := json.Marshal(content)
	must(t, err)
	undated := strings.Replace(string(text), `"created":"2026-03-01T12:00:00Z",`, "", 1)
	for date, want := range map[string]error{"2026-03-01T12:00:00Z": nil, "yesterday": ErrMalformed} {
		dated := strings.TrimSuffix(undated, "}") + `,"created":"` + date + `"}`
		if _, err := parseAnswer([]byte(documentOf(dated))); !errors.Is(err, want) {
			t.Errorf("%s: %v", date, err)
		}
	}
}

// TestWhoseGrant: nothing but its redirect URIs says whose a grant is. No workspace reads them, so that another address there is told and no reason to refuse it.
func TestWhoseGrant(t *testing.T) {
	t.Parallel()
	code := func(uris string) string {
		return base64.StdEncoding.EncodeToString([]byte(strings.Replace(string(grantOf(1, firstLicense).Reveal()), givenURIs, uris, 1)))
	}
	here := Workspace{UniqueID: "unique-1", Address: "https://Chat-1.example.com/"}
	for name, tt := range map[string]struct {
		uris, doubt string
		w           Workspace
	}{
		"its own":                      {givenURIs, "", here},
		"with two slashes":             {`"redirect_uris":["https://chat-1.example.com//admin/cloud/oauth-callback"],`, "", here},
		"its own beside another":       {`"redirect_uris":["https://old.example.com/admin/cloud/oauth-callback","https://chat-1.example.com/admin/cloud/oauth-callback"],`, "", here},
		"another's":                    {givenURIs, `names the address "https://chat-1.example.com/admin/cloud/oauth-callback", and the workspace's is "https://chat-2.example.com"`, Workspace{Address: "https://chat-2.example.com"}},
		"of a workspace of no address": {givenURIs, "", Workspace{UniqueID: "unique-1"}},
		"that names no address":        {"", "names no address", here},
		"an empty list":                {`"redirect_uris":[],`, "names no address", here},
		"no list":                      {`"redirect_uris":7,`, "names no address", here},
	} {
		grant, err := readGrant(code(tt.uris))
		if doubt := whoseGrant(grant, tt.w); err != nil || (tt.doubt == "") != (doubt == "") || !strings.Contains(doubt, tt.doubt) {
			t.Errorf("%s: %q, %v; want %q", name, doubt, err, tt.doubt)
		}
	}
}

// givenURIs are those of the first grant.
const givenURIs = `"redirect_uris":["https://chat-1.example.com/admin/cloud/oauth-callback"],`
