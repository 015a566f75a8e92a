//go:build unix

package process_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"go.uber.org/goleak"

	"github.com/rcreg/registration/internal/process"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// asChild is the variable with which the test runs itself: signals are for whole processes. Its value is what the command does when it is to end.
const asChild = "PROCESS_TEST_CHILD"

func TestSignals(t *testing.T) {
	t.Parallel()
	if end := os.Getenv(asChild); end != "" {
		os.Exit(process.Run(func(ctx context.Context, again func() <-chan struct{}) int {
			var twice <-chan struct{}
			if strings.HasSuffix(end, "asked") {
				twice = again()
			}
			_, _ = fmt.Fprintln(os.Stdout, "begun")
			<-ctx.Done()
			if twice != nil {
				_, _ = fmt.Fprintln(os.Stdout, "stopped once")
				<-twice
			}
			end, _, _ = strings.Cut(end, ",")
			if end == "never" {
				_, _ = fmt.Fprintln(os.Stdout, "still here")
				select {}
			}
			return 7
		}))
	}
	for _, c := range []struct {
		end  string
		want func(state *os.ProcessState) bool
	}{
		{"at once", func(s *os.ProcessState) bool { return s.ExitCode() == 7 }},
		{"at once, asked", func(s *os.ProcessState) bool { return s.ExitCode() == 7 }},
		{"never, asked", func(s *os.ProcessState) bool { return s.Sys().(syscall.WaitStatus).Signal() == syscall.SIGTERM }},
		{"never", func(s *os.ProcessState) bool { return s.Sys().(syscall.WaitStatus).Signal() == syscall.SIGTERM }},
	} {
		t.Run(c.end, func(t *testing.T) {
			t.Parallel()
			child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestSignals$")
			child.Env = append(os.Environ(), asChild+"="+c.end)
			out, err := child.StdoutPipe()
			if err == nil {
				err = child.Start()
			}
			if err != nil {
				t.Fatal(err)
			}
			lines := bufio.NewScanner(out)
			for lines.Scan() { // each line is met with a signal, to the end
				if err := child.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
					t.Error(err)
				}
			}
			var ended *exec.ExitError
			if err := child.Wait(); !errors.As(err, &ended) || !c.want(ended.ProcessState) {
				t.Errorf("it ends with %v", err)
			}
		})
	}
}
