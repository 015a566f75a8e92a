package reliability_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/offline"
)

// operation is one thing that a user asks for.
type operation struct {
	name string
	// on reports whether the dialect and the transport have it.
	on func(version, transport string) bool
	// prepare brings the world to where the operation makes sense. Nothing fails meanwhile.
	prepare func(t *testing.T, w *world)
	run     func(ctx context.Context, t *testing.T, w *world) (registration.Result, error)
	// done tells by the truth whether what was asked for has happened.
	done func(before, after truth) bool
	// licenses: what it changes is the license.
	licenses bool
	// pends: it succeeds by waiting for somebody.
	pends bool
	// never: it must not succeed, however often it is run.
	never bool
}

func everywhere(string, string) bool { return true }

func since(v string, on ...string) func(string, string) bool {
	return func(version, transport string) bool { return !before(version, v) && isOn(transport, on) }
}

func until(v string, on ...string) func(string, string) bool {
	return func(version, transport string) bool { return before(version, v) && isOn(transport, on) }
}

func isOn(transport string, on []string) bool {
	for _, r := range on {
		if r == transport {
			return true
		}
	}
	return len(on) == 0
}

func nothing(*testing.T, *world) {}

// registered registers the workspace over the transport of the world.
func registered(t *testing.T, w *world) {
	t.Helper()
	request := registration.Request{Token: w.token}
	if w.transport == gap {
		asked(t, w)
		carried(t, w)
		request = registration.Request{}
	}
	if _, err := w.client.Register(t.Context(), request); err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(tick)
}

// tempted registers the workspace, and has another token that could be spent on it.
func tempted(t *testing.T, w *world) {
	t.Helper()
	registered(t, w)
	w.token = w.ws.Cloud().IssueToken()
	w.secrets = append(w.secrets, w.token)
}

func disconnected(t *testing.T, w *world) {
	t.Helper()
	registered(t, w)
	if _, err := w.client.Disconnect(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(tick)
}

func removed(t *testing.T, w *world) {
	t.Helper()
	registered(t, w)
	for _, known := range w.ws.Cloud().Workspaces() {
		if err := w.ws.Cloud().Remove(known.ID); err != nil {
			t.Fatal(err)
		}
	}
}

// confirmed starts a registration by e-mail and confirms it.
func confirmed(t *testing.T, w *world) {
	t.Helper()
	_, err := w.client.Register(t.Context(), registration.Request{Email: "ops@example.com"})
	var pending *registration.PendingError
	if !errors.As(err, &pending) {
		t.Fatal(err)
	}
	w.ticket = pending.Ticket
	if err := w.ws.Cloud().ConfirmDevice(pending.Ticket.DeviceCode); err != nil {
		t.Fatal(err)
	}
}

// asked writes a request across the gap.
func asked(t *testing.T, w *world) {
	t.Helper()
	_, err := w.client.Register(t.Context(), registration.Request{})
	waits(t, w, err)
}

// licenseAsked writes a request for a license across the gap.
func licenseAsked(t *testing.T, w *world) {
	t.Helper()
	relicensed(t, w)
	_, err := w.client.Sync(t.Context())
	waits(t, w, err)
}

func waits(t *testing.T, w *world, err error) {
	t.Helper()
	var pending *registration.PendingError
	if !errors.As(err, &pending) {
		t.Fatal(err)
	}
	w.ticket = pending.Ticket
}

func carried(t *testing.T, w *world) {
	t.Helper()
	report, err := w.carry(t)
	if err != nil || report.Count(offline.Answered) != 1 {
		t.Fatalf("%v %+v", err, report)
	}
}

func answered(t *testing.T, w *world) {
	t.Helper()
	asked(t, w)
	carried(t, w)
}

func licenseAnswered(t *testing.T, w *world) {
	t.Helper()
	licenseAsked(t, w)
	carried(t, w)
}

// The registrations consent to a license that is worse than the one in force: what the Cloud gives has fewer modules than what is applied.
func registerByToken(ctx context.Context, _ *testing.T, w *world) (registration.Result, error) {
	return w.client.Register(ctx, registration.Request{Token: w.token, ReplaceLicense: true})
}

func registerWithoutConsent(ctx context.Context, _ *testing.T, w *world) (registration.Result, error) {
	return w.client.Register(ctx, registration.Request{Token: w.token})
}

func registerAcross(ctx context.Context, _ *testing.T, w *world) (registration.Result, error) {
	return w.client.Register(ctx, registration.Request{ReplaceLicense: true})
}

func registerByEmail(ctx context.Context, _ *testing.T, w *world) (registration.Result, error) {
	return w.client.Register(ctx, registration.Request{Email: "ops@example.com", ReplaceLicense: true})
}

func resume(ctx context.Context, _ *testing.T, w *world) (registration.Result, error) {
	return w.client.Resume(ctx, w.ticket)
}

func syncs(ctx context.Context, _ *testing.T, w *world) (registration.Result, error) {
	return w.client.Sync(ctx)
}

func disconnect(ctx context.Context, _ *testing.T, w *world) (registration.Result, error) {
	return w.client.Disconnect(ctx, registration.ForgetIdentity())
}

func reconnect(ctx context.Context, _ *testing.T, w *world) (registration.Result, error) {
	return w.client.Reconnect(ctx)
}

func confirmMoved(ctx context.Context, _ *testing.T, w *world) (registration.Result, error) {
	return w.client.ConfirmDeployment(ctx, registration.UpdatedConfiguration)
}

func confirmNew(ctx context.Context, _ *testing.T, w *world) (registration.Result, error) {
	return w.client.ConfirmDeployment(ctx, registration.NewWorkspace)
}

func readStatus(ctx context.Context, _ *testing.T, w *world) (registration.Result, error) {
	status, err := w.client.Status(ctx)
	return registration.Result{Before: status, After: status}, err
}

func readLicense(ctx context.Context, _ *testing.T, w *world) (registration.Result, error) {
	license, err := w.client.License(ctx)
	w.print(license)
	return registration.Result{}, err
}

func applyLicense(ctx context.Context, _ *testing.T, w *world) (registration.Result, error) {
	license, err := w.client.ApplyLicense(ctx, w.license)
	w.print(license)
	return registration.Result{}, err
}

func removeLicense(ctx context.Context, _ *testing.T, w *world) (registration.Result, error) {
	license, err := w.client.RemoveLicense(ctx)
	w.print(license)
	return registration.Result{}, err
}

// courier is the connected side of the gap.
func courier(_ context.Context, t *testing.T, w *world) (registration.Result, error) {
	report, err := w.carry(t)
	w.print(report)
	for _, item := range report.Items {
		if item.Outcome == offline.Unknown {
			return registration.Result{}, fmt.Errorf("%w: %w", registration.ErrOutcomeUnknown, item.Err)
		}
		err = errors.Join(err, item.Err)
	}
	return registration.Result{}, err
}
