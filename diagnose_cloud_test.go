package registration_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"
	"go.uber.org/goleak"
	"go.uber.org/mock/gomock"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/workspace"
)

// releasesThatSay makes a diagnosis ask a Cloud that always answers so.
func releasesThatSay(t *testing.T, answer httpmock.Responder) registration.DiagnoseOption {
	t.Helper()
	mock := httpmock.NewMockTransport()
	mock.RegisterNoResponder(answer)
	client, err := cloud.New(cloud.WithRoundTripper(mock), cloud.WithClock(registrationtest.NewClock(testStart)))
	if err != nil {
		t.Fatal(err)
	}
	return registration.ClientOptions(registration.WithCloud(client))
}

// registeredAnswers answers as a registered workspace does, with an owner who has an e-mail address.
func registeredAnswers() map[string]httpmock.Responder {
	return map[string]httpmock.Responder{
		"GET /api/info":                        jsonReply(`{"version":"8.7.0","success":true}`),
		"GET /api/v1/cloud.registrationStatus": jsonReply(`{"registrationStatus":{"workspaceRegistered":true,"workspaceId":"w","uniqueId":"u","email":"ops@example.com"},"success":true}`),
		"POST /api/v1/cloud.registerPreIntent": jsonReply(`{"success":true,"offline":true}`),
	}
}

// TestDiagnoseSays what a sync ended with, and what that shows of the workspace's own road to the Cloud.
func TestDiagnoseSays(t *testing.T) {
	t.Parallel()
	cause := errors.New("the disk is full")
	limited := &workspace.Error{Operation: "POST cloud.syncWorkspace", Kind: workspace.ErrRateLimited}
	for name, tc := range map[string]struct {
		over           string
		answer         error
		severity       registration.Severity
		evidence, next string
		fits           string
	}{
		"success":            {"direct", nil, ok, "a sync over the transport direct succeeds", "", "direct"},
		"success, relayed":   {"relay", nil, ok, "a sync over the transport relay succeeds", "", ""},
		"refused":            {"direct", errRefused, problem, "the sync failed: the workspace answered false: ", "", ""},
		"lost":               {"direct", errLost, warning, "the outcome is unknown: ", "sync again", ""},
		"rate limited":       {"direct", limited, warning, "there were too many calls: ", "wait", ""},
		"advice alone":       {"relay", &registration.Error{Advice: "plug it in"}, problem, "sync failed", "plug it in", ""},
		"a kind":             {"relay", &registration.Error{Kind: registration.ErrForbidden, Advice: "ask"}, problem, "the user may not do this", "ask", ""},
		"a cause":            {"relay", &registration.Error{Err: cause, Advice: "tidy up"}, problem, "the disk is full", "tidy up", ""},
		"a kind and a cause": {"relay", &registration.Error{Kind: registration.ErrForbidden, Err: cause, Advice: "ask"}, problem, "the user may not do this: the disk is full", "ask", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ws, _ := mocked(t, "https://chat.example.com", registeredAnswers())
			transport := newMock(t)
			transport.MockTransport.EXPECT().Name().Return(tc.over).AnyTimes()
			transport.MockSyncer.EXPECT().Sync(gomock.Any(), gomock.Any()).Return(tc.answer).MinTimes(1)
			d := registration.Diagnose(t.Context(), ws, registration.TrySync(), registration.ClientOptions(registration.WithTransport(transport)))
			checkFindings(t, d, severities{registration.CheckSync: tc.severity})
			f, _ := d.Finding(registration.CheckSync)
			if exact := !strings.HasSuffix(tc.evidence, ": "); !strings.HasPrefix(f.Evidence, tc.evidence) || exact && f.Evidence != tc.evidence || !strings.Contains(f.Next, tc.next) {
				t.Errorf("got %+v", f)
			}
			if d.Transport != tc.fits {
				t.Errorf("%q fits, want %q: %+v", d.Transport, tc.fits, d.Findings)
			}
		})
	}
}

func TestDiagnoseSyncsWithConsentOnly(t *testing.T) {
	t.Parallel()
	ws, client := registeredWorkspace(t, "8.7.0")
	ws.Cloud().ClearHistory()
	d := client.Diagnose(t.Context())
	checkFindings(t, d, severities{registration.CheckStatus: ok, registration.CheckSync: skipped})
	if f, _ := d.Finding(registration.CheckSync); !strings.Contains(f.Evidence, "without consent") || len(ws.Cloud().History()) != 0 {
		t.Errorf("got %+v, and %d calls to the Cloud", f, len(ws.Cloud().History()))
	}
}

// TestDiagnoseWhatTheMachineSees of a Cloud that the workspace does not reach.
func TestDiagnoseWhatTheMachineSees(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		answer    httpmock.Responder
		evidence  string
		transport string
	}{
		"a list":          {jsonReply(`{"signed":"x"}`), "reaches the Cloud's list", "relay"},
		"no line":         {httpmock.NewErrorResponder(errors.New("dead")), "does not reach", "offline"},
		"another's page":  {answers(200, "text/html", "<html>"), "does not reach", "offline"},
		"a Cloud that is": {answers(500, "application/json", `{"error":"broken"}`), "does not answer well", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ws, _ := mocked(t, "https://chat.example.com", registeredAnswers())
			d := registration.Diagnose(t.Context(), ws, registration.AskCloud(), releasesThatSay(t, tc.answer))
			if f, _ := d.Finding(registration.CheckMachineCloud); !strings.Contains(f.Evidence, tc.evidence) || d.Transport != tc.transport {
				t.Errorf("%q fits: %+v", d.Transport, f)
			}
		})
	}
}

// TestDiagnoseThatIsEnded while it looks blames nobody for what it could not see.
func TestDiagnoseThatIsEnded(t *testing.T) {
	t.Parallel()
	const status = "GET /api/v1/cloud.registrationStatus"
	cases := map[string]struct {
		at   int // the reply to the status of this number is the last thing that happens
		fail error
		want severities
	}{
		"at the status":     {1, errors.New("dead"), severities{registration.CheckCredentials: skipped, registration.CheckStatus: skipped}},
		"behind the status": {1, nil, severities{registration.CheckStatus: ok, registration.CheckWorkspaceCloud: skipped, registration.CheckMachineCloud: skipped}},
		"before the sync":   {2, nil, severities{registration.CheckStatus: ok, registration.CheckSync: warning}},
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
			d := registration.Diagnose(ctx, ws, registration.TrySync(), registration.AskCloud(), releasesThatSay(t, jsonReply(`{"signed":"x"}`)))
			checkFindings(t, d, tc.want)
			if f, _ := d.Finding(registration.CheckCredentials); tc.fail != nil && !strings.Contains(f.Evidence, "ended meanwhile") || d.Worst() == problem {
				t.Errorf("got %+v", d.Findings)
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

// TestDiagnoseLeavesNothingBehind: no look holds its time once it is over.
func TestDiagnoseLeavesNothingBehind(t *testing.T) { //nolint:paralleltest // it counts goroutines
	before := goleak.IgnoreCurrent()
	ws, _ := mocked(t, "https://chat.example.com", registeredAnswers())
	ctx := ownContext{t.Context(), make(chan struct{})}
	d := registration.Diagnose(ctx, ws, registration.AskCloud(), releasesThatSay(t, jsonReply(`{"signed":"x"}`)))
	checkFindings(t, d, severities{registration.CheckMachineCloud: ok, registration.CheckWorkspaceCloud: warning})
	goleak.VerifyNone(t, before)
}
