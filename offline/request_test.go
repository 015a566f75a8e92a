package offline

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/rcreg/registration/internal/document"
)

func TestRequestRoundTrip(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	r := ask(t, g, 1)
	read, err := g.folder.Request(r.ID())
	must(t, err)
	if read.Digest() != r.Digest() || !bytes.Equal(read.Text(), r.Text()) || read.RegistrationData() != dataOf(1) || !read.Created().Equal(start()) {
		t.Errorf("read %v", read)
	}
	want := Workspace{UniqueID: "unique-1", Address: "https://chat-1.example.com", Version: "6.13.0"}
	if read.Workspace() != want || read.Kind() != Registration {
		t.Errorf("read %+v", read.Workspace())
	}
	if got := fmt.Sprint(read); got != "registration request "+r.ID()+" of https://chat-1.example.com" {
		t.Errorf("it prints as %q", got)
	}
	if got := (Workspace{UniqueID: "unique-1"}).String(); got != "unique-1" {
		t.Errorf("a workspace without an address prints as %q", got)
	}
}

// TestUnknownFieldsSurvive reads what a later version has written, inside the content and around it.
func TestUnknownFieldsSurvive(t *testing.T) {
	t.Parallel()
	r := ask(t, newGap(t), 1)
	compact, err := json.Marshal(r.content)
	must(t, err)
	content := strings.Replace(string(compact), `{"kind"`, `{"later":{"a":[1.50,"<é>"]},"kind"`, 1)
	text := strings.Replace(documentOf(content), `"version":1`, `"version":1,"around":true`, 1)
	read, err := ParseRequest([]byte("\uFEFF" + text + "\n"))
	must(t, err)
	if got := string(read.Text()); got != "\uFEFF"+text+"\n" {
		t.Errorf("it is written as %s", got)
	}
	if read.ID() != r.ID() || read.Digest() == r.Digest() {
		t.Errorf("read %v", read)
	}
}

// TestTheLongestRegistrationData is asked with.
func TestTheLongestRegistrationData(t *testing.T) {
	t.Parallel()
	around := `{"uniqueId":"unique-1","padding":""}`
	whole := strings.Replace(around, `""`, `"`+strings.Repeat("x", maxRegistrationData/4*3-len(around))+`"`, 1)
	if _, err := readRegistrationData(base64.StdEncoding.EncodeToString([]byte(whole))); err != nil {
		t.Error(err)
	}
}

func TestRequestsThatCannotBe(t *testing.T) {
	t.Parallel()
	good := ask(t, newGap(t), 1).content
	for _, tt := range []struct {
		name  string
		spoil func(c *requestContent)
		want  error
	}{
		{"another kind", func(c *requestContent) { c.Kind = "favour" }, ErrMalformed},
		{"an id that leads out", func(c *requestContent) { c.ID = "../../etc/passwd" }, ErrInvalidName},
		{"an id in capitals", func(c *requestContent) { c.ID = strings.ToUpper(c.ID) }, ErrInvalidName},
		{"no nonce", func(c *requestContent) { c.Nonce = "" }, ErrMalformed},
		{"a nonce of words", func(c *requestContent) { c.Nonce = strings.Repeat("word", 16) }, ErrMalformed},
		{"no time", func(c *requestContent) { c.Created = time.Time{} }, ErrMalformed},
		{"no recipient", func(c *requestContent) { c.Recipient = "" }, ErrMalformed},
		{"a passphrase for a recipient", func(c *requestContent) { c.Recipient = "age1pq1word" }, ErrMalformed},
		{"no data", func(c *requestContent) { c.RegistrationData = "" }, ErrMalformed},
		{"another's data", func(c *requestContent) { c.RegistrationData = dataOf(2) }, ErrOtherWorkspace},
		{"another's name", func(c *requestContent) { c.Workspace.Address = "https://chat-2.example.com" }, ErrOtherWorkspace},
	} {
		c := good
		tt.spoil(&c)
		text, _, err := document.Write(c)
		must(t, err)
		if r, err := ParseRequest(text); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, %v", tt.name, r, err)
		}
	}
}
