package diagnose

import (
	"context"
	"net/url"

	"github.com/rcreg/registration/failure"
)

// lookAtSetup looks where the setup wizard stands, which each version shows to anybody: until it has ended, the workspace meets its administrators with it.
func (e *examination) lookAtSetup(ctx context.Context) {
	const wizard = "Show_Setup_Wizard"
	var reply struct {
		Settings []struct {
			ID    string `json:"_id"`
			Value any    `json:"value"`
		} `json:"settings"`
	}
	limited, cancel := look(ctx)
	defer cancel()
	err := e.workspace.Get(limited, "settings.public", url.Values{"_id": {wizard}, "count": {"0"}}, &reply) // older servers know no _id, and show all settings at once
	if err != nil {
		if !e.ended(ctx, CheckSetup, err) {
			evidence, _ := describe(err)
			e.add(CheckSetup, Skipped, "the workspace does not show where its setup wizard stands: "+evidence, nil)
		}
		return
	}
	for _, setting := range reply.Settings {
		if setting.ID != wizard {
			continue
		}
		switch setting.Value {
		case "completed":
			e.add(CheckSetup, OK, "the setup wizard has ended", nil)
			return
		case "pending":
			e.add(CheckSetup, Warning, "the setup wizard waits to be begun, and meets administrators until it has ended", failure.Ways(failure.EndSetup))
			return
		case "in_progress":
			e.add(CheckSetup, Warning, "the setup wizard has begun and waits to be ended: administrators meet it first", failure.Ways(failure.EndSetup))
			return
		}
	}
	e.add(CheckSetup, Skipped, "the workspace does not show where its setup wizard stands", nil)
}
