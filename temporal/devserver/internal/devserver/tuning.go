package devserver

import (
	"time"

	"go.temporal.io/server/common/dynamicconfig"
)

// tuning is what this server does otherwise than a cluster with many shards and a database elsewhere.
func (c Config) tuning() dynamicconfig.StaticClient {
	// A shard looks into its database 20 times a second at most, so that each of the two steps between an activity and the next one waits for 50 ms.
	// Here is one shard, and its database is at hand.
	const polls = 1000
	settings := dynamicconfig.StaticClient{
		dynamicconfig.TransferProcessorMaxPollRPS.Key(): polls,
		dynamicconfig.TimerProcessorMaxPollRPS.Key():    polls,
		// A task may come into one part of a task queue while the only worker asks for those of another: then it waits for 2 s.
		dynamicconfig.MatchingNumTaskqueueReadPartitions.Key():  1,
		dynamicconfig.MatchingNumTaskqueueWritePartitions.Key(): 1,
	}
	if c.Clock != nil {
		// The server computes from its clock how long to wait for a timer, and then waits by the machine's. So it has to look often for those that are due.
		const often = 100 * time.Millisecond
		settings[dynamicconfig.TimerProcessorMaxPollInterval.Key()] = often
		settings[dynamicconfig.TimerProcessorMaxTimeShift.Key()] = often // how far ahead it does not look
	}
	return settings
}
