package main

import (
	"os"
	"syscall"
	"testing"
)

// TestNoCoreDumps: whatever the command line says, the process that carries secrets leaves no dump behind.
func TestNoCoreDumps(t *testing.T) { //nolint:paralleltest // it changes the arguments and the limits of the process
	os.Args = []string{"rcreg", "version"}
	if code := run(); code != 0 {
		t.Fatalf("the exit code is %d", code)
	}
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_CORE, &limit); err != nil || limit.Cur != 0 || limit.Max != 0 {
		t.Errorf("the limit is %v, %v", limit, err)
	}
	if dumpable, _, failed := syscall.RawSyscall(syscall.SYS_PRCTL, syscall.PR_GET_DUMPABLE, 0, 0); failed != 0 || dumpable != 0 {
		t.Errorf("dumpable is %d (%v)", dumpable, failed)
	}
}
