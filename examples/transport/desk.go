package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/failure"
)

// desk is the transport that asks a ticket desk for the token of a workspace. None has to be handed to [registration.Client.Register].
type desk struct {
	url    string
	client *http.Client
}

var _ registration.Poller = desk{}

// newDesk refuses an address that is none where the transport is made: nothing is asked then.
func newDesk(address string) (registration.Transport, error) {
	if at, err := url.Parse(address); err != nil || at.Host == "" {
		return nil, fmt.Errorf("the ticket desk's address %q is none", address)
	}
	return desk{address, &http.Client{Timeout: 30 * time.Second}}, nil
}

// Info: a request is empty, and the workspace itself talks to the Cloud.
func (desk) Info() registration.Info { return registration.Info{Name: "desk", ByWorkspace: true} }

// Register files a request for the workspace, and goes on with it.
func (d desk) Register(ctx context.Context, s *registration.Session, _ registration.Request) error {
	filed, err := d.ask(ctx, http.MethodPost, "/requests", map[string]string{"workspace": s.Address()})
	if err != nil {
		return err
	}
	ticket := s.NewTicket(d.Info())
	ticket.Request = filed.ID
	return d.connect(ctx, s, ticket, filed)
}

// Poll asks whether the request was approved.
func (d desk) Poll(ctx context.Context, s *registration.Session, t registration.Ticket) error {
	filed, err := d.ask(ctx, http.MethodGet, "/requests/"+url.PathEscape(t.Request), nil)
	if err != nil {
		return err
	}
	return d.connect(ctx, s, t, filed)
}

// connect gives the workspace the token, and gives it back to the desk where the workspace certainly did not use it.
func (d desk) connect(ctx context.Context, s *registration.Session, t registration.Ticket, filed request) error {
	if filed.Token == "" {
		return &registration.PendingError{Ticket: t}
	}
	err := s.Connect(ctx, filed.Token)
	var failed *registration.Error
	if unused := errors.As(err, &failed) && failed.Unspent; unused {
		registration.Note(ctx, "the token of request %s was not used, and stays with the desk", filed.ID)
		return err
	}
	if _, keepErr := d.ask(ctx, http.MethodDelete, "/requests/"+url.PathEscape(filed.ID), nil); keepErr != nil {
		registration.Note(ctx, "the desk does not know yet that the token of request %s was used: %v", filed.ID, keepErr)
	}
	return err
}

// request is one at the desk; Token is empty while it is not approved.
type request struct {
	ID    string `json:"id"`
	Token string `json:"token"`
}

// ask calls the desk. It fails before the workspace was asked to change anything: that is what an Error without Op says.
func (d desk) ask(ctx context.Context, verb, path string, body any) (request, error) {
	unsent := func(err error) (request, error) {
		return request{}, &registration.Error{Err: fmt.Errorf("the ticket desk: %w", err), Remedies: failure.Way(failure.InWords, "look at the ticket desk at "+d.url), Unspent: true}
	}
	text, err := json.Marshal(body)
	if err != nil {
		return unsent(err)
	}
	r, err := http.NewRequestWithContext(ctx, verb, d.url+path, bytes.NewReader(text))
	if err != nil {
		return unsent(err)
	}
	resp, err := d.client.Do(r)
	if err != nil {
		return unsent(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode >= http.StatusMultipleChoices {
		return unsent(errors.New(resp.Status))
	}
	const most = 64 << 10
	var filed request
	if err := json.NewDecoder(io.LimitReader(resp.Body, most)).Decode(&filed); err != nil {
		return unsent(err)
	}
	return filed, nil
}
