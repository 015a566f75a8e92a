package fleet_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/fleet"
)

// alpha is a good workspace, on the lines 2 to 5 of a list.
const alpha = "workspaces:\n- name: alpha\n  url: https://alpha.example.com\n  user: admin\n  password: {file: good}\n"

// at is what is expected of a problem.
type at struct {
	line int
	text string
}

func TestProblems(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	keep(t, dir, "good", "secret", 0o600)
	keep(t, dir, "empty", " \n", 0o600)
	keep(t, dir, "lines", "one\ntwo\n", 0o600)
	keep(t, dir, "space", "one two", 0o600)
	keep(t, dir, "open", "secret", 0o644)
	keep(t, dir, "long", strings.Repeat("x", 70000), 0o600)
	for name, tt := range map[string]struct {
		text string
		want []at
	}{
		"nothing":             {"", []at{{1, "empty"}}},
		"only comments":       {"# here\n", []at{{1, "empty"}}},
		"no workspaces":       {"defaults: {}\n", []at{{1, "workspaces is missing"}}},
		"empty workspaces":    {"\nworkspaces: []\n", []at{{2, "no workspace"}}},
		"workspaces by name":  {"workspaces:\n  alpha: {}\n", []at{{2, "no workspace"}}},
		"a text":              {"hello", []at{{1, "keys and values"}, {1, "workspaces is missing"}}},
		"a text in the list":  {"workspaces: [x]", []at{{1, "no name"}, {1, "keys and values"}, {1, "url is missing"}, {1, "no credentials"}}},
		"two documents":       {alpha + "---\na: b\n", []at{{6, "second document"}}},
		"broken second":       {alpha + "---\na: [\n", []at{{8, "neither YAML nor JSON"}}},
		"wrong indentation":   {alpha + "   url: x\n", []at{{6, "neither YAML nor JSON"}}},
		"zero byte":           {alpha + "# \x00\n", []at{{6, "control characters"}}},
		"latin-1":             {alpha + "# \xe9\n", []at{{6, "UTF-8"}}},
		"alias":               {"defaults: &d {user_id: u}\n" + alpha, []at{{1, "aliases"}}},
		"unknown alias":       {alpha + "  url: *hunter2\n", []at{{6, "aliases"}}},
		"tag":                 {alpha + "  via: !secret direct\n", []at{{6, "tags"}}},
		"unknown keys":        {"other: 1\n" + alpha + "  addr: x\n  Hunter2: x\n", []at{{1, "the key other does not belong into the list"}, {7, "the key addr"}, {8, "a key does not"}}},
		"key twice":           {alpha + "  user: other\n", []at{{6, "the key user of a workspace is there twice"}}},
		"key that is no text": {alpha + "  [a, b]: x\n", []at{{6, "is no text"}}},
		"name in defaults":    {"defaults: {name: x}\n" + alpha, []at{{1, "the key name does not belong into defaults"}}},
		"no name":             {strings.Replace(alpha, "name: alpha", "name: ", 1), []at{{2, "name is empty"}}},
		"name as a path":      {strings.Replace(alpha, "name: alpha", "name: ../x", 1), []at{{2, "name is not made of"}}},
		"hidden name":         {strings.Replace(alpha, "name: alpha", "name: .x", 1), []at{{2, "name is not made of"}}},
		"no url":              {strings.Replace(alpha, "url: https://alpha.example.com", "url:", 1), []at{{3, "url is empty"}, {3, "url is missing"}}},
		"ftp":                 {strings.Replace(alpha, "https:", "ftp:", 1), []at{{3, "neither https nor http"}}},
		"plain http":          {strings.Replace(alpha, "https:", "http:", 1), []at{{3, "set plain_http: true"}}},
		"password in the url": {strings.Replace(alpha, "https://", "https://a:hunter2@", 1), []at{{3, "user name or password"}}},
		"same twice": {
			alpha + strings.TrimPrefix(strings.Replace(alpha, ".com", ".com:443/", 1), "workspaces:\n"),
			[]at{{6, "taken by the workspace on line 2"}, {7, "the workspace on line 2 has the same url"}},
		},
		"unknown transport":  {alpha + "  via: pigeon\n", []at{{6, "neither direct nor relay"}}},
		"yes":                {alpha + "  plain_http: yes\n", []at{{6, "neither true nor false"}}},
		"labels as a list":   {alpha + "  labels: [a]\n", []at{{6, "keys and values"}}},
		"labels in labels":   {alpha + "  labels:\n    a: {b: c}\n", []at{{7, "a label is no text"}}},
		"label with a space": {alpha + "  labels:\n    a b: c\n", []at{{7, "a label has a key of"}}},
		"many labels":        {alpha + "  labels:" + manyKeys(33), []at{{7, "more than 32 labels"}}},
		"very many labels":   {alpha + "  labels:" + manyKeys(65), []at{{7, "more than 64 keys"}}},
		"no credentials":     {"workspaces:\n- name: a\n  url: https://a.example.com\n", []at{{2, "no credentials"}}},
		"half a pair":        {"workspaces:\n- name: a\n  url: https://a.example.com\n  user: u\n- name: b\n  url: https://b.example.com\n  auth_token: {file: good}\n", []at{{2, "password is missing"}, {5, "user_id is missing"}}},
		"both pairs":         {alpha + "  user_id: x\n", []at{{2, "keep one pair"}}},
		"control character":  {alpha + "  user_id: \"a\\nb\"\n", []at{{2, "keep one pair"}, {6, "control characters"}}},
		"inline":             {strings.Replace(alpha, "{file: good}", "hunter2", 1), []at{{5, "no place for secrets"}}},
		"inline number":      {strings.Replace(alpha, "{file: good}", "12345678", 1), []at{{5, "no place for secrets"}}},
		"inline in defaults": {"defaults:\n  user: a\n  password: hunter2\n" + alpha, []at{{3, "no place for secrets"}}},
		"secret as variable": {strings.Replace(alpha, "file: good", "env: hunter2", 1), []at{{5, "env is not the name of a variable"}}},
		"env and file":       {strings.Replace(alpha, "file: good", "file: good, env: HOME", 1), []at{{5, "one of env and file"}}},
		"neither":            {strings.Replace(alpha, "file: good", "", 1), []at{{5, "one of env and file"}}},
		"other source":       {strings.Replace(alpha, "file: good", "vault: hunter2", 1), []at{{5, "the key vault does not belong into password"}}},
		"list of sources":    {strings.Replace(alpha, "{file: good}", "[good]", 1), []at{{5, "keys and values"}}},
		"no variable":        {strings.Replace(alpha, "file: good", "env: RCREG_TEST_THAT_IS_NOT_SET", 1), []at{{5, "RCREG_TEST_THAT_IS_NOT_SET is not set"}}},
		"no file":            {strings.Replace(alpha, "file: good", "file: away", 1), []at{{5, "away is not there"}}},
		"a folder":           {strings.Replace(alpha, "file: good", "file: .", 1), []at{{5, "cannot be read"}}},
		"empty file":         {strings.Replace(alpha, "file: good", "file: empty", 1), []at{{5, "is empty"}}},
		"two lines":          {strings.Replace(alpha, "file: good", "file: lines", 1), []at{{5, "more than one line"}}},
		"long variable":      {strings.Replace(alpha, "file: good", "env: "+strings.Repeat("X", 129), 1), []at{{5, "env is not the name of a variable"}}},
		"a long file":        {strings.Replace(alpha, "file: good", "file: long", 1), []at{{5, "cannot be read"}}},
		"open file":          {strings.Replace(alpha, "file: good", "file: open", 1), []at{{5, "run chmod 600 " + dir + "/open"}}},
		"token with a space": {"workspaces:\n- name: a\n  url: https://a.example.com\n  user_id: u\n  auth_token:\n    file: space\n", []at{{6, "white space"}}},
		"id with a space":    {"workspaces:\n- name: a\n  url: https://a.example.com\n  user_id: u v\n  auth_token: {file: good}\n", []at{{2, "user id"}}},
		"shared once": {
			"defaults:\n  user: a\n  password: {file: away}\nworkspaces:\n- {name: a, url: 'https://a.example.com'}\n- {name: b, url: 'https://b.example.com'}\n",
			[]at{{3, "away is not there"}},
		},
		"one file each": {
			"defaults:\n  user: a\n  password: {file: '{name}.x'}\nworkspaces:\n- {name: a, url: 'https://a.example.com'}\n- {name: b, url: 'https://b.example.com'}\n",
			[]at{{5, "a.x is not there"}, {6, "b.x is not there"}},
		},
		"pairs in defaults": {"defaults:\n  user: a\n  user_id: b\nworkspaces:\n- {name: a, url: 'https://a.example.com'}\n", []at{{2, "defaults has both"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkProblems(t, tt.text, dir, tt.want)
		})
	}
}

func checkProblems(t *testing.T, text, dir string, want []at) {
	t.Helper()
	list, err := fleet.Parse([]byte(text), dir)
	var invalid *fleet.ListError
	if !errors.As(err, &invalid) || !errors.Is(err, registration.ErrInvalidInput) || len(list.Workspaces) > 0 {
		t.Fatalf("read %v, %v", list, err)
	}
	good := len(invalid.Problems) == len(want)
	for i := 0; good && i < len(want); i++ {
		good = invalid.Problems[i].Line == want[i].line && strings.Contains(invalid.Problems[i].Text, want[i].text)
	}
	if !good {
		t.Errorf("want %v, but %v", want, err)
	}
	if strings.Contains(err.Error(), "unter2") {
		t.Errorf("a secret is repeated: %v", err)
	}
}

func manyKeys(n int) string {
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, "\n    k%d: v", i)
	}
	return text.String()
}

func TestProblemsAreCounted(t *testing.T) {
	t.Parallel()
	_, err := fleet.Parse([]byte("workspaces:"+strings.Repeat("\n- {name: a, url: 'https://a.example.com', user: u, password: p}", 30)), t.TempDir())
	text := err.Error()
	if lines := strings.Count(text, "\n"); lines != 21 || !strings.HasSuffix(text, "\n  and 68 more") {
		t.Errorf("%d lines: %s", lines, text)
	}
}

func TestTooLarge(t *testing.T) {
	t.Parallel()
	checkProblems(t, "workspaces:\n"+strings.Repeat("- a\n", 250_001), t.TempDir(), []at{{2, "250001 workspaces"}})
	checkProblems(t, alpha+strings.Repeat("#", 33<<20), t.TempDir(), []at{{1, "more than"}})
}
