package cloud

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/rcreg/registration/internal/httpclient"
)

// Communications is what the Cloud wants to tell the people of a workspace, as the Cloud sent it. Servers from 6.5 ask for it first in every sync.
type Communications struct {
	WorkspaceID string // may be empty
	PublicKey   string // may be empty
	NPS         json.RawMessage
	// Create and Delete are the announcements to show, and those to show no more.
	Create, Delete []json.RawMessage
}

// Communications asks for announcements: POST /api/v3/comms/workspace. Errors: those of [Client.Sync].
func (c *Client) Communications(ctx context.Context, grant Grant, data RegistrationData) (Communications, error) {
	if err := data.check(); err != nil {
		return Communications{}, err
	}
	var reply Communications
	err := c.authorized(ctx, grant, ScopeWorkspace, &call{
		name: "comms/workspace", verb: http.MethodPost, url: c.at("api", "v3", "comms", "workspace"),
		json: data.Reveal(), effect: httpclient.Write,
	}, func(body []byte) (err error) {
		reply, err = readCommunications(body)
		return err
	})
	return reply, err
}

func readCommunications(body []byte) (Communications, error) {
	var reply struct {
		identity
		NPS           json.RawMessage `json:"nps"`
		Announcements *struct {
			Create []json.RawMessage `json:"create"`
			Delete []json.RawMessage `json:"delete"`
		} `json:"announcements"`
	}
	if err := intoObject(&reply)(body); err != nil {
		return Communications{}, err
	}
	if reply.Announcements == nil {
		return Communications{}, errors.New("it has no announcements")
	}
	return Communications{
		WorkspaceID: reply.WorkspaceID, PublicKey: reply.PublicKey, NPS: reply.NPS,
		Create: reply.Announcements.Create, Delete: reply.Announcements.Delete,
	}, nil
}
