package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/rcreg/registration/cmd/rcreg/internal/cli"
	"github.com/rcreg/registration/internal/command"
	"github.com/rcreg/registration/registrationtest"
)

// Whatever is typed, and whatever comes on stdin, ends with an exit code that is documented, says something when it fails, and shows no secret of the environment.
func FuzzCommandLine(f *testing.F) {
	for _, args := range []string{
		"", "--help", "status", "status\n--output\njson", "register\n--token-stdin", "register\n--email\nops@example.com\n--wait", "resume\n--ticket-file\nt.json",
		"register\n--via\noffline\n--exchange\nx", "offline\napply\n--exchange\nx\n--answer\n-", "offline\nstatus\n--exchange\nx\n--output=json",
		"courier\nrun\n--exchange\nx\n--scanned\n-", "license\napply\n--file\n-", "deployment\nconfirm\nnew-workspace\n--yes", "doctor\n--with-cloud", "version\n-o\nyaml",
		"status\n--timeout\n-1s", "disconnect\n--forget-identity\n--yes", "statsu", "completion\nbash", "status\n--workspace\nhttp://\x1b[2J",
	} {
		f.Add(args, "text\n")
	}
	secrets := map[string]string{
		"RCREG_WORKSPACE": "https://chat.example.com", "RCREG_USER_ID": "admin-id", "RCREG_AUTH_TOKEN": "SECRET-AUTH-TOKEN",
		"RCREG_REGISTRATION_TOKEN": "SECRET-REGISTRATION-TOKEN", "RCREG_PASSWORD": "SECRET-PASSWORD", "RCREG_CLOUD_URL": "https://cloud.example.com",
	}
	ended, end := context.WithCancel(context.Background()) // so that nothing is sent
	end()
	f.Fuzz(func(t *testing.T, line, stdin string) {
		args := strings.Split(line, "\n")
		if slices.ContainsFunc(args, servesOrLeadsOut) {
			return
		}
		t.Chdir(t.TempDir())
		var stdout, stderr bytes.Buffer
		exit := cli.Run(ended, args, cli.System{
			Streams: command.Streams{Stdin: strings.NewReader(stdin), Stdout: &stdout, Stderr: &stderr}, Getenv: func(name string) string { return secrets[name] },
			Clock: registrationtest.NewClock(testStart), StateDir: t.TempDir(),
		})
		said := stdout.String() + stderr.String()
		if exit < 0 || exit > 5 || exit != 0 && said == "" {
			t.Errorf("%q: exit %d: %s", args, exit, said)
		}
		if strings.Contains(said, "SECRET-") && !strings.Contains(line+stdin, "SECRET-") {
			t.Errorf("%q shows a secret: %s", args, said)
		}
		if exit != 0 && strings.HasSuffix(line, "\n--output\njson") && !json.Valid(stdout.Bytes()) {
			t.Errorf("%q: no JSON: %s", args, stdout.String())
		}
	})
}

// servesOrLeadsOut reports whether an argument is the name of a command that serves fakes, or a path that may lead out of the test's own folder.
func servesOrLeadsOut(arg string) bool {
	return arg == "sim" || arg == "demo" || strings.Contains(arg, "..") || strings.ContainsAny(arg, `/\~`) && !strings.HasPrefix(arg, "http")
}
