package watch

import (
	"errors"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/internal/advice"
)

// record is all that is kept of one workspace: what was seen, and what was told of it.
type record struct {
	Seen
	// Failed is why the last look failed, Unsynced why the last sync did; nil when they did not.
	Failed   *failed `json:"failed,omitempty"`
	Unsynced *failed `json:"unsynced,omitempty"`
	// LicenseLost is when a license was seen to have gone out of force; zero while one is, and where none ever was.
	LicenseLost time.Time `json:"license_lost,omitzero"`
	// Told has since when each trouble is so that was told.
	Told map[Name]time.Time `json:"told,omitempty"`

	fresh bool // it was looked at since this process began
}

// failed is a look or a sync that failed.
type failed struct {
	Kind      string `json:"kind"`
	Message   string `json:"message"`
	Advice    string `json:"advice,omitempty"`
	Temporary bool   `json:"temporary,omitempty"`
	Times     int    `json:"times"` // in a row
}

// failedBy says why something failed, and how often in a row.
func failedBy(o fleet.Outcome, before *failed) *failed {
	f := &failed{
		Kind: o.Kind, Message: reasonOf(o), Times: 1,
		Advice: advice.With(advice.WhileWatched(o.Remedies), o.Certain), Temporary: failure.Temporary(o.Err),
	}
	if before != nil {
		f.Times += before.Times
	}
	return f
}

// reasonOf is why something failed, without the workspace.
func reasonOf(o fleet.Outcome) string {
	if failed := (*registration.Error)(nil); errors.As(o.Err, &failed) && failed.Reason() != "" {
		return failed.Reason()
	}
	return o.Message
}

// looked takes in what a look has shown. It returns whether another sync makes sense before its time.
func (r *record) looked(o fleet.Outcome, also reading, now time.Time) (syncAnew bool) {
	before := r.Seen
	r.Looked, r.fresh = now, true
	if o.Err != nil {
		r.Failed = failedBy(o, r.Failed)
		return false
	}
	r.Failed, r.Answered = nil, now
	sameVersion := r.Version == o.Version
	r.Version, r.State, r.WorkspaceID = o.Version, registration.State(o.State), also.workspaceID
	if !o.ReadOnly.IsZero() || !sameVersion || r.ReadOnly.IsZero() { // otherwise the settings could not be read this time
		r.ReadOnly, r.Unconfirmed = o.ReadOnly, o.Unconfirmed
	}
	if o.Support != "" && (o.Support != registration.SupportUnknown || !sameVersion || r.Support == "") {
		r.Support, r.SupportUntil = o.Support, time.Time{}
		if o.SupportUntil != nil {
			r.SupportUntil = *o.SupportUntil
		}
	}
	if also.licenseRead || !sameVersion {
		r.setLicense(also.license, now)
	}
	// It was registered by other means: what was seen before is of another registration.
	another := r.State == registration.Registered && !before.Answered.IsZero() && (before.State != r.State || before.WorkspaceID != r.WorkspaceID)
	if another {
		r.Cloud, r.Unsynced = "", nil
	}
	r.noteChange(before, now)
	return another
}

func (r *record) setLicense(l *License, now time.Time) {
	const inForce = registration.LicenseInForce
	had := r.License != nil && r.License.State == inForce
	r.License = l
	switch {
	case l == nil, l.State == registration.LicenseHidden:
	case l.State == inForce:
		r.LicenseLost = time.Time{}
	case had:
		r.LicenseLost = now
	}
}

// synced takes in what a sync has shown.
func (r *record) synced(o fleet.Outcome, now time.Time) {
	before := r.Seen
	if o.State != "" {
		r.State = registration.State(o.State)
	}
	switch {
	case o.Err == nil:
		r.Cloud, r.Synced, r.Unsynced = Known, now, nil
	case errors.Is(o.Err, registration.ErrRemovedFromCloud):
		r.Cloud, r.Synced, r.Unsynced = Removed, now, nil
	case errors.Is(o.Err, failure.OfflineLicense), errors.Is(o.Err, registration.ErrNotRegistered), errors.Is(o.Err, registration.ErrUnsupported):
		r.Unsynced = nil // none can show it
	default:
		r.Unsynced = failedBy(o, r.Unsynced)
	}
	r.noteChange(before, now)
}

func (r *record) noteChange(before Seen, now time.Time) {
	if change := r.differs(before); change != "" {
		r.Changed, r.Change = now, change
	}
}
