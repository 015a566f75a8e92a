package registration_test

import (
	"context"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/workspace"
)

// open makes a client of a fake workspace, as its administrator.
func open(t *testing.T, ws *registrationtest.Workspace, clock *registrationtest.Clock, options ...registration.Option) *registration.Client {
	t.Helper()
	admin := ws.Admin()
	w, err := workspace.New(ws.URL(), workspace.Password(admin.Username, admin.Password), workspace.WithClock(clock))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	return clienttest.ClientOf(t, w, options...)
}
