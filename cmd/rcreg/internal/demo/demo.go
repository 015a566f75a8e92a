// Package demo plays the main job on fake workspaces of several versions: status, register, sync, disconnect, reconnect.
//
//	report, err := demo.Run(ctx, demo.Versions())
//	report.Write(os.Stdout)
//
// All of it runs in this process, on loopback and on a virtual clock: no waiting costs real time.
package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/workspace"
)

// Versions returns a server of each generation that does something differently.
func Versions() []string {
	return []string{"3.0.0", "4.8.0", "5.4.0", "6.4.0", "6.13.0", "8.7.0", "9.0.0"}
}

// Report is what happened. Its JSON is that of rcreg demo.
type Report struct {
	Workspaces []Play `json:"workspaces"`
	// Registrations and Syncs are what the fake Cloud has counted.
	Registrations int `json:"cloud_registrations"`
	Syncs         int `json:"cloud_syncs"`
}

// Play is what happened on one workspace.
type Play struct {
	Version string `json:"version"`
	Steps   []Step `json:"steps"`
}

// Step is one operation.
type Step struct {
	Operation string `json:"operation"`
	// Supported is false where the version cannot do it; Advice then says what to do instead.
	Supported bool               `json:"supported"`
	State     registration.State `json:"state,omitempty"` // afterwards
	Calls     []workspace.Call   `json:"calls"`
	Advice    string             `json:"advice,omitempty"`
}

// Run plays on one workspace of each version, all of them with one Cloud. The error says what could not be started, or which step failed
// for another reason than that its version cannot do it.
func Run(ctx context.Context, versions []string) (Report, error) {
	clock := registrationtest.NewClock(time.Now())
	cloud, err := registrationtest.StartCloud(registrationtest.WithClock(clock)) //nolint:contextcheck // it is closed, not cancelled
	if err != nil {
		return Report{}, err
	}
	defer cloud.Close()
	var report Report
	for _, version := range versions {
		play, err := stage{clock, cloud}.play(ctx, version)
		if err != nil {
			return report, fmt.Errorf("the demo on %s: %w", version, err)
		}
		report.Workspaces = append(report.Workspaces, play)
	}
	for _, known := range cloud.Workspaces() {
		report.Registrations++
		report.Syncs += known.Syncs
	}
	return report, nil
}

// stage is what the plays share.
type stage struct {
	clock *registrationtest.Clock
	cloud *registrationtest.Cloud
}

// play runs every operation on a workspace of one version.
func (s stage) play(ctx context.Context, version string) (Play, error) {
	options := []registrationtest.Option{registrationtest.WithClock(s.clock), registrationtest.WithCloud(s.cloud)}
	fake, err := registrationtest.StartWorkspace(version, options...) //nolint:contextcheck // it is closed, not cancelled
	if err != nil {
		return Play{}, err
	}
	defer fake.Close()
	client, closeClient, err := s.open(ctx, fake)
	if err != nil {
		return Play{}, err
	}
	defer closeClient()
	play := Play{Version: version}
	token := registration.Request{Token: s.cloud.IssueToken()}
	for _, operation := range []func(context.Context) (registration.Result, error){
		func(ctx context.Context) (registration.Result, error) { return status(ctx, client) },
		func(ctx context.Context) (registration.Result, error) { return client.Register(ctx, token) },
		client.Sync,
		func(ctx context.Context) (registration.Result, error) { return client.Disconnect(ctx) },
		client.Reconnect,
	} {
		step, err := stepOf(operation(ctx))
		if err != nil {
			return play, err
		}
		play.Steps = append(play.Steps, step)
	}
	return play, nil
}

// open makes a client of the workspace for its administrator.
func (s stage) open(ctx context.Context, fake *registrationtest.Workspace) (*registration.Client, func(), error) {
	admin := fake.Admin()
	// From 3.18 to 5.x a setting is only written with a second factor, by default the password.
	password := func(context.Context, workspace.Challenge) (string, error) { return admin.Password, nil }
	ws, err := workspace.New(fake.URL(), workspace.Token(admin.UserID, admin.AuthToken), workspace.WithClock(s.clock), workspace.WithTwoFactor(password))
	if err != nil {
		return nil, nil, err
	}
	closeClient := func() { _ = ws.Close(context.WithoutCancel(ctx)) } // with a token there is no login to end
	client, err := registration.New(ctx, ws)
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
	var failed *registration.Error
	if errors.Is(err, registration.ErrUnsupported) && errors.As(err, &failed) {
		step.Supported, step.Advice, err = false, failed.Advice, nil
	}
	return step, err
}
