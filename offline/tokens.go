package offline

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/internal/document"
	"github.com/rcreg/registration/internal/pasted"
	"github.com/rcreg/registration/internal/safedir"
	"github.com/rcreg/registration/internal/secret"
)

const (
	maxTokens = 1 << 20 // bytes of a file
	maxToken  = 4096    // bytes of a token
	anyOther  = "*"     // in the place of a workspace
)

// Tokens are the registration tokens of a courier. The zero value has none. It prints without the tokens.
type Tokens struct {
	byID      map[string]cloud.Secret // unique id
	byAddress map[string]cloud.Secret // in the form of site
	shared    cloud.Secret
}

// OneToken is a token for every workspace, which the Cloud has to accept more than once.
func OneToken(token string) Tokens { return Tokens{shared: secret.New(token)} }

// ReadTokens reads a file of tokens, as [ParseTokens] does. Errors: [ErrReadableByOthers], [ErrNotRegular], [ErrTooLarge], [ErrInvalidTokens], and those of the
// file system.
func ReadTokens(path string) (Tokens, error) {
	text, err := safedir.ReadPrivate(path, maxTokens)
	if err != nil {
		return Tokens{}, failed("read the registration tokens", "", err)
	}
	return ParseTokens(text)
}

// ParseTokens reads a text of tokens: on each line a workspace and its token, with white space between them. The workspace is its unique id, its address, or *
// for all others. Empty lines and those that begin with # do not count. Errors: [ErrInvalidTokens], with the line and without its text.
func ParseTokens(text []byte) (Tokens, error) {
	t := Tokens{byID: map[string]cloud.Secret{}, byAddress: map[string]cloud.Secret{}}
	seen := map[string]int{} // tokens, and where they are
	for i, line := range strings.Split(strings.TrimPrefix(string(text), document.ByteOrderMark), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := t.add(line, i+1, seen); err != nil {
			return Tokens{}, failed("read the registration tokens", "", fmt.Errorf("%w: line %d: %w", ErrInvalidTokens, i+1, err))
		}
	}
	return t, nil
}

// add takes a line.
func (t *Tokens) add(line string, number int, seen map[string]int) error {
	fields := strings.Fields(line)
	if len(fields) != 2 {
		return fmt.Errorf("it has %d words, and not a workspace and its token", len(fields))
	}
	workspace, token := fields[0], fields[1]
	isHidden := func(c rune) bool { return !unicode.IsPrint(c) || c == utf8.RuneError }
	if len(token) > maxToken || strings.ContainsFunc(token, isHidden) {
		return fmt.Errorf("the token is too long, or holds control characters")
	}
	if wrapping := pasted.Wrapping(token); wrapping != "" {
		return fmt.Errorf("the token %s", wrapping)
	}
	if strings.ContainsFunc(workspace, isHidden) {
		return fmt.Errorf("the workspace holds control characters")
	}
	if other, ok := seen[token]; ok {
		return fmt.Errorf("its token is on line %d as well, and a token works once", other)
	}
	seen[token] = number
	if t.has(workspace) {
		return fmt.Errorf("the workspace has a token already")
	}
	switch {
	case workspace == anyOther:
		t.shared = secret.New(token)
	case strings.Contains(workspace, "://"):
		if site(workspace) == "" {
			return fmt.Errorf("the workspace is no address")
		}
		t.byAddress[site(workspace)] = secret.New(token)
	default:
		t.byID[workspace] = secret.New(token)
	}
	return nil
}

func (t *Tokens) has(workspace string) bool {
	if workspace == anyOther {
		return !t.shared.IsEmpty()
	}
	_, byID := t.byID[workspace]
	_, byAddress := t.byAddress[site(workspace)]
	return byID || byAddress
}

// choice is the token for one workspace.
type choice struct {
	token  cloud.Secret
	shared bool // with all others
}

// forWorkspace picks the token of a workspace; it is empty when there is none.
func (t Tokens) forWorkspace(w Workspace) choice {
	if token, ok := t.byID[w.UniqueID]; ok {
		return choice{token: token}
	}
	if token, ok := t.byAddress[site(w.Address)]; ok {
		return choice{token: token}
	}
	return choice{token: t.shared, shared: true}
}

// digest is what the ledger knows a token by.
func (c choice) digest() string { return document.Digest([]byte(c.token.Reveal())) }
