package cloudmodule

import (
	"context"
	"errors"
	"net/http"
)

// removeCloudLicense gives the Cloud's license back and syncs. When the workspace is not registered, has no token or is
// refused, the license is removed here all the same, and it counts as a success.
func (m *Module) removeCloudLicense(ctx context.Context) error {
	if m.offline() {
		m.RemoveLicense()
		return nil
	}
	err := m.downgrade(ctx)
	if errors.Is(err, errNotRegistered) || errors.Is(err, errTokenEmpty) || isConnectionError(err) {
		m.RemoveLicense()
		return nil
	}
	return err
}

func (m *Module) downgrade(ctx context.Context) error {
	status, err := m.registration()
	if err != nil {
		return err
	}
	if !status.registered {
		return errNotRegistered
	}
	token, err := m.accessToken(ctx, tokenWish{fresh: true})
	if err != nil {
		return err
	}
	if token == "" {
		return errTokenEmpty
	}
	reply, err := m.send(ctx, cloudCall{method: http.MethodPost, url: m.clientURI("/client/downgrade"), bearer: token})
	if err != nil {
		return err
	}
	if !reply.ok() {
		return errConnection("Failed to connect to Rocket.Chat Cloud: " + reply.statusText())
	}
	return m.sync(ctx)
}
