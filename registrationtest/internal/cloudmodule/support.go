package cloudmodule

import (
	"context"
	"net/http"
	"time"
)

const (
	supportSetting = "Cloud_Workspace_Supported_Versions_Token"
	supportPath    = "/v2/server/supportedVersions"
	supportTimeout = 5 * time.Second
)

// Support is a signed list of supported versions.
type Support struct {
	Signed    string // a JWT
	Timestamp time.Time
}

// SupportedVersions returns the signed list that the server shows in /api/info from 6.5, and asks the Cloud for it when
// there is none yet.
func (m *Module) SupportedVersions(ctx context.Context) string {
	if signed := m.settings.String(supportSetting); signed != "" {
		return signed
	}
	return m.refreshSupport(ctx)
}

// refreshSupport asks the Cloud for the list and keeps it, or the one that the server was built with.
func (m *Module) refreshSupport(ctx context.Context) string {
	chosen := m.buildSupport
	if offered, ok := m.fetchSupport(ctx); ok && m.prefers(offered, chosen) {
		chosen = offered
	}
	m.update(supportSetting, chosen.Signed)
	return chosen.Signed
}

// prefers tells which list is taken: the latest one. Before 6.13 the comparison is the wrong way round.
func (m *Module) prefers(offered, current Support) bool {
	if current.Signed == "" {
		return true
	}
	if m.rel.Before("6.13") {
		return offered.Timestamp.Before(current.Timestamp)
	}
	return offered.Timestamp.After(current.Timestamp)
}

func (m *Module) fetchSupport(ctx context.Context) (Support, bool) {
	if m.offline() {
		return Support{}, false
	}
	call := cloudCall{method: http.MethodGet, url: m.releasesURL() + supportPath, timeout: supportTimeout}
	if token, err := m.accessToken(ctx, tokenWish{}); err == nil && token != "" {
		call.bearer = token
	}
	reply, err := m.send(ctx, call)
	if err != nil || !reply.ok() {
		return Support{}, false
	}
	answer, err := m.json(reply)
	if err != nil {
		return Support{}, false
	}
	signed, _ := property(answer, "signed").(string)
	stamp, _ := property(answer, "timestamp").(string)
	timestamp, err := time.Parse(time.RFC3339, stamp)
	return Support{Signed: signed, Timestamp: timestamp}, err == nil && signed != ""
}

// releasesURL is the address of the service that has the list: a host of its own on the real Cloud.
func (m *Module) releasesURL() string {
	if m.releases != "" {
		return m.releases
	}
	return m.cloudURL("")
}
