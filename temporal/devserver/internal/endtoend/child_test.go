package endtoend_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"sync/atomic"

	"github.com/rcreg/registration/registrationtest/faults"
	"github.com/rcreg/registration/temporal/devserver/internal/jumpclock"
)

// childVariable tells a child process what it has: a workerConfig, as JSON.
const childVariable = "RCREG_ENDTOEND_WORKER"

// runChild is the child process: a worker, which runs until it is killed, or the parent has gone.
func runChild(text string) error {
	var c workerConfig
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		return err
	}
	w, err := openWorker(context.Background(), c, jumpclock.Ahead(c.Ahead))
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, os.Stdin)
	return errors.Join(err, w.stop())
}

// killed runs a worker in a process of its own, which is killed (SIGKILL) when the fakes have been asked so many times. It returns once the process is dead.
func (w *world) killed(c workerConfig, asked int64) {
	w.tb.Helper()
	text, err := json.Marshal(c)
	if err != nil {
		w.tb.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		w.tb.Fatal(err)
	}
	child := exec.CommandContext(w.tb.Context(), self)
	child.Env = append(os.Environ(), childVariable+"="+string(text))
	var said bytes.Buffer
	child.Stderr = &said
	if _, err := child.StdinPipe(); err != nil {
		w.tb.Fatal(err)
	}
	var n atomic.Int64
	w.sim.Faults().Watch(func(faults.Step) {
		if n.Add(1) == asked {
			_ = child.Process.Kill()
		}
	})
	defer w.sim.Faults().Watch(nil)
	if err := child.Run(); child.ProcessState == nil || child.ProcessState.ExitCode() != -1 {
		w.tb.Fatalf("the worker was to be killed: %v: %s", err, said.String())
	}
}
