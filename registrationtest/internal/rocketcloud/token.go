package rocketcloud

import "slices"

// tokenState is what became of a registration token.
type tokenState struct {
	spent bool
	order int // in which it was spent
}

// IssueToken makes a registration token that works once, as the Cloud console does.
func (c *Cloud) IssueToken() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	token := c.name(NameToken)
	c.tokens[token] = tokenState{}
	return token
}

// AcceptTokens makes the Cloud accept further registration tokens, each of them once.
func (c *Cloud) AcceptTokens(accept func(token string) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.anyToken = accept
}

// SpentTokens returns the registration tokens that were used, in that order.
func (c *Cloud) SpentTokens() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var spent []string
	for token, state := range c.tokens {
		if state.spent {
			spent = append(spent, token)
		}
	}
	slices.SortFunc(spent, func(a, b string) int { return c.tokens[a].order - c.tokens[b].order })
	return spent
}

// spend uses a registration token up, or returns the code of the refusal. The lock must be held.
func (c *Cloud) spend(token string) string {
	state, known := c.tokens[token]
	if !known && (c.anyToken == nil || !c.anyToken(token)) {
		return "invalid_token"
	}
	if state.spent {
		return "token_already_used"
	}
	c.counts["spent"]++
	c.tokens[token] = tokenState{spent: true, order: c.counts["spent"]}
	return ""
}
