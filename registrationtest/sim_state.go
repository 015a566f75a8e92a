package registrationtest

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/rcreg/registration/registrationtest/internal/redact"
)

// simState is the answer of GET /_sim/state. That of a fleet has nothing of a workspace unless it is asked about one.
type simState struct {
	Version      string         `json:"version,omitempty"`
	WorkspaceURL string         `json:"workspace_url,omitempty"`
	CloudURL     string         `json:"cloud_url"`
	CloudMode    Mode           `json:"cloud_mode"`
	SpentTokens  int            `json:"spent_tokens"`
	Fleet        *simFleet      `json:"fleet,omitempty"`
	Workspaces   []simWorkspace `json:"workspaces"`
	Devices      []simDevice    `json:"devices"`
	Settings     map[string]any `json:"settings,omitempty"`
}

// simFleet is what a simulated fleet tells about itself.
type simFleet struct {
	Count   int `json:"count"`
	Made    int `json:"made"`     // those that were asked something
	TooMany int `json:"too_many"` // calls that were refused with 429
}

type simWorkspace struct {
	ID       string `json:"id"`
	ClientID string `json:"client_id"`
	Name     string `json:"name"`
	Email    string `json:"email"`
	Address  string `json:"address"`
	UniqueID string `json:"unique_id"`
	Version  string `json:"version"`
	Syncs    int    `json:"syncs"`
	Removed  bool   `json:"removed"`
}

type simDevice struct {
	Code     string      `json:"code"`
	UserCode string      `json:"user_code"`
	Email    string      `json:"email"`
	State    DeviceState `json:"state"`
	Expires  time.Time   `json:"expires"`
	Polls    int         `json:"polls"`
}

// state collects what the control API tells about the Cloud and one workspace, or none. Secrets are left out.
func (s *Sim) state(workspace *Workspace) simState {
	state := simState{
		CloudURL:    s.cloud.URL(),
		CloudMode:   s.cloud.cloud.Mode(),
		SpentTokens: len(s.cloud.SpentTokens()),
		Workspaces:  []simWorkspace{},
		Devices:     []simDevice{},
	}
	if s.fleet != nil {
		state.Fleet = &simFleet{s.fleet.Len(), s.fleet.Made(), s.fleet.TooMany()}
	}
	for _, w := range s.cloud.Workspaces() {
		state.Workspaces = append(state.Workspaces, simWorkspace{
			w.ID, w.ClientID, w.Name, w.Email, w.Address, w.UniqueID, w.Version, w.Syncs, w.Removed,
		})
	}
	for _, d := range s.cloud.Devices() {
		state.Devices = append(state.Devices, simDevice{d.Code, d.UserCode, d.Email, d.State, d.Expires, d.Polls})
	}
	if workspace != nil {
		state.Version, state.WorkspaceURL, state.Settings = workspace.Version(), workspace.URL(), shownSettings(workspace)
	}
	return state
}

// shownSettings are those of a workspace without their secrets.
func shownSettings(workspace *Workspace) map[string]any {
	shown := map[string]any{}
	for id, value := range workspace.Settings() {
		if secretSetting(id) && value != "" && value != nil {
			value = redact.Placeholder
		}
		shown[id] = value
	}
	return shown
}

// secretSetting reports whether the value of a setting is a secret.
func secretSetting(id string) bool {
	return strings.HasSuffix(id, "_Secret") || strings.HasSuffix(id, "_Access_Token") || strings.HasSuffix(id, "_License") ||
		strings.HasSuffix(id, "_License_Data")
}

// simExchange is one entry of GET /_sim/history.
type simExchange struct {
	Time   time.Time       `json:"time"`
	Method string          `json:"method"`
	Path   string          `json:"path"`
	Query  string          `json:"query,omitempty"`
	Body   json.RawMessage `json:"body,omitempty"` // JSON as it is, anything else as a text
	Status int             `json:"status"`         // 0 when the connection was dropped
}

// getState answers about the workspace, or of a fleet about the one that ?workspace names.
func (s *Sim) getState(w http.ResponseWriter, r *http.Request) {
	workspace, err := s.chosen(r.URL.Query().Get("workspace")) //nolint:contextcheck // the workspace outlives the request
	if err != nil {
		controlError(w, http.StatusNotFound, err.Error())
		return
	}
	controlReply(w, s.state(workspace))
}

// getHistory tells what was asked; the paths tell the workspaces of a fleet apart.
func (s *Sim) getHistory(w http.ResponseWriter, _ *http.Request) {
	asked := s.workspace.History
	if s.fleet != nil {
		asked = s.fleet.front.history
	}
	controlReply(w, map[string][]simExchange{
		"workspace": simHistory(asked()),
		"cloud":     simHistory(s.cloud.History()),
	})
}

func simHistory(history []Exchange) []simExchange {
	list := make([]simExchange, 0, len(history))
	for _, e := range history {
		entry := simExchange{Time: e.Time, Method: e.Method, Path: e.Path, Query: e.Query, Status: e.Status}
		if json.Valid(e.Body) {
			entry.Body = e.Body
		} else if len(e.Body) > 0 {
			entry.Body, _ = json.Marshal(string(e.Body)) // a string always marshals
		}
		list = append(list, entry)
	}
	return list
}
