package main

import (
	"context"
	"os"
	"os/exec"
	"slices"
	"time"
)

// program is a compiled test program.
type program struct {
	path string
	dir  string // where its tests expect to be run
	temp string // for what its tests write, since one that is killed clears up nothing

	patience time.Duration // for a mutant, above four times what its tests take: a busy machine is no loop without an end
}

// run starts the program and returns all that it prints.
func (p program) run(ctx context.Context, environment []string, args ...string) ([]byte, error) {
	const kilobytes = "8000000" // a loop without an end must not take the memory of everybody
	limited := slices.Concat([]string{"-c", `ulimit -v "$0"; exec "$@"`, kilobytes, p.path}, args)
	command := exec.CommandContext(ctx, "sh", limited...) //nolint:gosec // the program is one that was just compiled
	command.Dir = p.dir
	command.Env = append(append(os.Environ(), "TMPDIR="+p.temp), environment...)
	command.WaitDelay = time.Second // a child of it may hold its output open
	return command.CombinedOutput()
}
