package diagnose_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"go.uber.org/goleak"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/diagnose"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/workspace"
)

// registeredAnswers answers as a registered workspace does, with an owner who has an e-mail address.
func registeredAnswers() map[string]httpmock.Responder {
	return map[string]httpmock.Responder{
		"GET /api/info":                        jsonReply(`{"version":"8.7.0","success":true}`),
		"GET /api/v1/cloud.registrationStatus": jsonReply(`{"registrationStatus":{"workspaceRegistered":true,"workspaceId":"w","uniqueId":"u","email":"ops@example.com"},"success":true}`),
		"POST /api/v1/cloud.registerPreIntent": jsonReply(`{"success":true,"offline":true}`),
	}
}

// syncs is a transport whose syncs end with an answer.
type syncs struct {
	info   registration.Info
	answer error
}

func (s syncs) Info() registration.Info { return s.info }

func (s syncs) Register(context.Context, *registration.Session, registration.Request) error {
	return nil
}

func (s syncs) Sync(context.Context, *registration.Session) error { return s.answer }

func inWords(text string) []failure.Remedy { return failure.Way(failure.InWords, text) }

// TestSays what a sync ended with, and what that shows of the workspace's own connection to the Cloud.
func TestSays(t *testing.T) {
	t.Parallel()
	cause := errors.New("the disk is full")
	refused := fmt.Errorf("the workspace answered false: %w", workspace.ErrRefused)
	lost := fmt.Errorf("connection reset: %w", workspace.ErrReplyLost)
	limited := &workspace.Error{Operation: "POST cloud.syncWorkspace", Kind: workspace.ErrRateLimited}
	for name, tc := range map[string]struct {
		over           string
		answer         error
		severity       diagnose.Severity
		evidence, next string
		fits           string
	}{
		"success":            {"direct", nil, ok, "a sync over the transport direct succeeds", "", "direct"},
		"success, relayed":   {"relay", nil, ok, "a sync over the transport relay succeeds", "", ""},
		"refused":            {"direct", refused, problem, "the sync failed: the workspace answered false: ", "", ""},
		"lost":               {"direct", lost, unseen, "the outcome is unknown: ", "sync again", ""},
		"rate limited":       {"direct", limited, unseen, "there were too many calls: ", "wait", ""},
		"advice alone":       {"relay", &registration.Error{Remedies: inWords("plug it in")}, problem, "sync failed", "plug it in", ""},
		"a kind":             {"relay", &registration.Error{Kind: registration.ErrForbidden, Remedies: inWords("ask")}, problem, "the user may not do this", "ask", ""},
		"a cause":            {"relay", &registration.Error{Err: cause, Remedies: inWords("tidy up")}, problem, "the disk is full", "tidy up", ""},
		"a kind and a cause": {"relay", &registration.Error{Kind: registration.ErrForbidden, Err: cause, Remedies: inWords("ask")}, problem, "the user may not do this: the disk is full", "ask", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ws, _ := mocked(t, "https://chat.example.com", registeredAnswers())
			over := syncs{registration.Info{Name: tc.over, ByWorkspace: tc.over == "direct"}, tc.answer}
			d := diagnose.Run(t.Context(), ws, diagnose.TrySync(), diagnose.ClientOptions(registration.WithTransport(over)))
			checkFindings(t, d, severities{diagnose.CheckSync: tc.severity})
			f, _ := d.Finding(diagnose.CheckSync)
			if exact := !strings.HasSuffix(tc.evidence, ": "); !strings.HasPrefix(f.Evidence, tc.evidence) || exact && f.Evidence != tc.evidence || !strings.Contains(f.Advice(), tc.next) {
				t.Errorf("got %+v", f)
			}
			if d.Transport != tc.fits {
				t.Errorf("%q fits, want %q: %+v", d.Transport, tc.fits, d.Findings)
			}
		})
	}
}

func TestSyncsWithConsentOnly(t *testing.T) {
	t.Parallel()
	ws := start(t, "8.7.0")
	ws.register(t)
	ws.Cloud().ClearHistory()
	d := ws.run(t)
	checkFindings(t, d, severities{diagnose.CheckStatus: ok, diagnose.CheckSync: skipped})
	if f, _ := d.Finding(diagnose.CheckSync); !strings.Contains(f.Evidence, "without consent") || len(ws.Cloud().History()) != 0 {
		t.Errorf("got %+v, and %d calls to the Cloud", f, len(ws.Cloud().History()))
	}
}

// TestWhatTheMachineSees of a Cloud that the workspace does not reach.
func TestWhatTheMachineSees(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		answer    httpmock.Responder
		evidence  string
		transport string
	}{
		"an answer":       {jsonReply(`{"signed":"x"}`), "reaches https://cloud.rocket.chat", "relay"},
		"no line":         {httpmock.NewErrorResponder(errors.New("dead")), "does not reach", "offline"},
		"a page":          {answers(200, "text/html", "<html>"), "reaches https://cloud.rocket.chat", "relay"},
		"nothing there":   {answers(404, "text/plain", "no"), "reaches https://cloud.rocket.chat", "relay"},
		"a redirect":      {answers(302, "text/html", "").HeaderSet(http.Header{"Location": {"https://cloud.rocket.chat/login"}}), "reaches https://cloud.rocket.chat", "relay"},
		"a Cloud that is": {answers(500, "application/json", `{"error":"broken"}`), "does not answer well (HTTP 500)", "relay"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ws, _ := mocked(t, "https://chat.example.com", registeredAnswers())
			d := diagnose.Run(t.Context(), ws, askMocked(t, tc.answer))
			if f, _ := d.Finding(diagnose.CheckMachineCloud); !strings.Contains(f.Evidence, tc.evidence) || d.Transport != tc.transport {
				t.Errorf("%q fits: %+v", d.Transport, f)
			}
		})
	}
}

// TestThatIsEnded while it looks blames nobody for what it could not see.
func TestThatIsEnded(t *testing.T) {
	t.Parallel()
	const status = "GET /api/v1/cloud.registrationStatus"
	cases := map[string]struct {
		at   int // the reply to the status of this number is the last thing that happens
		fail error
		want severities
	}{
		"at the status":     {1, errors.New("dead"), severities{diagnose.CheckCredentials: unseen, diagnose.CheckStatus: skipped}},
		"behind the status": {1, nil, severities{diagnose.CheckStatus: ok, diagnose.CheckWorkspaceCloud: unseen, diagnose.CheckMachineCloud: unseen, diagnose.CheckVersionList: unseen, diagnose.CheckSync: unseen}},
		"before the sync":   {2, nil, severities{diagnose.CheckStatus: ok, diagnose.CheckSync: unseen}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			responders := registeredAnswers()
			reply, n := responders[status], 0
			responders[status] = func(r *http.Request) (*http.Response, error) {
				if n++; n < tc.at {
					return reply(r)
				}
				cancel()
				if tc.fail != nil {
					return nil, tc.fail
				}
				return reply(r)
			}
			ws, _ := mocked(t, "https://chat.example.com", responders)
			d := diagnose.Run(ctx, ws, diagnose.TrySync(), askMocked(t, jsonReply(`{"signed":"x"}`)))
			checkFindings(t, d, tc.want)
			if f, _ := d.Finding(diagnose.CheckCredentials); tc.fail != nil && !strings.Contains(f.Evidence, "was interrupted before this was seen") || d.Worst() != unseen {
				t.Errorf("got %+v", d.Findings)
			}
		})
	}
}

// TestWithoutTime says of what it had no time for that it is unknown, and never that all is well.
func TestWithoutTime(t *testing.T) {
	t.Parallel()
	mute := func(r *http.Request) (*http.Response, error) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	for _, at := range []string{"GET /api/info", "GET /api/v1/cloud.registrationStatus", "POST /api/v1/cloud.registerPreIntent", "POST /api/v1/cloud.syncWorkspace", "the Cloud"} {
		t.Run(at, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				responders, ofCloud := registeredAnswers(), jsonReply(`{"signed":"x"}`)
				if responders[at] = mute; at == "the Cloud" {
					delete(responders, at)
					ofCloud = mute
				}
				ws, _ := mocked(t, "https://chat.example.com", responders)
				ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
				defer cancel()
				d := diagnose.Run(ctx, ws, diagnose.TrySync(), askMocked(t, ofCloud))
				unknown := slices.DeleteFunc(slices.Clone(d.Findings), func(f diagnose.Finding) bool { return f.Severity != unseen })
				if d.Worst() != unseen || len(unknown) == 0 || !strings.Contains(unknown[0].Evidence, "time ran out") || !strings.Contains(unknown[0].Advice(), "more time") {
					t.Errorf("got %+v", d.Findings)
				}
			})
		})
	}
}

// TestTheListAlone: the host of the list of supported versions is another than the Cloud's own, and no transport needs it.
func TestTheListAlone(t *testing.T) {
	t.Parallel()
	dead := httpmock.NewErrorResponder(errors.New("dead"))
	for name, tc := range map[string]struct {
		cloud, list  httpmock.Responder
		want, listed diagnose.Severity
		transport    string
	}{
		"the list is out of reach":  {answers(404, "text/plain", "no"), dead, ok, info, "relay"},
		"a proxy blocks the list":   {answers(404, "text/plain", "no"), answers(403, "text/html", "<html>"), ok, info, "relay"},
		"the Cloud is out of reach": {dead, jsonReply(`{"signed":"x"}`), info, ok, "offline"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mock := httpmock.NewMockTransport()
			mock.RegisterResponder("GET", `=~^https://cloud\.example\.com`, tc.cloud)
			mock.RegisterResponder("GET", `=~^https://releases\.example\.com`, tc.list)
			client, err := cloud.New(cloud.WithURL("https://cloud.example.com"), cloud.WithReleasesURL("https://releases.example.com"), cloud.WithRoundTripper(mock), cloud.WithClock(registrationtest.NewClock(clienttest.Began())))
			if err != nil {
				t.Fatal(err)
			}
			ws, _ := mocked(t, "https://chat.example.com", registeredAnswers())
			d := diagnose.Run(t.Context(), ws, diagnose.AskCloud(client))
			checkFindings(t, d, severities{diagnose.CheckMachineCloud: tc.want, diagnose.CheckVersionList: tc.listed})
			if d.Transport != tc.transport {
				t.Errorf("%q fits, want %q: %+v", d.Transport, tc.transport, d.Findings)
			}
		})
	}
}

// ownContext is a context of the caller's own kind: whoever derives one from it has a goroutine until the derived one is cancelled.
type ownContext struct {
	context.Context
	done chan struct{}
}

func (c ownContext) Done() <-chan struct{} { return c.done }

// TestLeavesNothingBehind: no look holds its time once it is over.
func TestLeavesNothingBehind(t *testing.T) { //nolint:paralleltest // it counts goroutines
	before := goleak.IgnoreCurrent()
	ws, _ := mocked(t, "https://chat.example.com", registeredAnswers())
	ctx := ownContext{t.Context(), make(chan struct{})}
	d := diagnose.Run(ctx, ws, askMocked(t, jsonReply(`{"signed":"x"}`)))
	checkFindings(t, d, severities{diagnose.CheckMachineCloud: ok, diagnose.CheckWorkspaceCloud: warning})
	goleak.VerifyNone(t, before)
}
