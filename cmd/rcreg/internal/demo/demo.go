// Package demo plays the main job on fake workspaces of several versions, over each transport to the Cloud: register, sync, disconnect.
//
//	report, err := demo.Run(ctx, demo.Transports())
//	report.Write(os.Stdout)
//
// All of it runs in this process, on loopback, in a temporary folder and on a virtual clock: no waiting costs real time.
package demo

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/advice"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/workspace"
)

// Report is what happened. Its JSON is that of rcreg demo.
type Report struct {
	Workspaces []Play `json:"workspaces"`
	// Registrations and Syncs are what the fake Cloud has counted.
	Registrations int `json:"cloud_registrations"`
	Syncs         int `json:"cloud_syncs"`
}

// Play is what happened on one workspace.
type Play struct {
	Transport string `json:"transport"` // the transport to the Cloud: see [Transport]
	Version   string `json:"version"`
	// Offline is true where the license forbids the workspace to ask the Cloud.
	Offline bool   `json:"offline_license,omitempty"`
	Steps   []Step `json:"steps"`
}

// Step is one operation.
type Step struct {
	Operation string `json:"operation"`
	// Supported is false where the version cannot do it; Advice then says what to do instead.
	Supported bool               `json:"supported"`
	State     registration.State `json:"state,omitempty"` // afterwards
	// License is the state of the license, where that is all that a sync can refresh.
	License registration.LicenseState `json:"license,omitempty"`
	Calls   []workspace.Call          `json:"calls"` // to the workspace
	// Carried are the files that crossed the air gap after the operation, which was pending until then.
	Carried []string `json:"carried,omitempty"`
	Advice  string   `json:"advice,omitempty"`
}

// Run plays on one workspace of each version of each transport, all of them with one Cloud. The error says what could not be started, or which step
// failed for another reason than that its version cannot do it.
func Run(ctx context.Context, transports []Transport) (Report, error) {
	folder, err := os.MkdirTemp("", "rcreg-demo-")
	if err != nil {
		return Report{}, err
	}
	defer func() { _ = os.RemoveAll(folder) }() // nothing in it is of use to anybody
	s, err := build(folder)                     //nolint:contextcheck // its Cloud is closed, not cancelled
	if err != nil {
		return Report{}, err
	}
	defer s.close()
	var report Report
	for _, transport := range transports {
		for _, version := range transport.Versions {
			play, err := s.play(ctx, transport, version)
			if err != nil {
				return report, fmt.Errorf("the demo of the transport %q on %s: %w", transport.Name, version, err)
			}
			report.Workspaces = append(report.Workspaces, play)
		}
	}
	for _, known := range s.cloud.Workspaces() {
		report.Registrations++
		report.Syncs += known.Syncs
	}
	return report, nil
}

// play runs every operation on a workspace of one version, over one transport.
func (s *stage) play(ctx context.Context, over Transport, version string) (Play, error) {
	options := []registrationtest.Option{registrationtest.WithClock(s.clock), registrationtest.WithCloud(s.cloud)}
	if over.Offline {
		options = append(options, registrationtest.WithLicense(registrationtest.LicenseSpec{Offline: true}))
	}
	fake, err := registrationtest.StartWorkspace(version, options...) //nolint:contextcheck // it is closed, not cancelled
	if err != nil {
		return Play{}, err
	}
	defer fake.Close()
	if over.Name != direct {
		cutOff(fake)
	}
	client, closeClient, err := s.open(ctx, fake, over.Name)
	if err != nil {
		return Play{}, err
	}
	defer closeClient()
	play := Play{Transport: over.Name, Version: version, Offline: over.Offline}
	token := s.cloud.IssueToken()
	for _, operation := range operations(client, over, token) {
		if err := s.run(ctx, &play, client, token, operation); err != nil {
			return play, err
		}
	}
	return play, nil
}

type operation func(context.Context) (registration.Result, error)

// operations are what there is to show over a transport.
func operations(client *registration.Client, over Transport, token string) []operation {
	status := func(ctx context.Context) (registration.Result, error) { return status(ctx, client) }
	disconnect := func(ctx context.Context) (registration.Result, error) { return client.Disconnect(ctx) }
	request := registration.Request{Token: token, ReplaceLicense: true}
	if over.Name == gap {
		request = registration.Request{} // the courier has the token
	}
	register := func(ctx context.Context) (registration.Result, error) { return client.Register(ctx, request) }
	switch {
	case over.Offline && over.Name == direct:
		return []operation{status, register}
	case over.Name == direct:
		return []operation{status, register, client.Sync, disconnect, client.Reconnect}
	}
	return []operation{register, client.Sync, disconnect} // the rest is the same on every transport
}

// run runs an operation, and when it is pending carries the exchange folder and resumes it.
func (s *stage) run(ctx context.Context, play *Play, client *registration.Client, token string, operation operation) error {
	result, err := operation(ctx)
	var pending *registration.PendingError
	if errors.As(err, &pending) {
		step, _ := stepOf(result, nil) // that it is pending is no failure
		if step.Carried, err = s.carry(ctx, token); err != nil {
			return err
		}
		play.Steps = append(play.Steps, step)
		result, err = client.Wait(ctx, pending.Ticket)
	}
	step, err := stepOf(result, err)
	if err == nil {
		play.Steps = append(play.Steps, step)
	}
	return err
}

// open makes a client of the workspace for its administrator.
func (s *stage) open(ctx context.Context, fake *registrationtest.Workspace, transport string) (*registration.Client, func(), error) {
	admin := fake.Admin()
	// From 3.18 to 5.x a setting is only written with a second factor, by default the password.
	password := func(context.Context, workspace.Challenge) (string, error) { return admin.Password, nil }
	ws, err := workspace.New(fake.URL(), workspace.Token(admin.UserID, admin.AuthToken), workspace.WithClock(s.clock), workspace.WithTwoFactor(password))
	if err != nil {
		return nil, nil, err
	}
	closeClient := func() { _ = ws.Close(context.WithoutCancel(ctx)) } // with a token there is no login to end
	over, err := s.transport(transport)
	if err != nil {
		closeClient()
		return nil, nil, err
	}
	client, err := registration.New(ctx, ws, registration.WithTransport(over))
	if err != nil {
		closeClient()
		return nil, nil, err
	}
	return client, closeClient, nil
}

// status asks for the status in the form of the other operations.
func status(ctx context.Context, client *registration.Client) (registration.Result, error) {
	ctx, calls := workspace.Record(ctx)
	found, err := client.Status(ctx)
	return registration.Result{Operation: "status", Before: found, After: found, Calls: calls.List()}, err
}

// stepOf turns what an operation returned into a step. That a version cannot do it is no failure of the demo.
func stepOf(result registration.Result, err error) (Step, error) {
	step := Step{Operation: result.Operation, Supported: true, State: result.After.State, Calls: result.Calls}
	if step.Calls == nil {
		step.Calls = []workspace.Call{}
	}
	if result.License != nil {
		step.License = result.License.After.State
		step.Calls = append(step.Calls, result.License.Calls...)
	}
	var failed *registration.Error
	if errors.Is(err, registration.ErrUnsupported) && errors.As(err, &failed) {
		step.Supported, step.Advice, err = false, advice.InFlags(failed.Remedies), nil
	}
	return step, err
}
