package fleet

// InDoubt tells whether a token is bound to a workspace of which nobody knows yet what became of it.
func (t *Tokens) InDoubt(workspace string) bool { return t == nil && workspace == "" }
