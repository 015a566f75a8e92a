package cli

import (
	"strings"

	"github.com/rcreg/registration/internal/shell"
	"github.com/rcreg/registration/temporal"
)

// again is a command line of this program that talks to the same server.
func (a *app) again(words string) string {
	line := []string{a.Program, words}
	if a.server.dev {
		line = append(line, "--dev")
	}
	for _, flag := range []struct{ name, value, usual string }{
		{"--dev-dir", a.server.devDir, defaultDevDir},
		{"--address", a.server.address, ""},
		{"--namespace", a.server.namespace, ""},
		{"--key-file", a.server.keyFile, ""},
		{"--task-queue", a.taskQueue, temporal.DefaultTaskQueue},
	} {
		if flag.value != flag.usual {
			line = append(line, flag.name, shell.Word(flag.value))
		}
	}
	return strings.Join(line, " ")
}
