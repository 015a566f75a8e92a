package cloud

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/rcreg/registration/internal/httpclient"
	"github.com/rcreg/registration/internal/secret"
)

// SyncReply is what a workspace learns from a sync, as servers do it from 6.5.
type SyncReply struct {
	WorkspaceID   string
	PublicKey     string // empty when the Cloud does not send it
	License       Secret // the text of the license; empty when there is none
	RemoveLicense bool   // the workspace should drop its license
}

// Sync tells the Cloud about the workspace and brings its license: POST <registration_client_uri>/sync (servers from 6.5). Errors: *GrantError,
// ErrInvalidRegistrationData, and *Error with ErrInvalidClient when the Cloud has dropped the workspace, ErrForeignAddress or another kind.
func (c *Client) Sync(ctx context.Context, grant Grant, data RegistrationData) (SyncReply, error) {
	var reply SyncReply
	err := c.postData(ctx, grant, data, "sync", func(body []byte) (err error) {
		reply, err = readSync(body)
		return err
	})
	return reply, err
}

func readSync(body []byte) (SyncReply, error) {
	var reply struct {
		identity
		License       string `json:"license"` // null when there is none
		RemoveLicense bool   `json:"removeLicense"`
	}
	if err := intoObject(&reply)(body); err != nil {
		return SyncReply{}, err
	}
	if err := reply.check(); err != nil {
		return SyncReply{}, err
	}
	return SyncReply{
		WorkspaceID: reply.WorkspaceID, PublicKey: reply.PublicKey, License: secret.New(reply.License), RemoveLicense: reply.RemoveLicense,
	}, nil
}

// identity is what every answer to a sync has in common.
type identity struct {
	WorkspaceID string `json:"workspaceId"`
	PublicKey   string `json:"publicKey"`
}

func (i identity) check() error {
	if i.WorkspaceID == "" {
		return errors.New("it has no workspaceId")
	}
	return nil
}

// LegacySyncReply is what a workspace learns from the sync of servers up to 6.4, which later ones fall back on. What is not for registration is passed on
// as the Cloud sent it, and nil when it sent nothing.
type LegacySyncReply struct {
	WorkspaceID   string
	PublicKey     string // empty when the Cloud does not send it
	Trial         json.RawMessage
	NPS           json.RawMessage
	Banners       json.RawMessage
	Announcements json.RawMessage
}

// SyncLegacy tells the Cloud about the workspace: POST <registration_client_uri>/client (servers up to 6.4; later ones fall back on it). The license is
// asked for with [Client.License]. Errors: those of [Client.Sync].
func (c *Client) SyncLegacy(ctx context.Context, grant Grant, data RegistrationData) (LegacySyncReply, error) {
	var reply LegacySyncReply
	err := c.postData(ctx, grant, data, "client", func(body []byte) (err error) {
		reply, err = readLegacySync(body)
		return err
	})
	return reply, err
}

func readLegacySync(body []byte) (LegacySyncReply, error) {
	var reply struct {
		identity
		Trial         json.RawMessage `json:"trial"`
		NPS           json.RawMessage `json:"nps"`
		Banners       json.RawMessage `json:"banners"`
		Announcements json.RawMessage `json:"announcements"`
	}
	if err := intoObject(&reply)(body); err != nil {
		return LegacySyncReply{}, err
	}
	if err := reply.check(); err != nil {
		return LegacySyncReply{}, err
	}
	return LegacySyncReply{
		WorkspaceID: reply.WorkspaceID, PublicKey: reply.PublicKey,
		Trial: reply.Trial, NPS: reply.NPS, Banners: reply.Banners, Announcements: reply.Announcements,
	}, nil
}

// postData sends registration data to a place below the grant's registration_client_uri.
func (c *Client) postData(ctx context.Context, grant Grant, data RegistrationData, element string, read func([]byte) error) error {
	if err := data.check(); err != nil {
		return err
	}
	address, err := c.clientURL(grant, http.MethodPost+" "+element, element)
	if err != nil {
		return err
	}
	return c.authorized(ctx, grant, ScopeWorkspace, &call{
		name: element, verb: http.MethodPost, url: address, json: data.Reveal(), effect: httpclient.Write,
	}, read)
}
