package diagnose

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/failure"
)

// lookAtLicense reads the license in force: whether there is one, until when, and whether it forbids the workspace to ask the Cloud.
func (e *examination) lookAtLicense(ctx context.Context) {
	limited, cancel := look(ctx)
	defer cancel()
	license, err := e.client.License(limited)
	switch {
	case !e.client.Capabilities().Can("read the license"):
		e.add(CheckLicense, Skipped, "the workspace has no calls for licenses, which servers have from 3.10", nil)
	case errors.Is(err, registration.ErrForbidden):
		e.hiddenLicense()
	case err != nil:
		if !e.ended(ctx, CheckLicense, err) {
			evidence, remedies := describe(err)
			e.add(CheckLicense, Info, "the license cannot be read: "+evidence, remedies)
		}
	case license.State == registration.LicenseHidden:
		e.hiddenLicense()
	case license.State == registration.NoLicense:
		e.add(CheckLicense, Info, "no valid license is in force", nil)
	default:
		e.foundLicense(license)
	}
}

// hiddenLicense says that the user may not see licenses. It is no fault of the workspace.
func (e *examination) hiddenLicense() {
	e.add(CheckLicense, Info, "whether a license is in force is not shown to this user", failure.Way(failure.AskPermission, "view-privileged-setting"))
}

// foundLicense judges the license in force.
func (e *examination) foundLicense(license registration.License) {
	said, severity, ways := "a license is in force"+detailsOf(license), OK, []failure.Remedy(nil)
	if ends := license.Expires; !ends.IsZero() && ends.Before(e.workspace.Clock().Now().Add(expiresSoon)) {
		said, severity, ways = said+", which is soon", Warning, failure.Ways(failure.RenewLicense)
	}
	switch {
	case !license.Offline:
	case e.client.Capabilities().Can("check a license"): // from 8.7, like the obedience
		e.forbidden = true
		said += ". It is an offline license: the workspace asks the Cloud nothing, and a sync would succeed and do nothing"
		if severity == OK {
			severity = Info
		}
		ways = append(ways, failure.Ways(failure.OtherLicense)...)
		if e.status.State == registration.Unregistered {
			e.register(failure.Remedy{Act: failure.RegisterOver, With: relay}, failure.Remedy{Act: failure.RegisterOver, With: offline})
		}
	default:
		said += ". It is an offline license, which servers obey from 8.7 on"
	}
	e.add(CheckLicense, severity, said, ways)
}

// detailsOf names a license, as far as the workspace shows it.
func detailsOf(license registration.License) string {
	var parts []string
	if license.ID != "" {
		parts = append(parts, license.ID)
	}
	if license.Trial {
		parts = append(parts, "a trial")
	}
	if len(license.Modules) > 0 {
		parts = append(parts, "modules "+strings.Join(license.Modules, ", "))
	}
	if !license.Expires.IsZero() {
		parts = append(parts, "until "+license.Expires.UTC().Format(time.DateOnly))
	}
	if parts == nil {
		return ", of which this user sees no more"
	}
	return fmt.Sprintf(" (%s)", strings.Join(parts, "; "))
}
