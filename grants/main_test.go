package grants

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/internal/document"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const firstLicense = "RCV3_Zmlyc3Q.Zmlyc3Q.c2ln" // looks like a real one

// grantOf is the grant for a made-up workspace.
func grantOf(number int, license string) cloud.Grant {
	grant, err := cloud.ParseGrant(fmt.Appendf(nil, `{"workspaceId":"ws-%[1]d","client_id":"client-%[1]d","client_secret":"hunter2-%[1]d","licenseData":{"license":%[2]q}}`, number, license))
	if err != nil {
		panic(err)
	}
	return grant
}

// documentOf is the text of a file with a content.
func documentOf(t *testing.T, content any) string {
	t.Helper()
	text, _, err := document.Write(content)
	must(t, err)
	return string(text)
}

func save(t *testing.T, path, text string) {
	t.Helper()
	must(t, os.MkdirAll(filepath.Dir(path), 0o700))
	must(t, os.WriteFile(path, []byte(text), 0o600))
}

func load(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	must(t, err)
	return string(text)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
