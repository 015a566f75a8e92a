package relay_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/clienttest"
)

// TestHandOverAnsweredInFront: what the Cloud gave is kept, and is handed over when the way is free.
func TestHandOverAnsweredInFront(t *testing.T) {
	t.Parallel()
	r := newRelayed(t, "8.9.0")
	front := clienttest.AnswerHandOver(http.StatusForbidden, `{"message":"forbidden by a rule"}`)
	_, err := r.runBehind(t, front).Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
	clienttest.ExpectHandOverInFront(t, err)
	result, err := r.run(t).Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
	clienttest.Expect(t, "again", result, err, nil, true)
	r.expectSpent(t, 1)
}

// TestNoEchoOfAGrantReachesAStatus, and none of the secret in it.
func TestNoEchoOfAGrantReachesAStatus(t *testing.T) {
	t.Parallel()
	r := newRelayed(t, "6.4.0")
	grant, client := r.grant(t), clienttest.OpenWithToken(t, r.Workspace, r.clock)
	if err := client.Session().HandOver(t.Context(), grant); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{grant.ClientSecret.Reveal(), grant.Blob()} {
		r.Set("Organization_Email", "echo "+secret)
		if status, err := client.Status(t.Context()); err != nil || status.Email != "echo [redacted]" {
			t.Errorf("the status shows %+v, %v", status, err)
		}
	}
}

// TestRegisteredMeanwhileStaysRegistered: a 3.0 takes a grant only with Register_Server off, which disconnects what another program has registered just then.
func TestRegisteredMeanwhileStaysRegistered(t *testing.T) {
	t.Parallel()
	r := newRelayed(t, "3.0.0")
	var meanwhile sync.Once
	registers := func(request *http.Request) *http.Response {
		if request.Method == http.MethodPost && strings.HasSuffix(request.URL.Path, "/settings/Register_Server") {
			meanwhile.Do(func() { clienttest.Registers(r.Workspace) })
		}
		return nil
	}
	result, err := r.runBehind(t, registers).Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
	if result.After.State != registration.Registered || len(r.Cloud().Workspaces()) != 1 {
		t.Errorf("%v, %+v", err, result.After)
	}
	r.expectNotes(t, "registered meanwhile", result, err, "registered meanwhile", "Remove "+r.Cloud().Workspaces()[0].ID+" in the Cloud console")
	clienttest.ExpectState(t, r.run(t), registration.Registered)
}
