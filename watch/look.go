package watch

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/fleet"
)

// reading is what a look finds out besides a status.
type reading struct {
	workspaceID string
	license     *License
	licenseRead bool
}

// reader keeps it: a look that was abandoned may still write.
type reader struct {
	mu  sync.Mutex
	got reading
}

// operation is a look: the status, and the license.
func (r *reader) operation() fleet.Operation {
	return fleet.Operation{Name: "watch", Do: func(ctx context.Context, j *fleet.Job) (registration.Result, error) {
		result, err := fleet.Status().Do(ctx, j)
		if err != nil {
			return result, err
		}
		got := reading{workspaceID: result.After.WorkspaceID}
		license, err := j.Client.License(ctx)
		switch {
		case err == nil:
			got.license, got.licenseRead = &License{State: license.State, Expires: license.Expires, Trial: license.Trial, Offline: license.Offline}, true
		case errors.Is(err, registration.ErrUnsupported):
			got.licenseRead = true
		case errors.Is(err, registration.ErrForbidden):
			got.license, got.licenseRead = &License{State: registration.LicenseHidden}, true
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.got = got
		return result, nil
	}}
}

func (r *reader) read() reading {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.got
}

// look asks a workspace how it is. It returns until when the workspace wants to be left alone.
func (w *Watch) look(ctx context.Context, e *entry, due time.Time) (held time.Time) {
	var also reader
	began := w.clock.Now()
	o := w.fleet.Do(ctx, e.workspace, also.operation())
	if ctx.Err() != nil && o.Err != nil {
		return time.Time{} // it was cut off, which says nothing
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.clock.Now()
	w.lastLook, w.counts.lag = now, began.Sub(due)
	w.count(o)
	if e.looked(o, also.read(), now) {
		e.syncAt = now
	}
	w.judge(e, now)
	return o.NotBefore()
}

// count counts a look.
func (w *Watch) count(o fleet.Outcome) {
	if o.Err == nil {
		w.counts.answered++
		return
	}
	w.counts.failed++
	if errors.Is(o.Err, failure.RateLimited) {
		w.counts.limited++
	}
}

// judge finds out what is not well, after something was seen.
func (w *Watch) judge(e *entry, now time.Time) {
	e.Troubles = append(make([]Trouble, 0, 1), e.judge(now, w.notice)...)
	w.unsaved = true
}

// wantsSync reports whether it is time for a workspace to sync.
func (w *Watch) wantsSync(e *entry) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.syncEvery > 0 && e.fresh && e.Failed == nil && e.State == registration.Registered && !w.clock.Now().Before(e.syncAt)
}

// soonerSync is how long after a sync that failed the next one comes at the latest.
const soonerSync = time.Hour

// sync lets a workspace ask the Cloud. It returns until when the workspace wants to be left alone.
func (w *Watch) sync(ctx context.Context, e *entry) (held time.Time) {
	o := w.fleet.Do(ctx, e.workspace, fleet.Sync())
	if ctx.Err() != nil && o.Err != nil {
		return time.Time{}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.clock.Now()
	e.synced(o, now)
	w.counts.syncs++
	pause := w.syncEvery
	if e.Unsynced != nil {
		w.counts.syncsFailed++
		pause = min(pause, soonerSync)
	}
	held = o.NotBefore()
	if e.syncAt = again(now, now, pause); held.After(e.syncAt) {
		e.syncAt = held
	}
	w.judge(e, now)
	return held
}
