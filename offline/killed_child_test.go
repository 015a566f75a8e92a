package offline_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/grants"
	"github.com/rcreg/registration/internal/safedir"
	"github.com/rcreg/registration/offline"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/relay"
	"github.com/rcreg/registration/workspace"
)

// killedVariable tells a child process what to do: a trial, as JSON.
const killedVariable = "REGISTRATION_KILLED_TRIAL"

// trial is a registration that is to be killed at one of its steps, and then to be gone on with.
type trial struct {
	Transport      transport
	Workspace      string
	UserID         string
	AuthToken      string
	UniqueID       string
	Cloud          string
	Token          string
	Email          string              // asks for a message, in the place of the token
	Ticket         registration.Ticket // of a registration by e-mail
	WithoutLicense bool                // in the grant
	KeepGrants     bool                // at the courier's
	Path           string              // of all folders
	KillAt         int                 // a step, counted from 1; 0 is none
	Tells          bool                // prints as its last line what it says of tokens, as a [toldOfTokens]
}

// toldOfTokens is what a result says of registration tokens.
type toldOfTokens struct {
	Lost    int  // of earlier runs
	Unspent bool // the one of this run
}

// transport is how a trial registers.
type transport string

const (
	byRelay  transport = "relay"  // with a token
	byEmail  transport = "e-mail" // through a relay, once it was confirmed
	overAGap transport = "gap"    // request, courier and answer, one after the other
)

// runKilled is the child process: it prints each step, and dies at one.
func runKilled(ctx context.Context, text string) error {
	var t trial
	if err := json.Unmarshal([]byte(text), &t); err != nil {
		return err
	}
	result, err := t.run(ctx, &steps{killAt: t.KillAt, seen: map[string]int{}, names: func(name string) { fmt.Fprintln(os.Stdout, name) }})
	if err != nil || !t.Tells {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(toldOfTokens{result.LostTokens, result.Unspent || !result.Changed})
}

// What a child process exits with when it does not exit well.
const (
	exitFailed = 1 + iota
	exitTokenUsed
	exitOutcomeUnknown
)

func exitCode(err error) int {
	switch {
	case err == nil:
		return 0
	case errors.Is(err, registration.ErrRejected) && errors.Is(err, cloud.ErrTokenUsed):
		return exitTokenUsed
	case errors.Is(err, offline.ErrOutcomeUnknown):
		return exitOutcomeUnknown
	}
	return exitFailed
}

// run registers, or goes on with what an earlier run has left.
func (t trial) run(ctx context.Context, s *steps) (registration.Result, error) {
	connections := &http.Transport{}
	defer connections.CloseIdleConnections()
	way := wire{RoundTripper: connections, steps: s, withoutLicense: t.WithoutLicense}
	clock := registrationtest.NewClock(killedStart())
	ws, err := workspace.New(t.Workspace, workspace.Token(t.UserID, t.AuthToken), workspace.WithRoundTripper(way), workspace.WithClock(clock))
	if err != nil {
		return registration.Result{}, err
	}
	toCloud, err := cloud.New(cloud.WithURL(t.Cloud), cloud.WithRoundTripper(way), cloud.WithClock(clock))
	if err != nil {
		return registration.Result{}, err
	}
	if err := t.open(); err != nil {
		return registration.Result{}, err
	}
	transport, err := t.transport(toCloud, s)
	if err != nil {
		return registration.Result{}, err
	}
	client, err := registration.New(ctx, ws, registration.WithTransport(transport))
	if err != nil {
		return registration.Result{}, err
	}
	result, err := t.register(ctx, client, toCloud, s)
	return result, errors.Join(err, ws.Close(ctx))
}

// killedStart is when every trial begins.
func killedStart() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

// open opens the folders of a transport as a program does that was just started.
func (t trial) open() error {
	if t.Transport != overAGap {
		_, pendingErr := grants.Open(t.at("pending"))
		_, registeredErr := grants.Open(t.at("registered"))
		return errors.Join(pendingErr, registeredErr)
	}
	_, folderErr := offline.OpenFolder(t.at("exchange"))
	_, stateErr := offline.OpenState(t.at("state"))
	ledger, err := offline.OpenLedger(t.at("ledger"))
	if err == nil {
		err = ledger.Close()
	}
	return errors.Join(folderErr, stateErr, err)
}

func (t trial) at(folder string) string { return filepath.Join(t.Path, folder) }

// transport is the transport, in folders whose changes are steps.
func (t trial) transport(toCloud *cloud.Client, s *steps) (registration.Transport, error) {
	if t.Transport == overAGap {
		return offline.NewTransport(offline.FolderOn(s.on(t.at("exchange"))), offline.StateOn(s.on(t.at("state"))))
	}
	return relay.New(toCloud, grants.In(safedir.On(s.on(t.at("pending"))), "grants"), relay.LicensesWith(grants.In(safedir.On(s.on(t.at("registered"))), "grants")))
}

func (t trial) register(ctx context.Context, client *registration.Client, toCloud *cloud.Client, s *steps) (registration.Result, error) {
	switch t.Transport {
	case byRelay:
		return client.Register(ctx, registration.Request{Token: t.Token, Email: t.Email})
	case byEmail:
		return client.Resume(ctx, t.Ticket)
	}
	result, err := client.Register(ctx, registration.Request{})
	var pending *registration.PendingError
	if !errors.As(err, &pending) {
		return result, err
	}
	if err := t.carry(ctx, toCloud, s); err != nil {
		return result, err
	}
	return client.Resume(ctx, pending.Ticket)
}

// carry runs a courier over the exchange folder.
func (t trial) carry(ctx context.Context, toCloud *cloud.Client, s *steps) (err error) {
	ledger, err := offline.LedgerOn(s.on(t.at("ledger")))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, ledger.Close()) }()
	tokens, err := offline.ParseTokens([]byte(t.UniqueID + " " + t.Token))
	if err != nil {
		return err
	}
	c := &offline.Courier{
		Cloud: toCloud, Tokens: tokens, Folder: offline.FolderOn(s.on(t.at("exchange"))), Ledger: ledger, KeepGrants: t.KeepGrants,
		Clock: registrationtest.NewClock(killedStart()),
	}
	report, err := c.Run(ctx)
	for _, item := range report.Items {
		err = errors.Join(err, item.Err)
	}
	return err
}
