package offline

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rcreg/registration/registrationtest/faults"
)

func TestTokens(t *testing.T) {
	t.Parallel()
	tokens, err := ParseTokens([]byte("\uFEFF# workspaces\r\n\r\n unique-1\ttoken-1 \r\nhttps://Chat-2.example.com/team/ token-2\n* shared\nhttp://chat-3.example.com token-3"))
	must(t, err)
	for _, tt := range []struct {
		w      Workspace
		want   string
		shared bool
	}{
		{Workspace{UniqueID: "unique-1", Address: "https://chat-2.example.com/team"}, "token-1", false},
		{Workspace{UniqueID: "unique-2", Address: "https://chat-2.example.com/team"}, "token-2", false},
		{Workspace{UniqueID: "unique-2", Address: "https://chat-2.example.com"}, "shared", true},
		{Workspace{UniqueID: "unique-3", Address: "https://chat-3.example.com/"}, "token-3", false},
		{Workspace{UniqueID: "UNIQUE-1"}, "shared", true},
		{Workspace{UniqueID: "*"}, "shared", true},
	} {
		if got := tokens.forWorkspace(tt.w); got.token.Reveal() != tt.want || got.shared != tt.shared {
			t.Errorf("%v has %q, %t", tt.w, got.token.Reveal(), got.shared)
		}
	}
	if got := (Tokens{}).forWorkspace(Workspace{UniqueID: "unique-1"}); !got.token.IsEmpty() {
		t.Error("no tokens, but one")
	}
	if got := OneToken("one").forWorkspace(Workspace{}); got.token.Reveal() != "one" || !got.shared {
		t.Error("one token is not for all")
	}
	longest := strings.Repeat("x", maxToken)
	if tokens, err := ParseTokens([]byte("* " + longest)); err != nil || tokens.forWorkspace(Workspace{}).token.Reveal() != longest {
		t.Errorf("the longest token: %v", err)
	}
	if printed := fmt.Sprintf("%v %+v %#v", tokens, tokens, tokens); strings.Contains(printed, "token-1") || strings.Contains(printed, "shared:\"shared") {
		t.Errorf("printed %s", printed)
	}
}

// TestDamagedTokens changes each byte of a courier's file of tokens, which a person writes, so that it has no check. It is refused by its line, or read as it stands: a
// token that has changed is one that the Cloud refuses. No zero byte passes, no line moves a token to another workspace, and no error quotes a token.
func TestDamagedTokens(t *testing.T) {
	t.Parallel()
	const text = "unique-1 token-1\nhttps://chat-2.example.com token-2\n* token-3\n"
	path := filepath.Join(t.TempDir(), "tokens")
	for _, damage := range faults.Damages([]byte(text), 1) {
		save(t, path, string(damage.Content))
		must(t, os.Chmod(path, 0o600))
		tokens, err := ReadTokens(path)
		switch {
		case err != nil && (!errors.Is(err, ErrInvalidTokens) || !strings.Contains(err.Error(), "line ") || strings.Contains(err.Error(), "token-")):
			t.Errorf("%s: %v", damage.Name, err)
		case err == nil && bytes.ContainsRune(damage.Content, 0):
			t.Errorf("%s: a zero byte passes", damage.Name)
		}
		for _, w := range []Workspace{{UniqueID: "unique-1"}, {Address: "https://chat-2.example.com"}, {UniqueID: "another"}} {
			if token := tokens.forWorkspace(w).token.Reveal(); token != "" && !bytes.Contains(damage.Content, []byte(" "+token)) {
				t.Errorf("%s: %v is given %q", damage.Name, w, token)
			}
		}
		if left, err := os.ReadFile(path); err != nil || !bytes.Equal(left, damage.Content) {
			t.Errorf("%s: the file became %q, %v", damage.Name, left, err)
		}
	}
	must(t, os.Remove(path))
	must(t, os.Mkdir(path, 0o700))
	if _, err := ReadTokens(path); !errors.Is(err, ErrNotRegular) {
		t.Errorf("a folder: %v", err)
	}
}

func TestTokensThatCannotBe(t *testing.T) {
	t.Parallel()
	for text, line := range map[string]string{
		"hunter2":                                          "line 1",
		"\n\nunique-1 hunter2 hunter3":                     "line 3",
		"unique-1 hunter2\nunique-2 hunter2":               "line 2",
		"unique-1 hunter2\nunique-1 hunter3":               "line 2",
		"* hunter2\n* hunter3":                             "line 2",
		"https://a.test hunter2\nhttp://A.test/ hunter3":   "line 2",
		"https:// hunter2":                                 "line 1",
		"ftp://chat.example.com hunter2":                   "line 1",
		"//chat.example.com:// hunter2":                    "line 1",
		"https:///path hunter2":                            "line 1",
		"unique-1 hunter2\x00":                             "line 1",
		"unique-1 hunter2" + strings.Repeat("x", maxToken): "line 1",
	} {
		_, err := ParseTokens([]byte(text))
		if !errors.Is(err, ErrInvalidTokens) || !strings.Contains(fmt.Sprint(err), line) {
			t.Errorf("%q: %v", text, err)
		}
		if strings.Contains(fmt.Sprint(err), "hunter") {
			t.Errorf("%q: the error quotes a token: %v", text, err)
		}
	}
}

func TestReadTokens(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "Tokens.txt")
	save(t, path, "unique-1 token-1")
	tokens, err := ReadTokens(path)
	if err != nil || tokens.forWorkspace(Workspace{UniqueID: "unique-1"}).token.Reveal() != "token-1" {
		t.Errorf("read %v, %v", tokens, err)
	}
	must(t, os.Chmod(path, 0o640))
	if _, err := ReadTokens(path); !errors.Is(err, ErrReadableByOthers) {
		t.Errorf("open to others: %v", err)
	}
	if _, err := ReadTokens(path + "-not"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("not there: %v", err)
	}
	large := path + "-large"
	save(t, large, strings.Repeat("#", maxTokens+1))
	if _, err := ReadTokens(large); !errors.Is(err, ErrTooLarge) {
		t.Errorf("too large: %v", err)
	}
}
