package shell_test

import (
	"testing"

	"github.com/rcreg/registration/internal/shell"
)

func TestWord(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"/home/ops/fleet-1.yaml": "/home/ops/fleet-1.yaml",
		"tier=gold":              "tier=gold",
		"127.0.0.1:7233":         "127.0.0.1:7233",
		"my fleet":               "'my fleet'",
		"$(reboot)":              "'$(reboot)'",
		"it's":                   `'it'\''s'`,
		"":                       "''",
	} {
		if got := shell.Word(text); got != want {
			t.Errorf("%q became %s, want %s", text, got, want)
		}
	}
}

func TestNoSuchCommand(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		near []string
		want string
	}{
		{nil, `unknown command "flet"`},
		{[]string{"fleet"}, `unknown command "flet": did you mean fleet?`},
		{[]string{"fleet", "flat"}, `unknown command "flet": did you mean fleet or flat?`},
	} {
		if got := shell.NoSuchCommand("flet", c.near).Error(); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}
