package main

import (
	"context"
	"os"
	"os/exec"
	"time"
)

// program is a compiled test program.
type program struct {
	path string
	dir  string // where its tests expect to be run
	temp string // for what its tests write, since one that is killed clears up nothing
}

// run starts the program and returns all that it prints.
func (p program) run(ctx context.Context, environment []string, args ...string) ([]byte, error) {
	const kilobytes = "8000000" // a loop without an end must not take the memory of everybody
	limited := []string{"-c", `ulimit -v "$0"; exec "$@"`, kilobytes, p.path}
	command := exec.CommandContext(ctx, "sh", append(limited, args...)...)
	command.Dir = p.dir
	command.Env = append(append(os.Environ(), "TMPDIR="+p.temp), environment...)
	command.WaitDelay = time.Second // a child of it may hold its output open
	return command.CombinedOutput()
}
