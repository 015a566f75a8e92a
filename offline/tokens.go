package offline

import "github.com/rcreg/registration/cloud"

// Tokens are the registration tokens of a courier. The zero value has none.
type Tokens struct {
	byWorkspace map[string]cloud.Secret
	any         cloud.Secret
}

// OneToken is a token for every workspace, which the Cloud has to accept more than once.
func OneToken(token cloud.Secret) Tokens { return Tokens{any: token} }

// ReadTokens reads a file of tokens, as [ParseTokens] does. Errors: [ErrReadableByOthers], [ErrSymbolicLink], [ErrInvalidTokens], and those of the file system.
func ReadTokens(path string) (Tokens, error) { panic("not yet") }

// ParseTokens reads a text of tokens: on each line a workspace and its token, with white space between them. The workspace is its unique id, its address, or *
// for all others. Empty lines and those that begin with # do not count. Errors: [ErrInvalidTokens], with the line and without its text.
func ParseTokens(text []byte) (Tokens, error) { panic("not yet") }
