package main

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestRunAsItIs(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := playOrRun(t.Context(), &out, func(string) string { return "" }); err != nil {
		t.Fatal(err)
	}
	if out.String() != "was unregistered, is registered\n" {
		t.Errorf("it says %q", out.String())
	}
}

func TestTransportWithoutItsFiles(t *testing.T) {
	t.Parallel()
	missing := filepath.Join(t.TempDir(), "missing.pem")
	if _, err := transport(nil, missing, "", ""); err == nil {
		t.Error("an authority that is not there is taken")
	}
	if _, err := transport(nil, "", missing, missing); err == nil {
		t.Error("a certificate that is not there is taken")
	}
	if over, err := transport(nil, "", "", ""); err != nil || over == nil {
		t.Errorf("without files: %v", err)
	}
}
