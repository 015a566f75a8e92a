package process

import "syscall"

// disableCoreDumps keeps the secrets in the memory of this process out of files and out of the reach of other processes of the user: no core dump, no
// ptrace. The limit alone would not do: a kernel that pipes dumps into a program (core_pattern) does not look at it.
func disableCoreDumps() error {
	if _, _, failed := syscall.RawSyscall(syscall.SYS_PRCTL, syscall.PR_SET_DUMPABLE, 0, 0); failed != 0 {
		return failed
	}
	return syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{})
}
