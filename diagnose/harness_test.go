package diagnose_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"go.uber.org/goleak"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/diagnose"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/workspace"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patient is a fake workspace, an administrator's client of it, and what lets a diagnosis ask its fake Cloud in place of the real one.
type patient struct {
	*registrationtest.Workspace

	clock  *registrationtest.Clock
	client *workspace.Client
	cloud  *cloud.Client
}

func start(t *testing.T, v string, options ...registrationtest.Option) patient {
	t.Helper()
	clock := registrationtest.NewClock(clienttest.Began())
	p := patient{clock: clock, Workspace: registrationtest.NewWorkspace(t, v, append([]registrationtest.Option{registrationtest.WithClock(clock)}, options...)...)}
	admin := p.Admin()
	p.client = p.as(t, workspace.Token(admin.UserID, admin.AuthToken))
	var err error
	p.cloud, err = cloud.New(cloud.WithURL(p.Cloud().URL()), cloud.WithReleasesURL(p.Cloud().URL()), cloud.WithClock(clock))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// as makes a client of the workspace with other credentials.
func (p patient) as(t *testing.T, who workspace.Credentials) *workspace.Client {
	t.Helper()
	ws, err := workspace.New(p.URL(), who, workspace.WithClock(p.clock))
	if err != nil {
		t.Fatal(err)
	}
	return ws
}

// register registers the workspace with a token.
func (p patient) register(t *testing.T) *registration.Client {
	t.Helper()
	client, err := registration.New(t.Context(), p.client)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Register(t.Context(), registration.Request{Token: p.Cloud().IssueToken()}); err != nil {
		t.Fatal(err)
	}
	return client
}

// trust believes the lists of supported versions that the fake Cloud signs.
func (p patient) trust() diagnose.Option {
	return diagnose.ClientOptions(registration.WithSupportKey(p.Cloud().SupportKey()))
}

// run diagnoses the workspace.
func (p patient) run(t *testing.T, options ...diagnose.Option) diagnose.Report {
	t.Helper()
	return diagnose.Run(t.Context(), p.client, append(options, p.trust())...)
}

// askCloud allows to ask the fake Cloud.
func (p patient) askCloud() diagnose.Option { return diagnose.AskCloud(p.cloud) }

// mocked makes a workspace client whose every request is answered by the responders; address has no sub-path.
func mocked(t *testing.T, address string, responders map[string]httpmock.Responder) (*workspace.Client, *httpmock.MockTransport) {
	t.Helper()
	mock := httpmock.NewMockTransport()
	mock.RegisterResponder("POST", address+"/api/v1/cloud.registrationStatus", answers(404, "text/plain", "404 Not Found"))
	for call, responder := range responders {
		verb, path, _ := strings.Cut(call, " ")
		mock.RegisterResponder(verb, address+path, responder)
	}
	ws, err := workspace.New(address, workspace.Token("u", "t"), workspace.WithRoundTripper(mock), workspace.WithClock(registrationtest.NewClock(clienttest.Began())))
	if err != nil {
		t.Fatal(err)
	}
	return ws, mock
}

// askMocked allows to ask a Cloud that always answers so.
func askMocked(t *testing.T, answer httpmock.Responder) diagnose.Option {
	t.Helper()
	mock := httpmock.NewMockTransport()
	mock.RegisterNoResponder(answer)
	client, err := cloud.New(cloud.WithRoundTripper(mock), cloud.WithClock(registrationtest.NewClock(clienttest.Began())))
	if err != nil {
		t.Fatal(err)
	}
	return diagnose.AskCloud(client)
}

func answers(status int, kind, body string) httpmock.Responder {
	return httpmock.NewStringResponder(status, body).HeaderSet(http.Header{"Content-Type": {kind}})
}

func jsonReply(body string) httpmock.Responder {
	return answers(http.StatusOK, "application/json", body)
}

func entry(v string, until time.Time) registrationtest.SupportedVersion {
	return registrationtest.SupportedVersion{Version: v, Expiration: until}
}

const (
	ok      = diagnose.OK
	info    = diagnose.Info
	warning = diagnose.Warning
	problem = diagnose.Problem
	skipped = diagnose.Skipped
	unseen  = diagnose.Unknown
)

// severities names what a diagnosis found, without options, which are there only when they are wrong.
type severities map[diagnose.Check]diagnose.Severity

func checkFindings(t *testing.T, r diagnose.Report, want severities) {
	t.Helper()
	for id, severity := range want {
		finding, ok := r.Finding(id)
		if !ok || finding.Severity != severity {
			t.Errorf("%s: got %+v, want %s", id, finding, severity)
		}
	}
	seen := map[diagnose.Check]bool{}
	for _, f := range r.Findings {
		// What was skipped without a reason names no finding before it.
		if seen[f.ID] || f.Evidence == "" || strings.Contains(f.Evidence, "finding  stands") || f.Advice() == "" && (f.Severity == diagnose.Problem || f.Severity == diagnose.Warning) {
			t.Errorf("twice, or without evidence or the next step: %+v", f)
		}
		seen[f.ID] = true
	}
	if len(seen) < 12 {
		t.Errorf("%d checks only: %+v", len(seen), r.Findings)
	}
}
