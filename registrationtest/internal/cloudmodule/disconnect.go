package cloudmodule

import "context"

// disconnect takes back the wish to be connected; the Cloud is not told, and the credentials stay. The method's result is
// true, whatever was done.
func (m *Module) disconnect(ctx context.Context) error {
	status, err := m.registration()
	if err != nil || !truthy(status.wish) {
		return err
	}
	m.update("Register_Server", false)
	// From 6.0 a sync follows, which does something only while the settings cache still has the old wish.
	if m.rel.Since("6.0") {
		_, err = m.syncLegacy(ctx, false)
	}
	return err
}

// reconnect is cloud:reconnectWorkspace of 6.0 to 6.4. It is true whatever came of the sync, and where the settings
// cache lags, that makes no call at all.
func (m *Module) reconnect(ctx context.Context) (bool, error) {
	status, err := m.registration()
	if err != nil || !status.registered {
		return false, err
	}
	m.update("Register_Server", true)
	_, err = m.syncLegacy(ctx, false)
	return true, err
}
