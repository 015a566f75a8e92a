package workspace

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"github.com/rcreg/registration/internal/secret"
)

// redacted are the secrets that were handed to the workspace in parameters. It is safe for concurrent use.
type redacted struct {
	mu    sync.Mutex
	texts map[string]bool
}

func (c *redacted) add(text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.texts == nil {
		c.texts = map[string]bool{}
	}
	c.texts[text] = true
}

func (c *redacted) list() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	const others = 3 // the secrets that a caller adds
	list := make([]string, 0, len(c.texts)+others)
	for text := range c.texts {
		list = append(list, text)
	}
	return list
}

// Redact masks a secret in everything that the workspace answers from now on, such as a registration token that is about to be one of the parameters: a
// hostile workspace may send it back in a value that is shown, and at any time. The credentials of the client are masked without being named.
func (c *Client) Redact(text string) {
	if c != nil {
		c.redacted.add(text)
	}
}

// given are the secrets that the workspace was given by this client.
func (c *Client) given() []string {
	list := append(c.redacted.list(), c.credentials.token.Reveal(), c.credentials.password.Reveal())
	if s := c.session.peek(); s != nil {
		list = append(list, s.token.Reveal())
	}
	return list
}

// decode reads the value of a reply, in which what the workspace was given does not come back.
func (c *Client) decode(text []byte, out any) error {
	return json.Unmarshal(withoutSecrets(text, c.given()), out)
}

const (
	// shortest is the length of the texts in which a secret is looked for: a shorter one is a word.
	shortest = 4
	// distinctive is the length from which a secret is looked for inside other texts too. A password of a few letters is in many an id by chance.
	distinctive = 8
)

// withoutSecrets masks secrets in the texts of a JSON value, whichever way they are escaped. What is not JSON is left for the decoder.
func withoutSecrets(text []byte, secrets []string) []byte {
	// The longest first: a short text inside a long one would leave the rest of it in sight.
	slices.SortFunc(secrets, func(a, b string) int { return len(b) - len(a) })
	whole := string(text) // once: every reply comes through here, and few have anything to mask
	var clean []byte      // nil as long as nothing was masked
	copied := 0
	for i := 0; i < len(text); i++ {
		if text[i] != '"' {
			continue
		}
		end := endOfText(text, i)
		if masked := maskLiteral(whole[i:end], secrets); masked != nil {
			clean = append(append(clean, text[copied:i]...), masked...)
			copied = end
		}
		i = end - 1
	}
	if clean == nil {
		return text
	}
	return append(clean, text[copied:]...)
}

// maskLiteral masks secrets in one JSON text with its quotes. It returns nil when there are none.
func maskLiteral(literal string, secrets []string) []byte {
	if len(literal) < shortest+len(`""`) {
		return nil
	}
	value := literal[1 : len(literal)-1]
	if strings.Contains(value, `\`) {
		var unescaped string
		if json.Unmarshal([]byte(literal), &unescaped) != nil {
			return nil
		}
		value = unescaped
	}
	clean := maskValue(value, secrets)
	if clean == value {
		return nil
	}
	masked, _ := json.Marshal(clean) // a text always can be JSON
	return masked
}

func maskValue(value string, secrets []string) string {
	for _, text := range secrets {
		switch {
		case value == text:
			return secret.Redacted
		case len(text) >= distinctive:
			value = strings.ReplaceAll(value, text, secret.Redacted)
		}
	}
	return value
}
