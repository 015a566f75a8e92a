package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rcreg/registration/tools/numbers/bars"
)

const (
	mostWaiting  = 1 << 10  // bytes of a workspace
	mostInFlight = 64 << 10 // bytes of a workspace
	mostAbove    = 5        // percent above the fastest schedule
)

func memory(r *record) (measured, error) {
	chart := bars.Chart{Title: "Memory of a workspace, as a share of its limit", Mark: "promised: less than the limit"}
	for _, state := range []struct {
		name  string
		label string
		most  float64
	}{{"waiting", "waiting", mostWaiting}, {"in-flight", "in flight", mostInFlight}} {
		bytes, err := r.medians("Memory/"+state.name, "B/workspace")
		if err != nil {
			return measured{}, err
		}
		chart.Rows = append(chart.Rows, bars.Row{
			Label: state.label, Value: bytes[0] / state.most, Text: size(bytes[0]) + " of " + size(state.most), Mark: 1, Broken: bytes[0] >= state.most,
		})
	}
	return measured{chart: chart, says: fmt.Sprintf("%s for one that waits, %s for one in flight.", chart.Rows[0].Text, chart.Rows[1].Text)}, nil
}

func schedule(r *record) (measured, error) {
	names, err := r.under("Schedule/")
	if err != nil {
		return measured{}, err
	}
	slices.Sort(names) // they ran at the same time
	rows := make([]bars.Row, len(names))
	var most, refused float64
	for i, name := range names {
		each, err := r.medians("Schedule/"+name, "sec", "fastest-sec", "too-many")
		if err != nil {
			return measured{}, err
		}
		took, fastest, tooMany := each[0], each[1], each[2]
		above := 100 * (took/fastest - 1)
		rows[i] = bars.Row{
			Label: strings.ReplaceAll(name, "-", " "), Value: above, Text: fmt.Sprintf("%s (%.1f s)", over(took, fastest), took),
			Mark: mostAbove, Broken: 100*took > (100+mostAbove)*fastest || tooMany > 0,
		}
		most, refused = max(most, above), refused+tooMany
	}
	return measured{
		chart: bars.Chart{Title: "Time above the fastest schedule that the limits allow", Mark: "promised: 5 % at most", Rows: rows},
		says:  fmt.Sprintf("%.1f %% above the fastest schedule at most; %s calls answered with 429.", most, number(refused)),
	}, nil
}

func killed(r *record) (measured, error) {
	moments, err := r.under("Killed/")
	if err != nil {
		return measured{}, err
	}
	rows := make([]bars.Row, len(moments))
	var registered, spent, all float64
	for i, moment := range moments {
		each, err := r.medians("Killed/"+moment, "registered", "tokens-spent", "workspaces")
		if err != nil {
			return measured{}, err
		}
		registered, spent, all = each[0], each[1], each[2]
		label, isKill := strings.CutPrefix(moment, "moment=")
		if isKill {
			label = "kill " + label
		}
		rows[i] = bars.Row{
			Label: label, Value: registered, Text: number(registered) + " with " + number(spent) + " tokens", Mark: spent,
			Broken: registered > spent || !isKill && (registered != spent || registered != all),
		}
	}
	return measured{
		chart: bars.Chart{Title: "Workspaces registered, each time that the run was killed", Mark: "tokens spent", Rows: rows},
		says: fmt.Sprintf("killed %d times; in the end %s of %s workspaces are registered, with %s tokens.",
			len(moments)-1, number(registered), number(all), number(spent)),
	}, nil
}
