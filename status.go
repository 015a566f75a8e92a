package registration

import (
	"bytes"
	"encoding/json"
)

// State is what a workspace believes about its registration. The Cloud may know better: only a sync asks it.
type State string

// The states of a workspace.
const (
	// Unregistered: the workspace holds no credentials for the Cloud.
	Unregistered State = "unregistered"
	// Registered: the workspace holds credentials and uses them.
	Registered State = "registered"
	// Disconnected: the workspace holds credentials and was told not to use them (3.0 to 6.4); see [Client.Reconnect].
	Disconnected State = "disconnected"
)

// Status is what a workspace says of its registration: the method cloud:checkRegisterStatus, from 4.6 GET cloud.registrationStatus.
type Status struct {
	State State `json:"state"`
	// WorkspaceID is the number under which the Cloud knows the workspace; empty when there is none.
	WorkspaceID string `json:"workspace_id"`
	// UniqueID is the workspace's own identity: 17 characters up to 6.4, a UUID from 6.5.
	UniqueID string `json:"unique_id"`
	// Email is the address of the organization or of the oldest user; often empty.
	Email string `json:"email"`
}

// wireStatus is the status as servers send it. Values of surprising types must not make it unreadable: Register_Server is stored
// as it was sent and comes back in connectToCloud, workspaceId is null after a removal (up to 6.0), and whatever the Cloud answers a server up to 6.4
// is stored as it came.
type wireStatus struct {
	WorkspaceRegistered *bool           `json:"workspaceRegistered"`
	ConnectToCloud      json.RawMessage `json:"connectToCloud"`
	WorkspaceID         looseText       `json:"workspaceId"`
	UniqueID            looseText       `json:"uniqueId"`
	Email               looseText       `json:"email"`
}

// looseText reads any JSON value: a text as it is, null as none, anything else as it is written.
type looseText string

// UnmarshalJSON never fails.
func (t *looseText) UnmarshalJSON(raw []byte) error {
	var text string
	if json.Unmarshal(raw, &text) != nil {
		text = string(raw)
	}
	*t = looseText(text)
	return nil
}

// status translates; ok is false when the reply is not a status at all.
func (w wireStatus) status() (s Status, ok bool) {
	if w.WorkspaceRegistered == nil {
		return Status{}, false
	}
	s = Status{State: Unregistered, WorkspaceID: string(w.WorkspaceID), UniqueID: string(w.UniqueID), Email: string(w.Email)}
	if *w.WorkspaceRegistered {
		s.State = Registered
		if !truthy(w.ConnectToCloud) {
			s.State = Disconnected
		}
	}
	return s, true
}

// truthy judges a JSON value as the server's JavaScript does. An absent value is as good as true: from 6.5 it is absent, not false.
func truthy(value json.RawMessage) bool {
	switch text := string(bytes.TrimSpace(value)); text {
	case "false", "null", `""`, "0", "-0":
		return false
	default:
		return true
	}
}
