package offline_test

import (
	"context"
	"net"
	"net/http"
	"syscall"
	"testing"

	"github.com/rcreg/registration/offline"
	"github.com/rcreg/registration/registrationtest"
)

// TestCourierAtTheFakeCloud goes the whole way, over HTTP.
func TestCourierAtTheFakeCloud(t *testing.T) {
	t.Parallel()
	const n = 5
	e := newExchange(t, n, 0)
	if report := e.run(t, true); report.Count(offline.Answered) != n {
		t.Fatalf("%+v", report)
	}
	if report := e.run(t, true); report.Count(offline.AnsweredBefore) != n {
		t.Errorf("again: %+v", report)
	}
	if spent := e.cloud.SpentTokens(); len(spent) != n {
		t.Errorf("%d tokens spent", len(spent))
	}
	for i, known := range e.cloud.Workspaces() {
		if known.Email != "ops@example.com" || known.Name != "Chat" {
			t.Errorf("workspace %d is %+v", i, known)
		}
	}
	pending, err := e.requester.Pending("unique-3")
	must(t, err)
	answer, err := e.requester.Answer(pending[0].ID())
	must(t, err)
	if !answer.Sealed() || answer.Grant().Check() != nil {
		t.Errorf("the answer is %v", answer)
	}
	must(t, e.requester.Close(pending[0].ID()))

	request, err := e.requester.Ask(offline.License, dataOf(3))
	must(t, err)
	if report := e.run(t, true); report.Count(offline.Answered) != 1 {
		t.Fatalf("%+v", report)
	}
	license, err := e.requester.Answer(request.ID())
	must(t, err)
	if want := answer.Grant().LicenseData.License; license.License().Reveal() != want.Reveal() {
		t.Error("the license is another one")
	}
}

// TestFaultsOfTheCloud meets what makes a token's outcome unknown, and what does not.
func TestFaultsOfTheCloud(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		mode  registrationtest.Mode
		first offline.Outcome
		then  offline.Outcome
	}{
		{"down", registrationtest.CloudDown, offline.Unknown, offline.Unknown},
		{"nonsense", registrationtest.CloudNonsense, offline.Unknown, offline.Unknown},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e := newExchange(t, 1, 0)
			e.cloud.SetMode(tt.mode)
			if report := e.run(t, false); report.Count(tt.first) != 1 {
				t.Errorf("%+v", report)
			}
			e.cloud.SetMode(registrationtest.CloudUp)
			if report := e.run(t, false); report.Count(tt.then) != 1 {
				t.Errorf("then %+v", report)
			}
		})
	}
}

// TestNobodyListens is no reason to give a token up.
func TestNobodyListens(t *testing.T) {
	t.Parallel()
	e := newExchange(t, 1, 0)
	// A port that was closed may be another test's a moment later.
	refuse := func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
	}
	e.http = far{&http.Transport{DialContext: refuse}, 0}
	if report := e.run(t, false); report.Count(offline.Failed) != 1 {
		t.Errorf("%+v", report)
	}
}
