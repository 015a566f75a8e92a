package sim

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/rcreg/registration/registrationtest/faults"
	"github.com/rcreg/registration/registrationtest/internal/release"
)

// faultsReply is the answer of GET /_sim/faults.
type faultsReply struct {
	Probability float64     `json:"probability"`
	Seed        uint64      `json:"seed"`
	Exchanges   int         `json:"exchanges"`
	Fired       []stepReply `json:"fired"`
}

// stepReply is an exchange that a fault has hit.
type stepReply struct {
	N          int         `json:"n"`
	Side       faults.Side `json:"side"`
	Call       faults.Call `json:"call"`
	Method     string      `json:"method,omitempty"` // absent for a method call in a WebSocket
	Path       string      `json:"path"`
	Kind       faults.Kind `json:"kind"`
	After      bool        `json:"after"`
	Later      int64       `json:"later_ms,omitempty"`
	CarriedOut bool        `json:"carried_out"`
}

// faultRequest is the body of POST /_sim/faults.
type faultRequest struct {
	Side    faults.Side `json:"side"`
	Call    faults.Call `json:"call"`
	Kind    faults.Kind `json:"kind"`
	After   bool        `json:"after"`
	Later   int64       `json:"later_ms"`
	Nth     int         `json:"nth"`
	Times   int         `json:"times"`
	Body    string      `json:"body"`
	Version string      `json:"version"` // of a restart
	// Workspace is the name of the one that restarts, in a fleet.
	Workspace string `json:"workspace"`
}

func (s *Server) getFaults(w http.ResponseWriter, _ *http.Request) {
	answer := faultsReply{s.config.Faults, s.config.Seed, s.faults.Count(), []stepReply{}}
	for _, step := range s.faults.Fired() {
		answer.Fired = append(answer.Fired, stepReply{
			step.N, step.Side, step.Call, step.Method, step.Path, step.Fault, step.After, step.Later.Milliseconds(), step.CarriedOut,
		})
	}
	controlReply(w, answer)
}

func (s *Server) postFault(w http.ResponseWriter, r *http.Request) {
	var asked faultRequest
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxControlBody)).Decode(&asked); err != nil {
		controlError(w, http.StatusBadRequest, "the body is no JSON of a fault")
		return
	}
	fault, err := s.faultOf(asked) //nolint:contextcheck // the workspace outlives the request
	if err != nil {
		controlError(w, http.StatusBadRequest, err.Error())
		return
	}
	s.faults.Set(fault)
	s.getFaults(w, r)
}

// faultOf reads a fault, as far as a server can show it.
func (s *Server) faultOf(asked faultRequest) (faults.Fault, error) {
	fault := faults.Fault{
		Side: asked.Side, Call: asked.Call, Kind: asked.Kind, After: asked.After, Nth: asked.Nth, Times: asked.Times, Body: asked.Body,
		Later: time.Duration(asked.Later) * time.Millisecond,
	}
	switch {
	case !asked.Kind.Known():
		return faults.Fault{}, fmt.Errorf("there is no kind %q of a fault; see docs/sim.md", asked.Kind)
	case asked.Kind == faults.Refused, asked.Kind == faults.Certificate, asked.Kind == faults.NotProcessed:
		return faults.Fault{}, fmt.Errorf("a server that listens cannot show the fault %q", asked.Kind)
	case asked.Side != faults.AnySide && asked.Side != faults.Workspace && asked.Side != faults.Cloud:
		return faults.Fault{}, errors.New(`side is neither "workspace" nor "cloud"`)
	case asked.Later < 0 || asked.Later > time.Hour.Milliseconds():
		return faults.Fault{}, errors.New("later_ms is between 0 and an hour")
	case asked.Nth < 0 || asked.Times < 0:
		return faults.Fault{}, errors.New("nth and times are counted from 1")
	}
	if asked.Kind == faults.Restart {
		if _, err := release.Parse(asked.Version); err != nil {
			return faults.Fault{}, err
		}
		workspace, err := s.chosen(asked.Workspace)
		if err != nil {
			return faults.Fault{}, err
		}
		if workspace == nil {
			return faults.Fault{}, errors.New(`name the "workspace" of the fleet that restarts, such as "w00001"`)
		}
		fault.Do = func() { _ = workspace.Upgrade(asked.Version) } // it is a version, and the settings were read before
	}
	return fault, nil
}

func (s *Server) deleteFaults(w http.ResponseWriter, r *http.Request) {
	s.faults.Drop(faults.AnySide)
	s.getFaults(w, r)
}
