package cloudmodule

import "context"

// StartUp does what the server does about the Cloud when it starts: register with regToken, the REG_TOKEN of its
// environment, which 4.3 and later look at unless they are registered, and from 6.5 sync. What comes of it is only
// logged, so look at the settings. regToken may be "".
func (m *Module) StartUp(ctx context.Context, regToken string) {
	status, err := m.registration()
	if err != nil {
		return
	}
	if regToken != "" && !status.registered && m.rel.Since("4.3") {
		_, _ = m.connect(ctx, regToken) //nolint:errcheck // only logged
	}
	if m.rel.Since("6.5") {
		_ = m.sync(ctx) //nolint:errcheck // only logged
	}
}
