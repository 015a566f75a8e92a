package main

import (
	"fmt"
	"strconv"

	"github.com/rcreg/registration/tools/numbers/bars"
)

const (
	leastOfBare = 0.85 // of the bare loop's throughput
	mostGrowth  = 1.10 // of the time for a workspace in the smallest fleet
)

func throughput(r *record) (measured, error) {
	each, err := r.medians("Throughput", "bare/s", "workspaces/s")
	if err != nil {
		return measured{}, err
	}
	bare, fleet := each[0], each[1]
	share := fleet / bare
	return measured{
		chart: bars.Chart{
			Title: "Workspaces a second, status and sync", Mark: "promised: at least 0.85 of the bare loop",
			Rows: []bars.Row{
				{Label: "bare net/http loop", Value: bare, Text: number(bare), Beside: true},
				{Label: "fleet", Value: fleet, Text: fmt.Sprintf("%s (%.2f of it)", number(fleet), share), Mark: leastOfBare * bare, Broken: share < leastOfBare},
			},
		},
		says: fmt.Sprintf("%s workspaces a second, %.2f of the bare loop's %s.", number(fleet), share, number(bare)),
	}, nil
}

func growth(r *record) (measured, error) {
	rows, err := bySize(r, "Growth/", "µs/workspace", "%.1f µs")
	if err != nil {
		return measured{}, err
	}
	smallest, largest := rows[0], rows[len(rows)-1]
	return measured{
		chart: bars.Chart{Title: "Time for each workspace, by the size of the fleet", Mark: "promised: less than 10 % over the smallest fleet", Rows: rows},
		says:  fmt.Sprintf("%s for each of %s, %s for each of %s.", smallest.Text, smallest.Label, largest.Text, largest.Label),
	}, nil
}

// bySize is one row for each size of a fleet, held to the growth over the first one that is allowed.
func bySize(r *record, prefix, unit, format string) ([]bars.Row, error) {
	sizes, err := r.under(prefix)
	if err != nil {
		return nil, err
	}
	rows := make([]bars.Row, len(sizes))
	for i, size := range sizes {
		each, err := r.medians(prefix+size, unit)
		if err != nil {
			return nil, err
		}
		n, err := strconv.Atoi(size)
		if err != nil {
			return nil, fmt.Errorf("%s%s: the size of the fleet: %w", prefix, size, err)
		}
		rows[i] = bars.Row{Label: number(float64(n)) + " workspaces", Value: each[0], Text: fmt.Sprintf(format, each[0])}
		if i > 0 {
			first := rows[0].Value
			rows[i].Mark, rows[i].Broken = mostGrowth*first, each[0] >= mostGrowth*first
			rows[i].Text += " (" + over(each[0], first) + ")"
		}
	}
	return rows, nil
}

func temporal(r *record) (measured, error) {
	onTemporal, err := bySize(r, "Temporal/temporal/", "ms/workspace", "%.2f ms")
	if err != nil {
		return measured{}, err
	}
	plain, err := bySize(r, "Temporal/fleet/", "ms/workspace", "%.2f ms")
	if err != nil {
		return measured{}, err
	}
	var rows []bars.Row
	for i := range min(len(onTemporal), len(plain)) {
		t, p := onTemporal[i], plain[i]
		p.Label, p.Mark, p.Broken, p.Beside = p.Label+", plain fleet", 0, false, true
		t.Label += ", Temporal"
		rows = append(rows, t, p)
	}
	last := onTemporal[len(onTemporal)-1]
	return measured{
		chart: bars.Chart{Title: "Time for each workspace, on Temporal and beside it", Mark: "linear: less than 10 % over the smallest fleet", Rows: rows},
		says: fmt.Sprintf("%s for each of %s on Temporal, %s by the plain fleet: %.2f ms more. %s for each of %s.",
			onTemporal[0].Text, onTemporal[0].Label, plain[0].Text, onTemporal[0].Value-plain[0].Value, last.Text, last.Label),
	}, nil
}
