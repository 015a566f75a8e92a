package cloudmodule

import (
	"context"
	"net/http"
)

// syncLegacy is the sync up to 6.4: access token, client, license. It returns false for whatever the Cloud did not
// answer as hoped; anyway ignores the wish.
func (m *Module) syncLegacy(ctx context.Context, anyway bool) (bool, error) {
	status, err := m.registration()
	if err != nil || !status.registered || (!anyway && !truthy(status.wish)) {
		return false, err
	}
	answer, told, err := m.tellClient(ctx)
	if err != nil {
		return false, err
	}
	if m.rel.Since("5.4") { // the license is asked for whether the rest worked or not
		if told {
			m.consumeClientAnswer(answer)
		}
		return told, m.fetchLicense(ctx)
	}
	if synced := told && m.fetchLicense(ctx) == nil; !synced {
		return false, nil
	}
	m.consumeClientAnswer(answer)
	return true, nil
}

// tellClient tells the Cloud about the workspace. Its answer may be nil.
func (m *Module) tellClient(ctx context.Context) (answer any, told bool, err error) {
	token, err := m.accessToken(ctx, tokenWish{fresh: true})
	if err != nil || token == "" {
		return nil, false, err
	}
	data, err := m.syncRequestData()
	if err != nil {
		return nil, false, err
	}
	answer, err = m.getJSON(ctx, cloudCall{
		method: http.MethodPost, url: m.clientURI("/client"), bearer: token, json: data,
	})
	return answer, err == nil, nil // the reason is only logged
}

// consumeClientAnswer stores what the legacy sync brought.
func (m *Module) consumeClientAnswer(answer any) {
	if key := property(answer, "publicKey"); truthy(key) {
		m.update("Cloud_Workspace_PublicKey", key)
	}
	trial := property(answer, "trial")
	if truthy(property(trial, "trialID")) || truthy(property(trial, "trialId")) {
		m.update("Cloud_Workspace_Had_Trial", true) // a setting that the releases before 4.8 do not have
	}
}
