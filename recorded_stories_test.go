package registration_test

import (
	"context"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/registrationtest"
)

// story is one operation on a server that answers as recorded. Steps are named "scenario/step"; "(*)" stands for the call that the version's client makes.
type story struct {
	name   string
	before string   // the status before
	acts   []string // what the act is answered
	after  string   // the status after it
	proof  string   // the sync that proves new credentials, up to 6.4
	run    func(context.Context, *registration.Client, *registrationtest.Clock) (registration.Result, error)
	want   []outcome
}

// outcome is how a story ends, since a version.
type outcome struct {
	since   string
	kind    error
	changed bool
	proved  bool
	absent  bool // the story cannot happen there
	nothing bool // nothing is asked beyond the status before
	silent  bool // nothing at all is asked
	last    bool // nothing is asked after the act
	again   bool // the act is asked for twice
}

func (s story) script(o outcome) []string {
	switch {
	case o.silent:
		return nil
	case o.nothing:
		return []string{s.before}
	}
	script := append([]string{s.before}, s.acts...)
	if o.again {
		script = append(script, s.acts...)
	}
	if o.last {
		return script
	}
	script = append(script, s.after)
	if o.proved {
		script = append(script, s.proof, s.after)
	}
	return script
}

// The statuses that several stories begin or end with.
const (
	unregistered = "connect/status after empty token (*)"
	registered   = "connect/status after good token (*)"
	disconnected = "reconnect-by-setting/status after disconnect (*)"
	provenSync   = "sync-registered/sync (*)"
	failedSync   = "removed-in-cloud/sync again" // false up to 6.4
)

func doRegister(ctx context.Context, c *registration.Client, _ *registrationtest.Clock) (registration.Result, error) {
	return c.Register(ctx, registration.Request{Token: "good-token"})
}

func doSync(ctx context.Context, c *registration.Client, _ *registrationtest.Clock) (registration.Result, error) {
	return c.Sync(ctx)
}

func doDisconnect(ctx context.Context, c *registration.Client, _ *registrationtest.Clock) (registration.Result, error) {
	return c.Disconnect(ctx)
}

func doForget(ctx context.Context, c *registration.Client, _ *registrationtest.Clock) (registration.Result, error) {
	return c.Disconnect(ctx, registration.ForgetIdentity())
}

func doReconnect(ctx context.Context, c *registration.Client, _ *registrationtest.Clock) (registration.Result, error) {
	return c.Reconnect(ctx)
}

func doStartEmail(ctx context.Context, c *registration.Client, _ *registrationtest.Clock) (registration.Result, error) {
	return c.Register(ctx, registration.Request{Email: "a@b.test"})
}

func doResume(ctx context.Context, c *registration.Client, clock *registrationtest.Clock) (registration.Result, error) {
	status, err := c.Status(ctx)
	if err != nil {
		return registration.Result{}, err
	}
	return c.Resume(ctx, registration.Ticket{
		TicketFormat: 1, Transport: "direct", UniqueID: status.UniqueID, DeviceCode: "dev-ok", Expires: clock.Now().Add(time.Minute),
	})
}

func stories() []story {
	all := registerStories()
	all = append(all, syncStories()...)
	all = append(all, disconnectStories()...)
	return append(all, emailStories()...)
}

// refused is a registration that the Cloud, or what stands for it, did not grant.
func refused(name, scenario, act string) story {
	return story{
		name: name, before: unregistered, acts: []string{scenario + "/" + act}, after: scenario + "/status after (*)", run: doRegister,
		want: []outcome{{since: "3.0", kind: registration.ErrRejected, changed: false}},
	}
}

func registerStories() []story {
	ok := []outcome{{since: "3.0", changed: true, proved: true}, {since: "6.5", changed: true}}
	return []story{
		{name: "register", before: unregistered, acts: []string{"connect/good token"}, proof: provenSync, after: registered, run: doRegister, want: ok},
		{
			name: "C1 register on a registered workspace", before: registered, acts: []string{"connect/good token"}, run: doRegister,
			want: []outcome{{since: "3.0", nothing: true}},
		},
		{
			name: "register on a disconnected workspace", before: disconnected, acts: []string{disconnected}, run: doRegister,
			want: []outcome{{since: "3.0", kind: registration.ErrAlreadyRegistered, nothing: true}, {since: "6.5", absent: true}},
		},
		{
			name: "bad token", before: unregistered, acts: []string{"connect/bad token"}, after: "connect/status after bad token (*)", run: doRegister,
			want: []outcome{{since: "3.0", kind: registration.ErrRejected}},
		},
		refused("the Cloud answers 500", "connect-fault-500", "connect: cloud 500"),
		refused("the Cloud answers 500 with a page", "connect-fault-html500", "connect: cloud 500 with html body"),
		refused("the Cloud answers nothing", "connect-fault-empty", "connect: cloud 201/200 with empty body"),
		refused("the Cloud answers null", "connect-fault-null", "connect: cloud 200 with body null"),
		refused("the Cloud answers half a JSON", "connect-fault-malformed", "connect: cloud 200 with malformed JSON"),
		refused("the Cloud hangs up", "connect-fault-reset", "connect: cloud drops the connection"),
		{
			name: "the Cloud hangs", before: unregistered, acts: []string{"connect-timeout/cloud never answers"}, after: "connect-timeout/status after (*)", run: doRegister,
			want: []outcome{{since: "3.0", kind: registration.ErrOutcomeUnknown}, {since: "6.4", kind: registration.ErrRejected}},
		},
		{
			name: "A8 B1 B2 only the token endpoint fails", before: unregistered, run: doRegister,
			acts:  []string{"connect-token-endpoint-500/connect while only /api/oauth/token answers 500"},
			after: "connect-token-endpoint-500/status after (*)", proof: failedSync,
			want: []outcome{
				{since: "3.0", kind: registration.ErrSyncFailed, changed: true, proved: true},
				{since: "3.18", kind: registration.ErrSyncFailed, changed: true, proved: true},
				{since: "6.5", changed: true},
			},
		},
		{
			name: "B2 all but the grant fails", before: unregistered, run: doRegister,
			acts:  []string{"connect-all-else-500/connect while everything but /api/oauth/clients answers 500"},
			after: "connect-all-else-500/status after (*)", proof: failedSync,
			want: []outcome{
				{since: "3.0", kind: registration.ErrSyncFailed, changed: true, proved: true},
				{since: "3.18", kind: registration.ErrSyncFailed, changed: true, proved: true},
				{since: "6.5", changed: true},
			},
		},
		{
			name: "B3 B4 grant without a license", before: unregistered, run: doRegister,
			acts:  []string{"connect-no-licenseData/cloud answers without licenseData"},
			after: "connect-no-licenseData/status after (*)", proof: provenSync,
			want: []outcome{{since: "3.0", changed: true, proved: true}, {since: "6.5", kind: registration.ErrRejected}},
		},
		{
			name: "B2 license that does not verify", before: unregistered, run: doRegister,
			acts:  []string{"bad-license-from-cloud/connect: cloud hands out a license the server cannot verify"},
			after: "bad-license-from-cloud/status after (*)", proof: provenSync,
			want: []outcome{{since: "3.0", changed: true, proved: true}, {since: "6.5", changed: true}},
		},
	}
}
