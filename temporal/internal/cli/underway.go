package cli

import (
	"context"
	"fmt"
	"maps"
	"strings"

	enums "go.temporal.io/api/enums/v1"

	"github.com/rcreg/registration/temporal"
)

const kindUnderWay = "under_way"

// input reads what the latest run of the workflow was given.
func (f flow) input(ctx context.Context, into any) error {
	keys, err := f.app.keys()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	history := f.client.GetWorkflowHistory(ctx, f.id, "", false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	first, err := history.Next()
	if err != nil {
		return err
	}
	return temporal.NewDataConverter(keys).FromPayloads(first.GetWorkflowExecutionStartedEventAttributes().GetInput(), into)
}

// sameFleet refuses to follow a fleet that does something else than this command line asks for: its end would be taken for the end of what was asked.
func (a *app) sameFleet(ctx context.Context, run flow, asked temporal.FleetRun) error {
	var under temporal.FleetRun
	if err := run.input(ctx, &under); err != nil {
		return run.badCall(err)
	}
	var other []string
	for _, flag := range []struct {
		text    string
		differs bool
	}{
		{"the list " + under.List, under.List != asked.List},
		{"another --select", !maps.Equal(under.Labels, asked.Labels)},
		{"another --token-file", under.Token != asked.Token},
		{"another --email", under.Email != asked.Email},
		{"another --air-gap", under.AirGap != asked.AirGap},
		{"another --replace-license", under.ReplaceLicense != asked.ReplaceLicense},
	} {
		if flag.differs {
			other = append(other, flag.text)
		}
	}
	if len(other) == 0 {
		return nil
	}
	return advised(fmt.Errorf("%s is under way for something else: %s", run.id, strings.Join(other, ", ")), kindUnderWay,
		"see how far it is with "+a.again("status "+run.id)+", and run this again after it; or end it first with "+a.again("cancel "+run.id))
}
