package main

import (
	"errors"
	"slices"
	"testing"

	"github.com/rcreg/registration/tools/numbers/bars"
)

// results are outputs that keep all promises, by what they are the results of.
func results() map[string]string {
	return map[string]string{
		"throughput": "BenchmarkThroughput-2 6 1 ns/op 2000 bare/s 1800 workspaces/s\n",
		"growth":     "BenchmarkGrowth/1000-2 3 1 ns/op 100 µs/workspace\nBenchmarkGrowth/100000-2 3 1 ns/op 105 µs/workspace\n",
		"memory":     "BenchmarkMemory/waiting 20000 256 B/workspace\nBenchmarkMemory/in-flight 500 32768 B/workspace\n",
		"schedule":   "BenchmarkSchedule/b-c 9 252 sec 240 fastest-sec 0 too-many\nBenchmarkSchedule/a 9 240 sec 240 fastest-sec 0 too-many\n",
		"killed": "BenchmarkKilled/moment=1 1 2000 workspaces 6 registered 7 tokens-spent\n" +
			"BenchmarkKilled/end 1 2000 workspaces 2000 registered 2000 tokens-spent\n",
		"temporal": "BenchmarkTemporal/temporal/1000-2 1 1 ns/op 30 ms/workspace\nBenchmarkTemporal/fleet/1000-2 1 1 ns/op 10 ms/workspace\n" +
			"BenchmarkTemporal/temporal/5000-2 1 1 ns/op 31.5 ms/workspace\nBenchmarkTemporal/fleet/5000-2 1 1 ns/op 11 ms/workspace\n",
	}
}

func TestKept(t *testing.T) {
	t.Parallel()
	says := map[string]string{
		"throughput": "1,800 workspaces a second, 0.90 of the bare loop's 2,000.",
		"growth":     "100.0 µs for each of 1,000 workspaces, 105.0 µs (+5.0 %) for each of 100,000 workspaces.",
		"memory":     "256 B of 1.0 KiB for one that waits, 32 KiB of 64 KiB for one in flight.",
		"schedule":   "5.0 % above the fastest schedule at most; 0 calls answered with 429.",
		"killed":     "killed 1 times; in the end 2,000 of 2,000 workspaces are registered, with 2,000 tokens.",
		"temporal": "30.00 ms for each of 1,000 workspaces on Temporal, 10.00 ms by the plain fleet: 20.00 ms more. " +
			"31.50 ms (+5.0 %) for each of 5,000 workspaces.",
	}
	for name, output := range results() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := measure(t, name, output)
			if m.says != says[name] {
				t.Errorf("it says %q, want %q", m.says, says[name])
			}
			for _, row := range m.chart.Rows {
				if row.Broken {
					t.Errorf("%s: %s is a broken promise", row.Label, row.Text)
				}
			}
			empty, err := read(nil, "x.txt")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := kinds()[name](empty); !errors.Is(err, errNoValue) {
				t.Errorf("without results: %v", err)
			}
		})
	}
}

func TestBroken(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ kind, output, want string }{
		"slower than promised":   {"throughput", "BenchmarkThroughput-2 6 2000 bare/s 1699 workspaces/s\n", "fleet"},
		"slower in a large one":  {"growth", "BenchmarkGrowth/10-2 3 100 µs/workspace\nBenchmarkGrowth/20-2 3 110.1 µs/workspace\n", "20 workspaces"},
		"too much memory":        {"memory", "BenchmarkMemory/waiting 1 1023 B/workspace\nBenchmarkMemory/in-flight 1 65536 B/workspace\n", "in flight"},
		"too late":               {"schedule", "BenchmarkSchedule/a-b 1 105.1 sec 100 fastest-sec 0 too-many\n", "a b"},
		"too many calls":         {"schedule", "BenchmarkSchedule/a-b 1 100 sec 100 fastest-sec 1 too-many\n", "a b"},
		"more than their tokens": {"killed", "BenchmarkKilled/moment=2 1 9 workspaces 6 registered 5 tokens-spent\n", "kill 2"},
		"a token too many":       {"killed", "BenchmarkKilled/end 1 9 workspaces 9 registered 10 tokens-spent\n", "end"},
		"a workspace too few":    {"killed", "BenchmarkKilled/end 1 9 workspaces 8 registered 8 tokens-spent\n", "end"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := measure(t, test.kind, test.output)
			i := slices.IndexFunc(m.chart.Rows, func(row bars.Row) bool { return row.Broken })
			if i < 0 || m.chart.Rows[i].Label != test.want {
				t.Errorf("the broken promise is %d in %+v, want %q", i, m.chart.Rows, test.want)
			}
		})
	}
}

func measure(t *testing.T, kind, output string) measured {
	t.Helper()
	r, err := read([]byte(output), "x.txt")
	if err != nil {
		t.Fatal(err)
	}
	m, err := kinds()[kind](r)
	if err != nil {
		t.Fatal(err)
	}
	return m
}
