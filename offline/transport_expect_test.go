package offline_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/offline"
)

// expectFiles checks what is in a folder of the exchange folder.
func (g gapped) expectFiles(t *testing.T, folder string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(g.file(folder))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	got := make([]string, len(entries))
	for i, entry := range entries {
		got[i] = entry.Name()
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s holds %v, want %v", folder, got, want)
	}
}

// expectArchived checks that a request and its answer were put away, and that nothing else is left.
func (g gapped) expectArchived(t *testing.T, tickets ...registration.Ticket) {
	t.Helper()
	want := make([]string, 0, 3*len(tickets))
	for _, ticket := range tickets {
		want = append(want, ticket.Request+".answer.json", ticket.Request+".request.json", ticket.Request+".request.txt")
	}
	slices.Sort(want)
	g.expectFiles(t, "archive", want...)
	g.expectFiles(t, "requests")
	g.expectFiles(t, "answers")
}

// expectGap checks that nothing but a courier has talked to the Cloud, which is down for the workspace.
func (g gapped) expectGap(t *testing.T) {
	t.Helper()
	for _, exchange := range g.Cloud().History() {
		// Whoever asks a server for its version makes it look for the list of supported ones (6.5+).
		if exchange.Header.Get("User-Agent") != clienttest.CloudAgent && !strings.Contains(exchange.Path, "supportedVersions") {
			t.Errorf("the workspace asked the Cloud: %s %s", exchange.Method, exchange.Path)
		}
	}
}

// expectNoSecret looks for secrets in what a run says, and in every file that is carried.
func (g gapped) expectNoSecret(t *testing.T, said ...any) {
	t.Helper()
	texts := []any{said}
	err := fs.WalkDir(os.DirFS(g.file()), ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			texts = append(texts, g.load(t, name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	g.expectNoSecretSaid(t, texts...)
}

// expectNoSecretSaid looks for secrets in what a run says.
func (g gapped) expectNoSecretSaid(t *testing.T, said ...any) {
	t.Helper()
	secrets := append(g.Cloud().SpentTokens(), "AGE-SECRET-KEY")
	if secret, ok := g.Setting("Cloud_Workspace_Client_Secret").(string); ok && secret != "" {
		secrets = append(secrets, secret)
	}
	text := fmt.Sprintf("%+v %v %#v", said, said, said)
	for _, secret := range secrets {
		if strings.Contains(text, secret) {
			t.Errorf("the secret %q shows", secret)
		}
	}
}

// expectAway checks the error of a run that needs the stick.
func expectAway(t *testing.T, name string, result registration.Result, err error) {
	t.Helper()
	clienttest.Expect(t, name, result, err, offline.ErrFolderMissing, false)
	if errors.Is(err, registration.ErrInvalidGrant) || !strings.Contains(err.Error(), "mount the medium") {
		t.Errorf("%s: got %v", name, err)
	}
}

func expectNote(t *testing.T, result registration.Result, says string) {
	t.Helper()
	if !strings.Contains(strings.Join(result.Notes, "\n"), says) {
		t.Errorf("no note says %q: %q", says, result.Notes)
	}
}
