package cloudmodule

import (
	"context"
	"net/http"
)

// register is cloud:registerWorkspace: a one-way notice to the Cloud, which stores a workspace id and nothing else.
func (m *Module) register(ctx context.Context, resend any) (bool, error) {
	status, err := m.registration()
	if err != nil {
		return false, err
	}
	if m.connected(status) {
		return true, m.syncInstead(ctx)
	}
	if m.offline() {
		return false, nil
	}
	m.update("Register_Server", true)
	// 3.0 and 3.1 try the registration that may be left from before a disconnect.
	if m.rel.Before("3.18") {
		if synced, err := m.syncLegacy(ctx, true); err != nil || synced {
			return synced, err
		}
	}
	data, err := m.registrationData(undefined{})
	if err != nil {
		return false, err
	}
	answer, err := m.getJSON(ctx, cloudCall{
		method: http.MethodPost,
		url:    m.cloudURL("/api/v2/register/workspace?resend=" + text(resend)),
		json:   data,
	})
	if err != nil || !truthy(answer) {
		return false, nil //nolint:nilerr // the reason is only logged
	}
	m.update("Cloud_Workspace_Id", property(answer, "id"))
	return true, nil
}

// syncInstead is what a registered workspace does when it is told to register.
func (m *Module) syncInstead(ctx context.Context) error {
	switch {
	case m.rel.Before("3.18"):
		return nil
	case m.rel.Before("6.5"):
		_, err := m.syncLegacy(ctx, true)
		return err
	}
	return m.sync(ctx)
}

// updateEmail is cloud:updateEmail, up to 3.1.
func (m *Module) updateEmail(ctx context.Context, email, resend any) (bool, error) {
	m.update("Organization_Email", email)
	if _, absent := resend.(undefined); absent {
		resend = false
	}
	return m.register(ctx, resend)
}
