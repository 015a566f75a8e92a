package reliability_test

import (
	"flag"
	"hash/fnv"
	"io"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/rcreg/registration/registrationtest/faults"
)

var (
	matrixFull = flag.Bool("matrix.full", false, "play every cell of the matrix, and not a sample")
	matrixOnly = flag.String("matrix.faults", "", "a regular expression: of the matrix, only faults whose names it matches")
	matrixSeed = flag.Uint64("matrix.seed", 20261130, "which sample of the matrix is played, and which cells have a settings cache that lags how long")
)

// lags are by how much the settings cache of a server trails its database. Servers wait for it up to ten seconds.
func lags() []time.Duration {
	const ms = time.Millisecond
	return []time.Duration{0, 20 * ms, 300 * ms, 700 * ms, 3 * time.Second, 9900 * ms}
}

// lot draws for something by its name: the same each time for the same seed.
func lot(of ...string) *rand.Rand {
	sum := fnv.New64a()
	for _, part := range of {
		_, _ = io.WriteString(sum, part+"\x00")
	}
	return rand.New(rand.NewPCG(*matrixSeed, sum.Sum64()))
}

// lagging is how many cells there are for one that is played once more with a settings cache that lags.
const lagging = 8

// alike is how many cells there are for one that is played of the answers of gateways: they differ in what the error says, and hardly in what is done.
const alike = 3

// cells are all of a row: each fault at each exchange, some of them once more with a settings cache that lags, and each lag with nothing else in the way.
func (c cell) cells(steps []faults.Step) []cell {
	var all []cell
	later := lags()[1:]
	for _, lag := range later {
		undisturbed := c
		undisturbed.lag, undisturbed.fault = lag, faults.Fault{Kind: faults.None}
		all = append(all, undisturbed)
	}
	for n, step := range steps {
		for _, fault := range matrixFaults() {
			if !fault.Fits(step) {
				continue
			}
			fault.Nth = n + 1
			c.step, c.fault, c.lag = step, fault, 0
			if isGateway(fault.Kind) && lot("alike", c.String()).IntN(alike) > 0 {
				continue
			}
			all = append(all, c)
			if draw := lot("lag", c.String()); draw.IntN(lagging) == 0 {
				c.lag = later[draw.IntN(len(later))]
				all = append(all, c)
			}
		}
	}
	return all
}

// someRows are five of the rows of an operation: the first, which alone has sockets if any has, and others.
func someRows(op string, all []cell) []cell {
	draw := lot(op, "rows")
	others := slices.Clone(all[1:])
	draw.Shuffle(len(others), func(i, j int) { others[i], others[j] = others[j], others[i] })
	return append(all[:1:1], others[:min(4, len(others))]...)
}

// sample takes one cell of each kind of fault, and of each lag, from those of all rows of an operation.
func sample(op string, all []cell) []cell {
	groups := map[string][]cell{}
	for _, c := range all {
		groups[string(c.fault.Kind)] = append(groups[string(c.fault.Kind)], c)
		if c.lag > 0 {
			groups[c.lag.String()] = append(groups[c.lag.String()], c)
		}
	}
	some := make([]cell, 0, len(groups))
	for _, name := range slices.Sorted(maps.Keys(groups)) {
		some = append(some, groups[name][lot(op, name).IntN(len(groups[name]))])
	}
	return some
}
