package cloudmodule

import (
	"context"
	"net/http"
	"time"
)

// preIntentTimeout is the time limit of the question whether the Cloud can be reached.
const preIntentTimeout = 3 * time.Second

// createIntent starts a registration by e-mail. The flag travels as "resent".
func (m *Module) createIntent(ctx context.Context, resend, email any) (any, error) {
	if m.offline() {
		return nil, errOffline
	}
	data, err := m.registrationData(email)
	if err != nil {
		return nil, err
	}
	intent, err := m.getJSON(ctx, cloudCall{
		method: http.MethodPost,
		url:    m.cloudURL("/api/v2/register/workspace/intent?resent=" + text(resend)),
		json:   data,
	})
	if err != nil {
		return nil, err
	}
	if !truthy(intent) {
		return nil, errNoIntent
	}
	return intent, nil
}

// reachesCloud reports whether the Cloud answers, which is all that a pre-intent is good for. Since 6.4 it is not asked
// when the oldest user has no e-mail address.
func (m *Module) reachesCloud(ctx context.Context) (bool, error) {
	if m.offline() {
		return false, nil
	}
	email, err := m.ownerEmail("3.0")
	if err != nil {
		return false, err
	}
	if !truthy(email) {
		if m.rel.Since("6.4") {
			return false, nil
		}
		email = ""
	}
	data, err := m.registrationData(email)
	if err != nil {
		return false, err
	}
	reply, err := m.send(ctx, cloudCall{
		method:  http.MethodPost,
		url:     m.cloudURL("/api/v2/register/workspace/pre-intent"),
		json:    data,
		timeout: preIntentTimeout,
	})
	return err == nil && reply.status < http.StatusBadRequest, nil
}
