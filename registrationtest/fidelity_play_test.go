package registrationtest

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rcreg/registration/registrationtest/internal/rocketcloud"

	"github.com/rcreg/registration/registrationtest/faults"
)

// recordedLag is the lag of the settings cache in the recordings that have one.
const recordedLag = 20 * time.Millisecond

// pause is what passes between two exchanges: more than the lag, and little enough for the limits.
const pause = 100 * time.Millisecond

// play is a scene that is being replayed.
type play struct {
	t         *testing.T
	scene     scene
	clock     *Clock
	cloud     *Cloud
	workspace *Workspace
	http      *http.Client
	socket    *ddpSocket
	list      string           // the Cloud's support list
	previous  *recording       // the step before this one; nil at the start
	windows   map[string]int64 // by endpoint, when the recorded limit began anew
	asked     askedHeaders
	giveUp    context.CancelFunc // makes the client of the current exchange leave
}

// newPlay starts a fresh Cloud and a fresh workspace of the scene's version.
func newPlay(t *testing.T, s scene) *play {
	t.Helper()
	p := &play{t: t, scene: s, windows: map[string]int64{}, clock: NewClock(time.Date(2026, 11, 23, 23, 0, 0, 0, time.UTC))}
	plan := faults.NewPlan(p.clock)
	plan.Watch(func(step faults.Step) {
		if step.Fault == faults.Hang {
			p.giveUp()
		}
	})
	p.cloud = NewCloud(t, WithClock(p.clock), func(o *options) { o.names = recordedNames }, WithFaults(plan), p.withAskedHeaders)
	p.cloud.cloud.AcceptTokens(func(token string) bool { return strings.HasPrefix(token, "good-token") })
	opts := []Option{WithClock(p.clock), WithCloud(p.cloud)}
	if s.lag() {
		opts = append(opts, WithSettingsLag(recordedLag))
	}
	if len(s.steps) > 0 && s.steps[0].Via == "environment" {
		opts = append(opts, WithRegToken(s.steps[0].Step))
	}
	p.workspace = NewWorkspace(t, s.version, opts...)
	t.Cleanup(p.cloud.Close) // before the workspace, which may wait for it
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	p.http = &http.Client{Transport: transport}
	var err error
	if p.list, err = p.cloud.SignedSupport(); err != nil {
		t.Fatal(err)
	}
	p.setUp("")
	p.clock.Advance(pause)
	return p
}

// recordedNames are the names that the Cloud of the recordings gave.
func recordedNames(kind rocketcloud.Kind, n int) string {
	switch kind {
	case rocketcloud.NameWorkspace:
		return fmt.Sprintf("ws-%d", n)
	case rocketcloud.NameClient:
		return fmt.Sprintf("client-%d", n)
	case rocketcloud.NameSecret:
		return fmt.Sprintf("secret-%d", n)
	case rocketcloud.NamePublicKey:
		return fmt.Sprintf("pubkey-%d", n)
	case rocketcloud.NameSyncedKey:
		return fmt.Sprintf("pubkey-%d-synced", n)
	case rocketcloud.NameAccessToken:
		return fmt.Sprintf("access-%d", n)
	case rocketcloud.NameDevice:
		return "dev-1"
	case rocketcloud.NameUser:
		return "USER-CODE"
	case rocketcloud.NameNotice:
		return "ws-offline-registered"
	default:
		return fmt.Sprintf("%s-%d", kind, n)
	}
}

// setUp applies the table of setups: those from the start, or those from a step on.
func (p *play) setUp(step string) {
	for _, s := range setups() {
		if !s.matches(p.scene.scenario) {
			continue
		}
		if (step == "" && s.step == "") || (step != "" && s.step != "" && strings.HasPrefix(step, s.step)) {
			s.apply(p)
		}
	}
}

// step replays one exchange and returns how it differs from the recording.
func (p *play) step(step *recording) []string {
	p.cloud.ClearFaults()
	p.fillGap(step)
	p.endWindow(step)
	p.setUp(step.Step)
	p.setFaults(step)
	p.setDevices()
	before := jsonValue(p.t, p.workspace.Settings()).(map[string]any)
	if step.Via == "environment" {
		before = nil // everything is a change at start-up
	} else {
		p.cloud.ClearHistory()
		p.asked.clear()
	}
	diffs := append(incomplete(step), p.exchange(step)...)
	diffs = append(diffs, p.compareCalls(step)...)
	diffs = append(diffs, p.compareSettings(step, before)...)
	p.clock.Advance(pause)
	p.previous = step
	return diffs
}

var oneSetting = regexp.MustCompile(`/settings/[^/]+$`)

// limitWindow is the time that the limits of REST calls count in.
const limitWindow = time.Minute

// jitter is how much the end of one window differs between its calls, in milliseconds.
const jitter = 1000

// endWindow lets as much time pass as in the recording, where a limit began anew between two calls.
func (p *play) endWindow(step *recording) {
	reset, err := strconv.ParseInt(step.Response.Headers["x-ratelimit-reset"], 10, 64)
	if err != nil {
		return // no limit
	}
	path, _, _ := strings.Cut(step.Request.Path, "?")
	endpoint := step.Request.Method + " " + oneSetting.ReplaceAllString(path, "/settings/:_id")
	if before, known := p.windows[endpoint]; known && reset > before+jitter {
		p.clock.Advance(limitWindow)
	}
	p.windows[endpoint] = reset
}

// numbered is the name of a call that is repeated, such as "call #11".
var numbered = regexp.MustCompile(`^(.*#)(\d+)( .*|)$`)

// fillGap sends the calls that were left out of a recording: after "call #1" comes "call #8".
func (p *play) fillGap(step *recording) {
	if p.previous == nil {
		return
	}
	before, now := numbered.FindStringSubmatch(p.previous.Step), numbered.FindStringSubmatch(step.Step)
	if before == nil || now == nil || before[1] != now[1] || before[3] != now[3] {
		return
	}
	last, _ := strconv.Atoi(before[2])
	next, _ := strconv.Atoi(now[2])
	for range next - last - 1 {
		p.exchange(step)
		p.clock.Advance(pause)
	}
}

// exchange sends a step's request and compares the reply.
func (p *play) exchange(step *recording) []string {
	switch step.Via {
	case "rest", "method.call":
		return p.rest(step)
	case "ddp-direct":
		return p.direct(step)
	case "ddp-websocket":
		return p.frames(step)
	case "environment":
		return p.startUp(step)
	default:
		return []string{fmt.Sprintf("recorded via %q, which this replay does not know", step.Via)}
	}
}

// setDevices puts the device codes that the Cloud of the recordings knew into their states.
func (p *play) setDevices() {
	const redirect = "http://localhost:3000"
	for code, state := range map[string]DeviceState{
		"dev-1":            DevicePending,
		"dev-pending":      DevicePending,
		"dev-ok":           DeviceConfirmed,
		"dev-unsuccessful": DeviceDenied,
	} {
		p.cloud.cloud.AddDevice(code, "Example Workspace", redirect, rocketcloud.DeviceState(state))
	}
}

// setFaults makes the Cloud fail as it did: the n-th call of a kind as the n-th of the recording.
func (p *play) setFaults(step *recording) {
	byCall := map[faults.Call][]string{}
	for _, recorded := range step.Calls {
		call := callOf(recorded.Path)
		byCall[call] = append(byCall[call], recorded.Fault)
	}
	for call, kinds := range byCall {
		last := len(kinds) - 1
		for i, kind := range kinds {
			fault := faults.Fault{Call: call, Kind: faults.None, Times: 1}
			if kind != "" {
				fault.Kind = faults.Kind(kind)
				fault.Body = faultBody(p, kind, p.scene.scenario, call)
			}
			if kind == "timeout" && step.Response.ClientError != "" {
				fault.Kind = faults.Hang
			}
			if i == last {
				fault.Times = 0 // whatever else is asked meets the same
			}
			p.cloud.SetFault(fault)
		}
	}
}

// callOf finds the kind of a call by its path.
func callOf(path string) faults.Call {
	path, _, _ = strings.Cut(path, "?")
	for suffix, call := range map[string]faults.Call{
		"/api/oauth/clients":                    faults.CallClients,
		"/api/oauth/token":                      faults.CallToken,
		"/api/oauth/revoke":                     faults.CallRevoke,
		"/api/v2/register/workspace":            faults.CallRegister,
		"/api/v2/register/workspace/intent":     faults.CallIntent,
		"/api/v2/register/workspace/pre-intent": faults.CallPreIntent,
		"/api/v2/register/workspace/poll":       faults.CallPoll,
		"/api/v3/comms/workspace":               faults.CallComms,
		"/billing/api/v2/checkout":              faults.CallCheckout,
		"/v2/server/supportedVersions":          faults.CallSupportedVersions,
	} {
		if path == suffix {
			return call
		}
	}
	for suffix, call := range map[string]faults.Call{
		"/client":           faults.CallClient,
		"/sync":             faults.CallSync,
		"/license":          faults.CallLicense,
		"/client/downgrade": faults.CallDowngrade,
	} {
		if strings.HasSuffix(path, suffix) {
			return call
		}
	}
	return faults.AnyCall
}
