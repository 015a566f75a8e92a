package cli_test

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/rcreg/registration/cmd/rcreg/internal/cli"
	"github.com/rcreg/registration/internal/process"
)

// asChild is the variable with which a test runs this program as rcreg: signals and locks are for whole processes. Its value is the command line.
const asChild = "RCREG_TEST_COMMAND"

func TestMain(m *testing.M) {
	line, isChild := os.LookupEnv(asChild)
	if !isChild {
		goleak.VerifyTestMain(m)
		return
	}
	os.Exit(process.Run(func(ctx context.Context, again func() <-chan struct{}) int {
		system := cli.Machine()
		system.StoppedAgain = again
		return cli.Run(ctx, strings.Fields(line), system)
	}))
}

// child is a command line as a process of its own.
func (b *bench) child(args ...string) *exec.Cmd {
	b.t.Helper()
	child := exec.CommandContext(b.t.Context(), os.Args[0])
	child.Env = append(os.Environ(), asChild+"="+strings.Join(args, " "), "GORACE=atexit_sleep_ms=0")
	for name, value := range b.env {
		child.Env = append(child.Env, name+"="+value)
	}
	return child
}
