package cloudmodule

import "context"

// StartUp does what the server does about the Cloud when it starts with a REG_TOKEN in its environment: 4.3 and later
// register with it unless they are registered, and from 6.5 a sync follows. What comes of it is only logged, so look at
// the settings. The error is the cause of ctx when that ends first.
//
// Without a token nothing is left to do: the initial settings are those of a server that has started.
func (m *Module) StartUp(ctx context.Context, regToken string) {
	if regToken == "" {
		return
	}
	status, err := m.registration()
	if err == nil && !status.registered && m.rel.Since("4.3") {
		_, _ = m.connect(ctx, regToken)
	}
	if err == nil && m.rel.Since("6.5") {
		_ = m.sync(ctx)
	}
}
