package offline

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"github.com/rcreg/registration/internal/document"
)

// example is a request that never changes, and the identity that opens its answer.
func example(tb testing.TB) pending {
	tb.Helper()
	identity, err := age.ParseX25519Identity("AGE-SECRET-KEY-167CC6NWV3SR3GUZTKJJE35EHV5VYGXG6WEGDX50KAWJJP5HCZ64QPJNNNC") // made for the documentation
	if err != nil {
		tb.Fatal(err)
	}
	content := requestContent{
		Kind:             Registration,
		ID:               "k5d2m7q3w4xy6zab",
		Created:          time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
		Nonce:            strings.Repeat("0123456789abcdef", 4),
		Workspace:        Workspace{UniqueID: "unique-1", Address: "https://chat-1.example.com", Version: "6.13.0"},
		RegistrationData: dataOf(1),
		Recipient:        identity.Recipient().String(),
	}
	text, digest, err := document.Write(content)
	if err != nil {
		tb.Fatal(err)
	}
	return pending{request: Request{content: content, digest: digest, text: text}, identity: identity}
}

// contentOf is the content of a file, as compact JSON.
func contentOf(text string) string {
	var d struct{ Content json.RawMessage }
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		panic(err)
	}
	return compactOf(d.Content)
}

func compactOf(text []byte) string {
	var compact bytes.Buffer
	if err := json.Compact(&compact, text); err != nil {
		panic(err)
	}
	return compact.String()
}

func FuzzRequest(f *testing.F) {
	good := string(example(f).request.Text())
	for _, text := range []string{
		good, good[:len(good)/2], strings.Replace(good, "k5d2m7q3w4xy6zab", "../../etc/passwd", 1), strings.Replace(good, `"version": 1`, `"version": 2`, 1),
		"", "null", "[]", `{"format":"rcreg-exchange"}`, documentOf("{}"), documentOf("null"), documentOf(`{"id":7}`), "\uFEFF" + good, good + "\x00\x00",
	} {
		f.Add([]byte(text))
	}
	content := strings.TrimSpace(contentOf(good))
	for _, text := range []string{content, strings.Replace(content, "age1", "age2", 1), strings.Replace(content, `"created":"2026`, `"created":"0001`, 1), strings.Replace(content, "unique-1", "unique-2", 1)} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := ParseRequest(text)
		if errors.Is(err, ErrMalformed) && json.Valid(text) {
			text = []byte(documentOf(compactOf(text))) // with the digest that a fuzzer never finds
			r, err = ParseRequest(text)
		}
		if err != nil {
			if r.ID() != "" {
				t.Errorf("a refused request has the id %q", r.ID())
			}
			return
		}
		if checkID(r.ID()) != nil || !isHex256(r.Digest()) || !bytes.Equal(r.Text(), text) {
			t.Errorf("accepted %v", r)
		}
		again, err := ParseRequest(r.Text())
		if err != nil || again.Digest() != r.Digest() || again.content != r.content {
			t.Errorf("read again: %v, %v", again, err)
		}
	})
}

func FuzzAnswer(f *testing.F) {
	p := example(f)
	sealed, err := sealAnswer(p.request, payload{CloudBlob: codeOf(1)}, start())
	if err != nil {
		f.Fatal(err)
	}
	good := string(sealed)
	for _, text := range []string{
		good, good[:len(good)/2], strings.Replace(good, "chat-1", "chat-2", 1), strings.Replace(good, `"version": 1`, `"version": 9`, 1), string(p.request.Text()),
		"", "{", codeOf(1), dataOf(1), documentOf(`{"kind":"registration-answer","request":"../x"}`), documentOf(`{"kind":"license-answer"}`),
	} {
		f.Add([]byte(text))
	}
	f.Add([]byte(contentOf(good)))
	f.Fuzz(func(t *testing.T, text []byte) {
		content, err := parseAnswer(text)
		if errors.Is(err, ErrMalformed) && json.Valid(text) {
			content, err = parseAnswer([]byte(documentOf(compactOf(text))))
		}
		if err != nil {
			return
		}
		if checkID(content.Request) != nil {
			t.Errorf("accepted the id %q", content.Request)
		}
		if content.isFor(p.request) != nil {
			return
		}
		answer, err := content.open(p.request, p.identity)
		if err == nil && answer.Grant().Check() != nil {
			t.Errorf("handed over %v", answer)
		}
	})
}

// FuzzPayload opens answers that somebody has sealed who wants to do harm: the key for sealing is in the request.
func FuzzPayload(f *testing.F) {
	p := example(f)
	f.Add([]byte(`{"request_sha256":"` + p.request.Digest() + `","cloud_blob":"` + codeOf(1) + `"}`))
	f.Add([]byte(`{"request_sha256":"` + p.request.Digest() + `","license":"x"}`))
	f.Add([]byte(`{"request_sha256":7}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, plain []byte) {
		sealed, err := document.Seal(p.identity.Recipient(), plain)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := answerContent{Sealed: sealed}.open(p.request, p.identity)
		if err == nil && answer.Grant().Check() != nil {
			t.Errorf("handed over %v", answer)
		}
	})
}

func FuzzCode(f *testing.F) {
	r := example(f).request
	for _, text := range []string{codeOf(1), codeOf(2), codeOf(1)[:50], utf16Of(codeOf(1)), dataOf(1), "", "e30", "e30=", "W10", "<html>", "A", "\xff\xfe"} {
		f.Add([]byte(text))
	}
	license := r
	license.content.Kind = License
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := readPasted(text, r)
		if err == nil {
			if _, err := readGrant(p.CloudBlob); err != nil || !p.InClear {
				t.Errorf("accepted, but %v", err)
			}
		}
		p, err = readPasted(text, license)
		if err == nil && (p.License == "" || strings.ContainsAny(p.License, " \r\n\t")) {
			t.Errorf("accepted the license %q", p.License)
		}
	})
}

func FuzzTokens(f *testing.F) {
	for _, text := range []string{"unique-1 token-1\n# no\n\n* shared\r\nhttps://a.test t", "*", "* *", "a b c", "\uFEFFa b", "a b\na c", "https:// x", "http://[::1 x"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		tokens, err := ParseTokens(text)
		if err != nil {
			if !errors.Is(err, ErrInvalidTokens) {
				t.Errorf("the error is %v", err)
			}
			return
		}
		for id, token := range tokens.byID {
			if got := tokens.forWorkspace(Workspace{UniqueID: id}); got.token.Reveal() != token.Reveal() || got.shared || token.IsEmpty() {
				t.Errorf("the token of %q is another one", id)
			}
		}
		for address := range tokens.byAddress {
			if got := tokens.forWorkspace(Workspace{Address: "https://" + address}); got.token.IsEmpty() {
				t.Errorf("no token for %q", address)
			}
		}
	})
}

// FuzzLedger opens any file: it is refused as damaged and stays as it is, or what was read once is read again.
func FuzzLedger(f *testing.F) {
	r := example(f).request
	path := filepath.Join(f.TempDir(), "ledger")
	l, err := OpenLedger(path)
	must(f, err)
	for _, e := range []event{eventIntent, eventVoid, eventIntent, eventRefused, eventIntent, eventAnswered} {
		must(f, l.append(recordOf(r, e, choice{token: secretOf("token")}, start())))
	}
	must(f, l.Close())
	text, err := os.ReadFile(filepath.Join(path, ledgerFile))
	must(f, err)
	for _, seed := range [][]byte{text, text[:len(text)-10], append(text[:len(text)-10:len(text)-10], make([]byte, 20)...), {}, []byte("\n"), []byte("\x00\n")} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, text := range []string{string(text), lineOf(string(text))} { // the second one has the check that a fuzzer never finds
			path := t.TempDir()
			must(t, os.Chmod(path, 0o700))
			file := filepath.Join(path, ledgerFile)
			save(t, file, text)
			l, err := OpenLedger(path)
			if err != nil {
				if !errors.Is(err, ErrLedgerDamaged) && !errors.Is(err, ErrNewerFormat) || load(t, file) != text {
					t.Fatalf("%v, and the file is %q", err, load(t, file))
				}
				continue
			}
			must(t, l.Close())
			again, err := OpenLedger(path)
			must(t, err)
			if !reflect.DeepEqual(again.index, l.index) {
				t.Errorf("%v, and read again: %v", l.index, again.index)
			}
			must(t, again.Close())
		}
	})
}

func FuzzPending(f *testing.F) {
	p := example(f)
	text, err := json.Marshal(pendingContent{Request: string(p.request.Text()), Identity: p.identity.String()})
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(documentOf(string(text))))
	f.Add([]byte(documentOf(`{"request":"{","identity":"AGE-SECRET-KEY-1"}`)))
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := readPending(text)
		if err == nil && p.identity.Recipient().String() != p.request.content.Recipient {
			t.Error("the key does not fit")
		}
		if err != nil && strings.Contains(err.Error(), "AGE-SECRET-KEY") {
			t.Errorf("the error quotes the key: %v", err)
		}
	})
}
