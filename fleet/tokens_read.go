package fleet

import (
	"fmt"
	"strings"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/internal/pasted"
	"github.com/rcreg/registration/internal/safedir"
	"github.com/rcreg/registration/internal/secret"
)

// maxTokens is how many bytes the file of a pool may have.
const maxTokens = 64 << 20

// TokensError is all that is wrong with the file of a pool, in the order of its lines. It holds no token, and is an [registration.ErrInvalidInput].
type TokensError struct {
	Path     string
	Problems []Problem
}

// Error prints the first problems, each on its line, and counts the others.
func (e *TokensError) Error() string {
	return "the pool of tokens " + e.Path + " is not valid; nothing was sent" + listed(e.Problems)
}

// Unwrap returns the kind.
func (e *TokensError) Unwrap() error { return registration.ErrInvalidInput }

// readTokens reads the file of a pool. Errors: *TokensError, and those of the file system.
func readTokens(path string) ([]cloud.Secret, error) {
	text, err := safedir.ReadPrivate(path, maxTokens)
	if err != nil {
		return nil, Reference{File: path}.unreadable(err)
	}
	tokens, problems := parseTokens(string(text))
	if len(problems) > 0 {
		return nil, &TokensError{Path: path, Problems: problems}
	}
	return tokens, nil
}

// parseTokens reads the tokens of a text, in its order.
func parseTokens(text string) (tokens []cloud.Secret, problems []Problem) {
	const byteOrderMark = "\uFEFF"
	lines := map[string]int{} // by token
	number := 0
	for line := range strings.Lines(strings.TrimPrefix(text, byteOrderMark)) {
		number++
		token := strings.TrimSpace(line)
		if token == "" || token[0] == '#' {
			continue
		}
		if problem := problemOfToken(token, lines); problem != "" {
			problems = append(problems, Problem{Line: number, Text: problem})
			continue
		}
		lines[token] = number
		tokens = append(tokens, secret.New(token))
	}
	return tokens, problems
}

// problemOfToken is what is wrong with a token, without quoting it.
func problemOfToken(token string, lines map[string]int) string {
	if other, ok := lines[token]; ok {
		return fmt.Sprintf("the token is on line %d as well, and a token works once", other)
	}
	if wrapping := pasted.Wrapping(token); wrapping != "" {
		return "the token " + wrapping + ": write the bare token"
	}
	for i := range len(token) {
		if token[i] <= ' ' || token[i] > '~' {
			return "white space, or what is not ASCII: write one token a line, and comments on lines of their own that begin with #"
		}
	}
	if strings.ContainsAny(token, "{}<>\"'`") {
		return "quotes or brackets, which no token has: this is a journal, another file, or a token in quotes; write the bare token"
	}
	if len(token) > maxSecret {
		return fmt.Sprintf("the token has more than %d bytes", maxSecret)
	}
	return ""
}
