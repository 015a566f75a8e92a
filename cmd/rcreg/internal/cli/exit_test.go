package cli_test

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"github.com/rcreg/registration/registrationtest"
)

// exitCase is one command on one workspace, and how it must end.
type exitCase struct {
	name    string
	version string
	prepare func(*bench)
	args    string
	exit    int
	kind    string // of the error; empty for none
	state   string // afterwards, as the answer says; empty where it says none
	advice  string // a part of it
}

// bench has the workspace as the command finds it.
func (c exitCase) bench(t *testing.T) *bench {
	t.Helper()
	b := newBench(t, c.version)
	if c.prepare != nil {
		c.prepare(b)
	}
	return b
}

func exitCases() []exitCase {
	registered := (*bench).register
	disconnected := func(b *bench) { b.register(); b.must(0, "disconnect") }
	return []exitCase{
		{name: "status", version: "5.4.0", args: "status", state: "unregistered"},
		{name: "status over DDP", version: "3.0.0", args: "status", state: "unregistered"},
		{name: "status registered", version: "9.0.0", prepare: registered, args: "status", state: "registered"},
		{name: "status as nobody", version: "5.4.0", prepare: wrongToken, args: "status", exit: 1, kind: "unauthorized", advice: "user id"},
		{name: "status as a user", version: "8.7.0", prepare: ordinaryUser, args: "status", exit: 1, kind: "forbidden", advice: "manage-cloud"},
		{name: "status of something else", version: "5.4.0", prepare: webPage, args: "status", exit: 1, kind: "not_rocket_chat", advice: "address"},
		{name: "status of nothing", version: "5.4.0", prepare: nobodyThere, args: "status", exit: 1, kind: "unreachable", advice: "address"},
		{name: "status out of time", version: "5.4.0", args: "status --timeout 1ns", exit: 1, kind: "timeout", advice: "--timeout"},
		{name: "status before 3.0", version: "5.4.0", prepare: tooOld, args: "status", exit: 4, kind: "unsupported_version", advice: "upgrade"},
		{name: "status of a hosted workspace", version: "5.4.0", prepare: hosted, args: "status", exit: 4, kind: "unsupported", advice: "host"},
		{name: "register", version: "6.4.0", prepare: freshToken, args: "register", state: "registered"},
		{name: "register again", version: "6.4.0", prepare: registered, args: "register", state: "registered"},
		{name: "register disconnected", version: "6.4.0", prepare: disconnected, args: "register", exit: 1, kind: "already_registered", advice: "reconnect"},
		{name: "register refused", version: "8.7.0", prepare: wrongRegistrationToken, args: "register", exit: 1, kind: "rejected", advice: "token"},
		{name: "register by e-mail", version: "4.8.0", args: "register --email ops@example.com", exit: 3, kind: "pending", advice: "rcreg resume"},
		{name: "register by e-mail too early", version: "4.3.0", args: "register --email ops@example.com", exit: 4, kind: "unsupported", advice: "token"},
		{name: "register a lost reply", version: "9.0.0", prepare: losing("cloud.connectWorkspace", freshToken), args: "register", state: "registered"},
		{name: "sync", version: "6.13.0", prepare: registered, args: "sync", state: "registered"},
		{name: "sync unregistered", version: "6.13.0", args: "sync", exit: 1, kind: "not_registered", advice: "register"},
		{name: "sync removed", version: "9.0.0", prepare: removed, args: "sync", exit: 1, kind: "removed_from_cloud", advice: "new token"},
		{name: "sync failed", version: "6.4.0", prepare: cloudDown, args: "sync", exit: 1, kind: "sync_failed", advice: "Cloud"},
		{name: "sync a lost reply", version: "9.0.0", prepare: losing("cloud.syncWorkspace", registered), args: "sync", exit: 5, kind: "outcome_unknown", advice: "sync again"},
		{name: "disconnect", version: "5.4.0", prepare: registered, args: "disconnect", state: "disconnected"},
		{name: "disconnect again", version: "5.4.0", prepare: disconnected, args: "disconnect", state: "disconnected"},
		{name: "disconnect unregistered", version: "5.4.0", args: "disconnect", exit: 1, kind: "not_registered"},
		{name: "disconnect too late", version: "6.5.0", prepare: registered, args: "disconnect", exit: 4, kind: "unsupported", advice: "--forget-identity"},
		{name: "disconnect and forget", version: "6.5.0", prepare: registered, args: "disconnect --forget-identity --yes", state: "unregistered"},
		{name: "disconnect and forget unconfirmed", version: "6.5.0", args: "disconnect --forget-identity", exit: 2, kind: "usage", advice: "--yes"},
		{name: "reconnect", version: "6.0.0", prepare: disconnected, args: "reconnect", state: "registered"},
		{name: "reconnect registered", version: "6.0.0", prepare: registered, args: "reconnect", state: "registered"},
		{name: "reconnect unregistered", version: "6.0.0", args: "reconnect", exit: 1, kind: "not_registered"},
		{name: "reconnect too late", version: "9.0.0", args: "reconnect", exit: 4, kind: "unsupported", advice: "sync"},
		{name: "reconnect without the second factor", version: "5.4.0", prepare: disconnected, args: "reconnect", exit: 1, kind: "two_factor_required", advice: "RCREG_PASSWORD"},
		{name: "reconnect with the second factor", version: "5.4.0", prepare: withPassword(disconnected), args: "reconnect", state: "registered"},
		{name: "capabilities", version: "3.0.0", args: "capabilities"},
		{name: "support", version: "9.0.0", prepare: fakeSupport, args: "support", state: "supported"},
		{name: "support over", version: "5.4.0", prepare: fakeSupport, args: "support", exit: 1, state: "unsupported"},
		{name: "support unverified", version: "9.0.0", prepare: unverifiableSupport, args: "support", exit: 1, kind: "failed"},
		{name: "doctor", version: "9.0.0", prepare: withSupport(registered), args: "doctor"},
		{name: "doctor finds a problem", version: "9.0.0", prepare: withSupport(wrongToken), args: "doctor", exit: 1},
		{name: "doctor finds nothing there", version: "9.0.0", prepare: withSupport(nobodyThere), args: "doctor", exit: 1},
		{name: "license show too early", version: "3.0.0", args: "license show", exit: 4, kind: "unsupported"},
		{name: "license apply", version: "9.0.0", prepare: licenseOnStdin, args: "license apply --file -", state: "in-force"},
		{name: "license refused", version: "9.0.0", prepare: noLicenseOnStdin, args: "license apply --file -", exit: 1, kind: "license_refused"},
		{name: "license empty", version: "9.0.0", args: "license apply --file -", exit: 2, kind: "invalid_input", advice: "license"},
		{name: "a copy", version: "9.0.0", prepare: registered, args: "deployment confirm new-workspace --yes", state: "unregistered"},
		{name: "a move", version: "9.0.0", prepare: registered, args: "deployment confirm updated-configuration --yes", state: "registered"},
		{name: "a copy unconfirmed", version: "9.0.0", prepare: registered, args: "deployment confirm new-workspace", exit: 2, kind: "usage", advice: "--yes"},
		{name: "a copy too early", version: "6.4.0", args: "deployment confirm new-workspace --yes", exit: 4, kind: "unsupported"},
		{name: "register by a relay", version: "6.13.0", prepare: byRelay, args: "register --via relay", state: "registered"},
		{name: "register by a relay refused", version: "6.13.0", prepare: func(b *bench) { byRelay(b); wrongRegistrationToken(b) }, args: "register --via relay", exit: 1, kind: "rejected", advice: "token"},
		{name: "sync by a relay without the grant", version: "6.13.0", prepare: func(b *bench) { byRelay(b); b.register() }, args: "sync --via relay", exit: 4, kind: "unsupported", advice: "--keep-grants"},
		{name: "register across a gap", version: "6.13.0", args: "register --via offline --exchange EXCHANGE", exit: 3, kind: "pending", advice: "rcreg offline apply --exchange"},
		{name: "apply too early", version: "6.13.0", prepare: asked, args: "offline apply --exchange EXCHANGE", exit: 3, kind: "pending", advice: "rcreg offline apply --exchange"},
		{name: "apply", version: "6.13.0", prepare: answered, args: "offline apply --exchange EXCHANGE", state: "registered"},
		{name: "apply nothing", version: "6.13.0", args: "offline apply --exchange EXCHANGE", exit: 2, kind: "usage", advice: "rcreg offline request"},
		{name: "withdraw nothing", version: "6.13.0", args: "offline withdraw --exchange EXCHANGE --request aaaaaaaaaaaaaaaa", exit: 2, kind: "unknown_request", advice: "rcreg offline status"},
		{name: "request a license", version: "6.13.0", prepare: registered, args: "license request --exchange EXCHANGE", exit: 3, kind: "pending", advice: "rcreg offline apply --exchange"},
		{name: "request a license too early", version: "3.0.0", prepare: registered, args: "license request --exchange EXCHANGE", exit: 4, kind: "unsupported"},
		{name: "request a license unregistered", version: "6.13.0", args: "license request --exchange EXCHANGE", exit: 1, kind: "not_registered", advice: "register"},
		{name: "disconnect behind a gap", version: "5.4.0", prepare: registered, args: "disconnect --via offline", state: "disconnected"},
		{name: "resume nothing", version: "5.4.0", args: "resume", exit: 2, kind: "usage", advice: "--email"},
	}
}

func TestExitCodes(t *testing.T) {
	t.Parallel()
	for _, c := range exitCases() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := c.bench(t).line(c.args + " --output json")
			read := got.json(t)
			state := read.Status.State + read.State + read.After.State
			if got.exit != c.exit || read.Error.Kind != c.kind || state != c.state || !strings.Contains(read.Error.Advice, c.advice) {
				t.Errorf("exit %d, kind %q, state %q, advice %q, want %d, %q, %q, …%s…\n%s%s",
					got.exit, read.Error.Kind, state, read.Error.Advice, c.exit, c.kind, c.state, c.advice, got.stdout, got.stderr)
			}
			if got.stderr != "" {
				t.Errorf("stderr beside JSON: %s", got.stderr)
			}
		})
	}
}

// The same in text: the exit code is the same, and an error goes to stderr with what to do next.
func TestExitCodesInText(t *testing.T) {
	t.Parallel()
	for _, c := range exitCases() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := c.bench(t).line(c.args)
			if got.exit != c.exit {
				t.Errorf("exit %d, want %d", got.exit, c.exit)
			}
			failed, said := c.kind != "", strings.Contains(got.stderr, "Next") && strings.Contains(got.stderr, c.advice)
			if failed != said || failed == (got.stdout != "") {
				t.Errorf("stdout %q, stderr %q", got.stdout, got.stderr)
			}
			if strings.Contains(got.stdout+got.stderr, "\x1b") {
				t.Errorf("colours without a terminal: %q", got.stdout+got.stderr)
			}
			if c.state != "" && !strings.Contains(got.stdout, c.state) {
				t.Errorf("stdout does not say %s: %s", c.state, got.stdout)
			}
		})
	}
}

func freshToken(b *bench)             { b.env["RCREG_REGISTRATION_TOKEN"] = b.fake.Cloud().IssueToken() }
func wrongRegistrationToken(b *bench) { b.env["RCREG_REGISTRATION_TOKEN"] = "bad-registration-token" }
func wrongToken(b *bench)             { b.env["RCREG_AUTH_TOKEN"] = "no-such-auth-token" }
func ordinaryUser(b *bench)           { b.as(b.fake.User()) }

func withPassword(prepare func(*bench)) func(*bench) {
	return func(b *bench) {
		prepare(b)
		b.env["RCREG_PASSWORD"] = b.fake.Admin().Password
	}
}

func removed(b *bench) {
	b.register()
	for _, known := range b.fake.Cloud().Workspaces() {
		if err := b.fake.Cloud().Remove(known.ID); err != nil {
			b.t.Fatal(err)
		}
	}
}

func cloudDown(b *bench) {
	b.register()
	b.fake.Cloud().SetMode(registrationtest.CloudDown)
}

func webPage(b *bench) { b.answering("text/html", "<!DOCTYPE html><title>Example</title>") }
func tooOld(b *bench)  { b.answering("application/json", `{"version":"2.4.0","success":true}`) }
func hosted(b *bench)  { b.env["RCREG_WORKSPACE"] = "https://example.rocket.chat" }

// answering puts a server in the workspace's place that answers everything in one way.
func (b *bench) answering(contentType, body string) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		_, _ = w.Write([]byte(body))
	}))
	b.t.Cleanup(server.Close)
	b.env["RCREG_WORKSPACE"] = server.URL
}

func nobodyThere(b *bench) {
	b.env["RCREG_WORKSPACE"] = "http://127.0.0.1:1" // the port of tcpmux; one that was just closed may be another test's by now
}

// losing puts a proxy in front of the workspace that carries requests, and loses the replies of one endpoint.
func losing(endpoint string, prepare func(*bench)) func(*bench) {
	return func(b *bench) {
		prepare(b)
		target, err := url.Parse(b.fake.URL())
		if err != nil {
			b.t.Fatal(err)
		}
		proxy := httputil.NewSingleHostReverseProxy(target)
		proxy.ModifyResponse = func(reply *http.Response) error {
			if strings.HasSuffix(reply.Request.URL.Path, endpoint) {
				panic(http.ErrAbortHandler)
			}
			return nil
		}
		proxy.Transport = &http.Transport{DisableKeepAlives: true}
		server := httptest.NewServer(proxy)
		b.t.Cleanup(server.Close)
		b.env["RCREG_WORKSPACE"] = server.URL
	}
}
