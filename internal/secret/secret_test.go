package secret_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/rcreg/registration/internal/secret"
)

const text = "hunter2-hunter2"

type holder struct {
	Open   secret.Secret
	closed secret.Secret
	list   []secret.Secret
}

func newHolder() holder {
	s := secret.New(text)
	return holder{Open: s, closed: s, list: []secret.Secret{s}}
}

func TestEveryVerbIsRedacted(t *testing.T) {
	t.Parallel()
	s := secret.New(text)
	h := newHolder()
	values := map[string]any{"value": s, "pointer": &s, "struct": h, "struct pointer": &h, "map": map[string]any{"a": s, "b": h}}
	for name, value := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%c", "%e", "%U", "%20s", "%T"} {
			printed := fmt.Sprintf(verb, value)
			// Hexadecimal verbs would show the text in another form.
			for _, form := range []string{text, fmt.Sprintf("%x", text), fmt.Sprintf("%X", text)} {
				if strings.Contains(printed, form) {
					t.Errorf("%s of %s shows the secret: %s", verb, name, printed)
				}
			}
		}
	}
	if got := fmt.Sprintf("%v|%s|%#v|%d", s, s, s, s); got != "[redacted]|[redacted]|[redacted]|[redacted]" {
		t.Errorf("printed %s", got)
	}
	if s.String() != secret.Redacted {
		t.Errorf("String() = %s", s)
	}
}

func TestEncodersAreRedacted(t *testing.T) {
	t.Parallel()
	h := newHolder()
	asJSON, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	if string(asJSON) != `{"Open":"[redacted]"}` {
		t.Errorf("JSON is %s", asJSON)
	}

	for name, handler := range map[string]func(*bytes.Buffer) slog.Handler{
		"text": func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
		"json": func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
	} {
		var buffer bytes.Buffer
		slog.New(handler(&buffer)).Info("login", "token", h.Open, "holder", h)
		if out := buffer.String(); strings.Contains(out, text) || !strings.Contains(out, secret.Redacted) {
			t.Errorf("%s log is %s", name, out)
		}
	}
}

func TestReveal(t *testing.T) {
	t.Parallel()
	if got := secret.New(text).Reveal(); got != text {
		t.Errorf("Reveal() = %q", got)
	}
	var zero secret.Secret
	if !zero.IsEmpty() || zero.Reveal() != "" || zero.String() != secret.Redacted {
		t.Errorf("the zero secret is not an empty one")
	}
	if secret.New(text).IsEmpty() {
		t.Error("a secret with a text says that it is empty")
	}
}
