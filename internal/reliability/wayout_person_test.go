package reliability_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/offline"
)

// deed is what a person does who follows a remedy.
type deed struct {
	// ends tells which causes the act ends.
	ends mends
	// because reports whether the act fits where things stand, apart from the causes that it ends.
	because func(s standing) bool
	// over reports that nothing can be done, as the remedy says.
	over func(s standing) bool
	// do does it, and returns what the remedy says to run; nil for the same operation again.
	do func(t *testing.T, r *robot, with string) *operation
}

// fits reports whether the act is about what is wrong.
func (d deed) fits(s standing, _ failure.Remedy) bool {
	return d.ends != nil && d.ends(s.cause) || d.because != nil && d.because(s)
}

func deeds() map[failure.Act]deed {
	all := map[failure.Act]deed{}
	for _, some := range []map[failure.Act]deed{aboutTheWay(), aboutTheCloud(), aboutRegistering(), aboutFiles()} {
		for act, does := range some {
			all[act] = does
		}
	}
	return all
}

// aboutTheWay is what is done about the way to the workspace.
func aboutTheWay() map[failure.Act]deed {
	return map[failure.Act]deed{
		failure.RunAgain:         {ends: passing, because: func(s standing) bool { return s.kept }},
		failure.Wait:             {ends: either(passing, at(toWorkspace, limitFront), at(toCloud, limitFront), at(serverWay, limitFront)), do: wait},
		failure.ReadLog:          {ends: either(at(toWorkspace, outage), at(serverWay))},
		failure.CheckConnection:  {ends: at(toWorkspace, outage, badTLS, between, inFront, leadsAway)},
		failure.CheckServer:      {ends: at(toWorkspace, outage)},
		failure.CheckAddress:     {ends: at(toWorkspace, inFront, posing, between, leadsAway)},
		failure.CheckBetween:     {ends: at(toWorkspace, inFront, posing, between, fromCache)},
		failure.SeeCapabilities:  {ends: at(toWorkspace, between)},
		failure.UseAddress:       {ends: at(toWorkspace, leadsAway)},
		failure.LetPass:          {ends: at(toWorkspace, inFront, posing, between)},
		failure.RaiseSize:        {ends: at(toWorkspace, inFront, posing, between)},
		failure.BypassCache:      {ends: at(toWorkspace, fromCache)},
		failure.RaiseLimit:       {ends: at(toWorkspace, limitFront)},
		failure.MatchCertificate: {ends: at(toWorkspace, badTLS)},
		failure.GiveMoreTime:     {ends: passing},
		failure.ReadStatus:       {ends: passing, do: sees},
		failure.ReadStatusLater:  {ends: passing, do: sees},
		failure.ReadLicense:      {ends: passing},
		failure.ApplyAgain:       {ends: passing},
		failure.PassHeaders:      {ends: at(toWorkspace, posing)},
		failure.FixCredentials:   {},
		failure.AskPermission:    {},
	}
}

// aboutTheCloud is what is done about the ways to the Cloud.
func aboutTheCloud() map[failure.Act]deed {
	return map[failure.Act]deed{
		failure.ReachCloud:       {ends: at(toCloud, outage, badTLS, leadsAway)},
		failure.CheckCloudWay:    {ends: at(toCloud, between, inFront, slowFront, posing, fromCache, leadsAway)},
		failure.ServerReachCloud: {ends: at(serverWay)},
		failure.MendServerWay:    {ends: at(serverWay)},
		failure.RunAgainInDoubt:  {ends: either(at(toCloud, outage, limit))},
		failure.KnowsWorkspace: {ends: at(serverWay), because: func(s standing) bool { return !s.known }, do: func(t *testing.T, r *robot, _ string) *operation {
			t.Helper()
			if r.isKnown() {
				return syncsIt()
			}
			r.freshToken()
			return registers(registration.Request{Replace: true})
		}},
	}
}

// aboutRegistering is what is done about a registration.
func aboutRegistering() map[failure.Act]deed {
	unregistered := func(s standing) bool { return s.state == registration.Unregistered }
	isGone := func(s standing) bool { return s.gone && !s.kept && s.state == registration.Unregistered }
	return map[failure.Act]deed{
		failure.NewToken:            {because: isGone, do: renews},
		failure.CheckToken:          {ends: at(serverWay), because: isGone, do: renewsIfGone},
		failure.NewTokenIfRefused:   {ends: passing, because: isGone, do: renewsIfGone},
		failure.RemoveOfThatTime:    {because: isGone, do: renews},
		failure.Register:            {because: unregistered, do: registersIt},
		failure.RegisterAnew:        {because: unregistered, do: registersAnew},
		failure.ReplaceRegistration: {because: func(s standing) bool { return !s.known }, do: forgets},
		failure.ForgetIdentity: {because: func(s standing) bool { return s.state != registration.Unregistered }, do: func(*testing.T, *robot, string) *operation {
			return &operation{name: "disconnect with a new identity", run: disconnect}
		}},
		failure.SeeConsole:    {because: func(s standing) bool { return !s.known }, do: forgets}, // it is not there
		failure.CompleteGrant: {},
		failure.ReplaceAnswer: {},
		failure.Sync:          {ends: either(passing, at(serverWay)), do: func(*testing.T, *robot, string) *operation { return syncsIt() }},
		failure.Reconnect: {because: func(s standing) bool { return s.state == registration.Disconnected }, do: func(*testing.T, *robot, string) *operation {
			return &operation{name: "reconnect", run: reconnect}
		}},
		failure.Confirm: {because: func(s standing) bool { return s.ticket.DeviceCode != "" }, do: func(t *testing.T, r *robot, _ string) *operation {
			t.Helper()
			if err := r.ws.Cloud().ConfirmDevice(r.ticket.DeviceCode); err != nil {
				t.Fatal(err)
			}
			return resumes()
		}},
		failure.CorrectEmail: {ends: at(serverWay)},
		failure.CheckCode:    {ends: at(serverWay), do: func(*testing.T, *robot, string) *operation { return resumes() }},
		failure.StartByEmail: {because: unregistered, do: func(*testing.T, *robot, string) *operation {
			return &operation{name: "register by e-mail", run: registerByEmail}
		}},
		failure.ReplaceLicense: {because: unregistered, do: func(*testing.T, *robot, string) *operation {
			return registers(registration.Request{ReplaceLicense: true})
		}},
	}
}

// aboutFiles is what is done about folders and what is carried.
func aboutFiles() map[failure.Act]deed {
	return map[failure.Act]deed{
		failure.CarryFolder: {because: func(s standing) bool { return s.ticket.Request != "" }, do: func(t *testing.T, r *robot, _ string) *operation {
			t.Helper()
			if err := r.run(t, operation{name: "courier", run: courier}); err != nil {
				return &operation{name: "courier", run: courier}
			}
			return resumes()
		}},
		failure.Settle: {because: func(s standing) bool { return s.cause.where != toCloud || s.cause.passes() }, do: settles},
	}
}

// forgets ends a registration that the console does not show any more.
func forgets(t *testing.T, r *robot, _ string) *operation {
	t.Helper()
	if !before(r.version, "6.5") {
		return &operation{name: "disconnect with a new identity", run: disconnect}
	}
	r.freshToken()
	r.over(t, direct)
	return registers(registration.Request{Replace: true})
}

// settles looks in the console what became of a courier's token, says so, and lets the courier run again.
func settles(t *testing.T, r *robot, with string) *operation {
	t.Helper()
	r.end() // it takes a while
	ledger, err := offline.OpenLedger(filepath.Join(r.dir, "ledger"))
	if err == nil {
		err = errors.Join(ledger.Settle(with, r.isTokenGone(), r.clock.Now()), ledger.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	return renewsIfGone(t, r, "")
}

func wait(_ *testing.T, r *robot, with string) *operation {
	if until, err := time.Parse(time.RFC3339, with); err == nil {
		r.clock.Advance(until.Sub(r.clock.Now()))
	} else {
		r.clock.Advance(tick)
	}
	return nil
}

// sees reads the status, and runs the operation again.
func sees(t *testing.T, r *robot, _ string) *operation {
	t.Helper()
	r.clock.Advance(2 * tick)
	if _, err := r.client.Status(t.Context()); err != nil {
		r.tell("status: %v", err)
	}
	return nil
}

func renews(_ *testing.T, r *robot, _ string) *operation {
	r.freshToken()
	return nil
}

// renewsIfGone looks in the console whether the token was used.
func renewsIfGone(_ *testing.T, r *robot, _ string) *operation {
	if r.isTokenGone() {
		r.freshToken()
	}
	return nil
}

func registersIt(_ *testing.T, r *robot, _ string) *operation {
	if r.isTokenGone() && r.transport != gap {
		r.freshToken()
	}
	return registers(registration.Request{})
}

func registersAnew(_ *testing.T, r *robot, _ string) *operation {
	r.freshToken()
	return registers(registration.Request{})
}

// registers is a registration with the token at hand, in the ways of a request.
func registers(request registration.Request) *operation {
	return &operation{name: "register", run: func(ctx context.Context, _ *testing.T, w *world) (registration.Result, error) {
		if w.transport != gap {
			request.Token = w.token
		}
		return w.client.Register(ctx, request)
	}}
}

func syncsIt() *operation { return &operation{name: "sync", run: syncs} }

func resumes() *operation { return &operation{name: "resume", run: resume} }
