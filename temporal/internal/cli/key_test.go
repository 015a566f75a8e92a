package cli_test

import (
	"os"
	"strings"
	"testing"

	common "go.temporal.io/api/common/v1"
)

const otherKey = "//////////////////////////////////////////8="

func TestKeys(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, variable, file string
		mode                 os.FileMode
		exit                 int
		told                 string
	}{
		{"a variable", someKey, "", 0, 0, ""},
		{"a file", "", someKey + "\n", 0o600, 0, ""},
		{"a file before a variable", "none", "# since May\n" + someKey + "\r\n\n" + otherKey, 0o600, 0, ""},
		{"no key", "", "", 0, 2, "openssl rand -base64 32"},
		{"a short one", someKey[4:], "", 0, 2, "RCREG_HISTORY_KEY holds no usable keys: key 1"},
		{"a second one that is none", "", someKey + "\nsecret", 0o600, 2, "the file of --key-file holds no usable keys: key 2"},
		{"only remarks", "", "# none", 0o600, 2, "no key to encrypt histories with"},
		{"a file that others can read", "", someKey, 0o644, 2, "chmod 600 "},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newWorkerTest(t)
			line := "--verbose"
			if c.variable != "" {
				s.variables["RCREG_HISTORY_KEY"] = c.variable
			}
			if c.file != "" {
				line += " --key-file " + s.write("key", c.file, c.mode)
			}
			s.must(c.exit, line, c.told)
			for _, secret := range []string{someKey, someKey[4:], otherKey, "secret"} {
				if strings.Contains(s.stderr.String(), secret) {
					t.Errorf("a key is shown: %s", s.stderr.String())
				}
			}
		})
	}
	t.Run("a file that is not there", func(t *testing.T) {
		t.Parallel()
		newWorkerTest(t).must(2, "--key-file DIR/none", "the file of --key-file cannot be read")
	})
}

// TestKeysOfEarlier open what was written with them, and the first one writes.
func TestKeysOfEarlier(t *testing.T) {
	t.Parallel()
	converted := func(keys string) (s *workerTest, payload *common.Payload) {
		s = newWorkerTest(t)
		s.variables["RCREG_HISTORY_KEY"] = keys
		s.must(0, "")
		payload, err := s.dialled.DataConverter.ToPayload("hello")
		if err != nil {
			t.Fatal(err)
		}
		return s, payload
	}
	_, before := converted(someKey)
	both, written := converted(otherKey + "\n" + someKey)
	newest, _ := converted(otherKey)
	var text string
	if err := both.dialled.DataConverter.FromPayload(before, &text); err != nil || text != "hello" {
		t.Errorf("what was written before is %q: %v", text, err)
	}
	if err := newest.dialled.DataConverter.FromPayload(written, &text); err != nil {
		t.Errorf("the first key has not written: %v", err)
	}
	if err := newest.dialled.DataConverter.FromPayload(before, &text); err == nil {
		t.Error("what was written with another key can be read")
	}
}
