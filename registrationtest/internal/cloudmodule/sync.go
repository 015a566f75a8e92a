package cloudmodule

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/rcreg/registration/registrationtest/internal/release"
)

// legacyTimeout is the time limit of the fallback's call since 6.13.
const legacyTimeout = 5 * time.Second

// sync is the sync from 6.5: announcements, then the data; when either fails, the legacy sync. Its error is what that
// one failed of, and nil on a workspace that is not registered, where nothing is done.
func (m *Module) sync(ctx context.Context) error {
	if m.offline() { // a success that did nothing, except for the support list
		m.update(supportSetting, m.buildSupport.Signed)
		return nil
	}
	done, err := m.syncOrFallBack(ctx)
	// Since 6.13 the support window is asked for whatever came before.
	if done || m.rel.Since("6.13") {
		m.refreshSupport(ctx)
	}
	return err
}

func (m *Module) syncOrFallBack(ctx context.Context) (done bool, err error) {
	err = m.syncAnnouncements(ctx)
	if err == nil {
		err = m.syncData(ctx)
	}
	switch {
	case err == nil:
		return true, nil
	case errors.Is(err, errNotRegistered):
		return false, nil
	}
	err = m.syncFallback(ctx)
	if errors.Is(err, errNotRegistered) {
		return false, m.lateForgetting()
	}
	return err == nil, err
}

// lateForgetting is the outcome of a sync that learned that the Cloud has dropped the workspace. The server does not
// wait for its settings to be reset: the reset mostly lands after the fallback's first look at them, so that the fallback
// starts and finds no token.
func (m *Module) lateForgetting() error { return errTokenEmpty }

// syncAccess is what every part of a sync begins with.
func (m *Module) syncAccess(ctx context.Context) (token string, data registrationFields, err error) {
	status, err := m.registration()
	if err != nil {
		return "", nil, err
	}
	if !status.registered {
		return "", nil, errNotRegistered
	}
	token, err = m.accessToken(ctx, tokenWish{fresh: true})
	if err != nil {
		return "", nil, err
	}
	if token == "" {
		return "", nil, errTokenEmpty
	}
	data, err = m.registrationData(undefined{})
	return token, data, err
}

// syncAnnouncements asks for announcements. They have no effect here.
func (m *Module) syncAnnouncements(ctx context.Context) error {
	token, data, err := m.syncAccess(ctx)
	if err != nil {
		return err
	}
	answer, err := m.askCloud(ctx, cloudCall{
		method: http.MethodPost, url: m.cloudURL("/api/v3/comms/workspace"), bearer: token, json: data,
	})
	if err != nil {
		return err
	}
	if m.rel.Has(release.TypedGrants) {
		return checkAnnouncements(answer)
	}
	_, err = m.readProperty(answer, "announcements")
	return err
}

// syncData tells the Cloud about the workspace and takes its license.
func (m *Module) syncData(ctx context.Context) error {
	token, data, err := m.syncAccess(ctx)
	if err != nil {
		return err
	}
	answer, err := m.askCloud(ctx, cloudCall{
		method: http.MethodPost, url: m.clientURI("/sync"), bearer: token, json: data,
	})
	if err != nil {
		return err
	}
	// Before 8.3 the shape is looked at, but what was seen is ignored: a license may be null.
	if m.rel.Has(release.TypedGrants) && (!isText(answer, "workspaceId") || !isText(answer, "license")) {
		return errConnection("WorkspaceSyncPayloadSchema failed type validation")
	}
	license, err := m.readProperty(answer, "license")
	if err != nil {
		return err
	}
	if truthy(property(answer, "removeLicense")) {
		m.RemoveLicense()
		return nil
	}
	return m.applyFromCloud(license)
}

// syncFallback is the legacy sync of the releases from 6.5.
func (m *Module) syncFallback(ctx context.Context) error {
	token, data, err := m.syncAccess(ctx)
	if err != nil {
		return err
	}
	call := cloudCall{method: http.MethodPost, url: m.clientURI("/client"), bearer: token, json: data}
	if m.rel.Since("6.13") {
		call.timeout = legacyTimeout
	}
	answer, err := m.askCloud(ctx, call)
	if err != nil {
		return err
	}
	if truthy(answer) {
		if !m.likesClientAnswer(answer) {
			return errConnection("Invalid response from Rocket.Chat Cloud")
		}
		m.consumeClientAnswer(answer)
	}
	return m.fetchLicense(ctx)
}

// likesClientAnswer is the fallback's look at the shape of the Cloud's answer, which was not there at first.
func (m *Module) likesClientAnswer(answer any) bool {
	if m.rel.Has(release.PickyFallback) {
		for _, key := range []string{"nps", "banners", "announcements"} {
			if _, absent := property(answer, key).(undefined); absent {
				return false
			}
		}
	}
	return !m.rel.Has(release.TypedGrants) || isText(answer, "workspaceId")
}

// askCloud makes a call whose refusal is a connection error.
func (m *Module) askCloud(ctx context.Context, call cloudCall) (any, error) {
	reply, err := m.send(ctx, call)
	if err != nil {
		return nil, err
	}
	if !reply.ok() {
		// The code in the body is read, but the sentence has the status: the error with the code is caught at once.
		return nil, errConnection("Failed to connect to Rocket.Chat Cloud: " + reply.statusText())
	}
	return m.json(reply)
}

func isText(answer any, key string) bool {
	_, ok := property(answer, key).(string)
	return ok
}

// checkAnnouncements is the check of the shape by 8.6, as far as it matters here.
func checkAnnouncements(answer any) error {
	_, list := property(property(answer, "announcements"), "create").([]any)
	if !list {
		return errConnection("Invalid response from Rocket.Chat Cloud")
	}
	return nil
}
