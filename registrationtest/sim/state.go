package sim

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/registrationtest/internal/redact"
)

// state is the answer of GET /_sim/state. That of a fleet has nothing of a workspace unless it is asked about one.
type state struct {
	Version      string                `json:"version,omitempty"`
	WorkspaceURL string                `json:"workspace_url,omitempty"`
	CloudURL     string                `json:"cloud_url"`
	CloudMode    registrationtest.Mode `json:"cloud_mode"`
	SpentTokens  int                   `json:"spent_tokens"`
	Fleet        *fleetState           `json:"fleet,omitempty"`
	Workspaces   []workspaceState      `json:"workspaces"`
	Devices      []deviceState         `json:"devices"`
	Settings     map[string]any        `json:"settings,omitempty"`
}

// fleetState is what a simulated fleet tells about itself.
type fleetState struct {
	Count   int `json:"count"`
	Made    int `json:"made"`     // those that were asked something
	TooMany int `json:"too_many"` // calls that were refused with 429
}

type workspaceState struct {
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

type deviceState struct {
	Code     string                       `json:"code"`
	UserCode string                       `json:"user_code"`
	Email    string                       `json:"email"`
	State    registrationtest.DeviceState `json:"state"`
	Expires  time.Time                    `json:"expires"`
	Polls    int                          `json:"polls"`
}

// state collects what the control API tells about the Cloud and one workspace, or none. Secrets are left out.
func (s *Server) state(workspace *registrationtest.Workspace) state {
	state := state{
		CloudURL:    s.cloud.URL(),
		CloudMode:   s.cloud.Mode(),
		SpentTokens: len(s.cloud.SpentTokens()),
		Workspaces:  []workspaceState{},
		Devices:     []deviceState{},
	}
	if s.fleet != nil {
		state.Fleet = &fleetState{s.fleet.Len(), s.fleet.Made(), s.fleet.TooMany()}
	}
	for _, w := range s.cloud.Workspaces() {
		state.Workspaces = append(state.Workspaces, workspaceState{
			w.ID, w.ClientID, w.Name, w.Email, w.Address, w.UniqueID, w.Version, w.Syncs, w.Removed,
		})
	}
	for _, d := range s.cloud.Devices() {
		state.Devices = append(state.Devices, deviceState{d.Code, d.UserCode, d.Email, d.State, d.Expires, d.Polls})
	}
	if workspace != nil {
		state.Version, state.WorkspaceURL, state.Settings = workspace.Version(), workspace.URL(), shownSettings(workspace)
	}
	return state
}

// shownSettings are those of a workspace without their secrets.
func shownSettings(workspace *registrationtest.Workspace) map[string]any {
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

// exchange is one entry of GET /_sim/history.
type exchange struct {
	Time   time.Time       `json:"time"`
	Method string          `json:"method"`
	Path   string          `json:"path"`
	Query  string          `json:"query,omitempty"`
	Body   json.RawMessage `json:"body,omitempty"` // JSON as it is, anything else as a text
	Status int             `json:"status"`         // 0 when the connection was dropped
}

// getState answers about the workspace, or of a fleet about the one that ?workspace names.
func (s *Server) getState(w http.ResponseWriter, r *http.Request) {
	workspace, err := s.chosen(r.URL.Query().Get("workspace")) //nolint:contextcheck // the workspace outlives the request
	if err != nil {
		controlError(w, http.StatusNotFound, err.Error())
		return
	}
	controlReply(w, s.state(workspace))
}

// getHistory tells what was asked; the paths tell the workspaces of a fleet apart.
func (s *Server) getHistory(w http.ResponseWriter, _ *http.Request) {
	asked := s.workspace.History
	if s.fleet != nil {
		asked = s.fleet.History
	}
	controlReply(w, map[string][]exchange{
		"workspace": exchanges(asked()),
		"cloud":     exchanges(s.cloud.History()),
	})
}

func exchanges(history []registrationtest.Exchange) []exchange {
	list := make([]exchange, 0, len(history))
	for _, e := range history {
		entry := exchange{Time: e.Time, Method: e.Method, Path: e.Path, Query: e.Query, Status: e.Status}
		if json.Valid(e.Body) {
			entry.Body = e.Body
		} else if len(e.Body) > 0 {
			entry.Body, _ = json.Marshal(string(e.Body)) // a string always marshals
		}
		list = append(list, entry)
	}
	return list
}
