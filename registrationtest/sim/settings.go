package sim

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// postSettings writes settings of the workspace, or of a fleet of the one that ?workspace names, past every check: all of them, or none where it does not have one.
func (s *Server) postSettings(w http.ResponseWriter, r *http.Request) {
	workspace, err := s.chosen(r.URL.Query().Get("workspace")) //nolint:contextcheck // the workspace outlives the request
	if err == nil && workspace == nil {
		err = fmt.Errorf("name the workspace of the fleet: ?workspace=%s", s.fleet.Name(0))
	}
	if err != nil {
		controlError(w, http.StatusNotFound, err.Error())
		return
	}
	var wanted map[string]any
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxControlBody)).Decode(&wanted); err != nil {
		controlError(w, http.StatusBadRequest, "the body is no JSON object of settings and their values")
		return
	}
	known := workspace.Settings()
	for id := range wanted {
		if _, has := known[id]; !has {
			controlError(w, http.StatusNotFound, fmt.Sprintf("Rocket.Chat %s has no setting %.80q that has to do with the Cloud", workspace.Version(), id))
			return
		}
	}
	for id, value := range wanted {
		workspace.Set(id, value)
	}
	controlReply(w, s.state(workspace))
}
