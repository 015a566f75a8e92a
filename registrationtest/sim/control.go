package sim

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/rcreg/registration/registrationtest"
)

// maxControlBody is the largest request that the control API reads, in bytes.
const maxControlBody = 1 << 16

// control is the control API; docs/sim.md describes it.
func (s *Server) control() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /_sim/state", s.getState)
	mux.HandleFunc("GET /_sim/history", s.getHistory)
	mux.HandleFunc("POST /_sim/reset", s.postReset)
	mux.HandleFunc("POST /_sim/tokens", s.postToken)
	mux.HandleFunc("POST /_sim/offline", s.postOffline)
	mux.HandleFunc("GET /_sim/licenses/{kind}", s.getLicense)
	mux.HandleFunc("POST /_sim/devices/{code}/confirm", s.postDevice((*registrationtest.Cloud).ConfirmDevice))
	mux.HandleFunc("POST /_sim/devices/{code}/deny", s.postDevice((*registrationtest.Cloud).DenyDevice))
	mux.HandleFunc("POST /_sim/devices/{code}/expire", s.postDevice((*registrationtest.Cloud).ExpireDevice))
	mux.HandleFunc("POST /_sim/workspaces/{id}/remove", s.postRemove)
	mux.HandleFunc("POST /_sim/settings", s.postSettings)
	mux.HandleFunc("POST /_sim/cloud", s.postCloud)
	mux.HandleFunc("GET /_sim/faults", s.getFaults)
	mux.HandleFunc("POST /_sim/faults", s.postFault)
	mux.HandleFunc("DELETE /_sim/faults", s.deleteFaults)
	mux.HandleFunc("/_sim/", func(w http.ResponseWriter, _ *http.Request) {
		controlError(w, http.StatusNotFound, "no such call; see docs/sim.md")
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-s.ready:
			mux.ServeHTTP(w, r)
		case <-r.Context().Done():
		}
	})
}

func (s *Server) postReset(w http.ResponseWriter, _ *http.Request) {
	if err := s.Reset(); err != nil { //nolint:contextcheck // the workspace outlives the request
		controlError(w, http.StatusInternalServerError, err.Error())
		return
	}
	controlReply(w, s.info())
}

// info is what the first line tells, of one workspace or of a fleet.
func (s *Server) info() any {
	if s.fleet != nil {
		return s.FleetInfo()
	}
	return s.Info()
}

func (s *Server) postToken(w http.ResponseWriter, _ *http.Request) {
	controlReply(w, map[string]string{"registration_token": s.cloud.IssueToken()})
}

// postOffline is the page "Continue offline" of the Cloud console: it takes the text of a workspace and answers with the code, both as they are copied.
func (s *Server) postOffline(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxControlBody))
	if err != nil {
		controlError(w, http.StatusBadRequest, "the text cannot be read")
		return
	}
	code, err := s.cloud.RegisterOffline(strings.TrimSpace(string(text)))
	if err != nil {
		controlError(w, http.StatusBadRequest, "this is not the text that a workspace gives for an offline registration")
		return
	}
	w.Header().Set("Content-Type", "text/plain")
	_, _ = io.WriteString(w, code+"\n") // a client that has left is no concern of the simulation
}

// postDevice tells the Cloud what a person did about the device code of the path.
func (s *Server) postDevice(act func(*registrationtest.Cloud, string) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.answerState(w, act(s.cloud, r.PathValue("code")))
	}
}

func (s *Server) postRemove(w http.ResponseWriter, r *http.Request) {
	s.answerState(w, s.cloud.Remove(r.PathValue("id")))
}

func (s *Server) postCloud(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Mode registrationtest.Mode `json:"mode"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxControlBody)).Decode(&body); err != nil {
		controlError(w, http.StatusBadRequest, "the body is not JSON")
		return
	}
	switch body.Mode {
	case registrationtest.CloudUp, registrationtest.CloudDown, registrationtest.CloudSlow, registrationtest.CloudNonsense:
		s.cloud.SetMode(body.Mode)
		s.answerState(w, nil)
	default:
		controlError(w, http.StatusBadRequest, `mode is none of "up", "down", "slow" and "nonsense"`)
	}
}

// answerState answers with the state after an action, or with the error of the action.
func (s *Server) answerState(w http.ResponseWriter, err error) {
	switch {
	case errors.Is(err, registrationtest.ErrNotFound):
		controlError(w, http.StatusNotFound, err.Error())
	case err != nil:
		controlError(w, http.StatusInternalServerError, err.Error())
	default:
		controlReply(w, s.state(s.workspace))
	}
}

func controlReply(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(value) // a client that has left is no concern of the simulation
}

func controlError(w http.ResponseWriter, status int, sentence string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": sentence})
}
