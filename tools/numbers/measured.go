package main

import (
	"fmt"

	"github.com/dustin/go-humanize"

	"github.com/rcreg/registration/tools/numbers/bars"
)

// measured is what a chart shows, and one sentence on it.
type measured struct {
	chart bars.Chart
	says  string
}

// kinds are what is made of which results, by the name of their file.
func kinds() map[string]func(*record) (measured, error) {
	return map[string]func(*record) (measured, error){
		"throughput": throughput, "growth": growth, "memory": memory, "schedule": schedule, "killed": killed, "temporal": temporal,
	}
}

// number writes a whole number as people read it.
func number(v float64) string { return humanize.Comma(int64(v + 0.5)) }

// size writes bytes as people read them.
func size(bytes float64) string { return humanize.IBytes(uint64(bytes)) }

// over tells how much more a value is than another one.
func over(v, than float64) string { return fmt.Sprintf("%+.1f %%", 100*(v/than-1)) }
