package offline

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/internal/safedir/stick"
)

// TestAGrantWithoutALicense is kept until its license could be fetched: the token is not spent again.
func TestAGrantWithoutALicense(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	r := ask(t, g, 1)
	g.cloud.exchange = func(string, cloud.Grant) (cloud.Grant, error) { return grantOf(1, ""), nil }
	g.cloud.license = func(int) (cloud.LicenseData, error) { return cloud.LicenseData{}, cloud.ErrUnreachable }
	if items := g.run(t, "unique-1 token-1"); items[0].Outcome != Failed || !errors.Is(items[0].Err, cloud.ErrUnreachable) {
		t.Errorf("without a license: %v", items)
	}
	g.cloud.license = func(version int) (cloud.LicenseData, error) {
		if version != 3 {
			t.Errorf("asked for version %d", version)
		}
		return licenseData(newLicense), nil
	}
	if items := g.run(t, ""); items[0].Outcome != Answered {
		t.Errorf("with a license: %v", items)
	}
	answer, err := g.requester.Answer(r.ID())
	must(t, err)
	if got := answer.Grant().LicenseData.License.Reveal(); got != newLicense {
		t.Errorf("the license is %q", got)
	}
	if spent := g.cloud.tokens(); len(spent) != 1 {
		t.Errorf("spent %v", spent)
	}
	noSecret(t, filepath.Join(g.path, "ledger"), "hunter2")
	if left := stick.Files(t, filepath.Join(g.path, "ledger", "unfinished")); len(left) != 0 {
		t.Errorf("left are %v", left)
	}
}

// TestAGrantThatCannotBeUsed is never handed on.
func TestAGrantThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	ask(t, g, 1)
	g.cloud.exchange = func(string, cloud.Grant) (cloud.Grant, error) { return grantOf(1, "gibberish"), nil }
	if items := g.run(t, "unique-1 token-1"); items[0].Outcome != Failed || !errors.Is(items[0].Err, cloud.ErrInvalidGrant) {
		t.Errorf("%v", items)
	}
	g.cloud.exchange = func(string, cloud.Grant) (cloud.Grant, error) { return grantOf(1, ""), nil }
	g.cloud.license = func(int) (cloud.LicenseData, error) { return cloud.LicenseData{}, nil }
	ask(t, g, 2)
	items := g.run(t, "unique-2 token-2")
	for _, item := range items {
		if item.Workspace.UniqueID == "unique-2" && (item.Outcome != Failed || !errors.Is(item.Err, ErrUnusable) || !strings.Contains(item.Err.Error(), "license was not read")) {
			t.Errorf("%v", item)
		}
	}
}

func TestLicensesNeedAKeptGrant(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	ask(t, g, 1)
	g.run(t, "unique-1 token-1")
	_, err := g.requester.Ask(License, dataOf(1))
	must(t, err)
	items := g.run(t, "unique-1 token-2")
	i := slices.IndexFunc(items, func(item Item) bool { return item.Kind == License })
	if len(items) != 2 || i < 0 || items[i].Outcome != Failed || !errors.Is(items[i].Err, ErrNoGrant) {
		t.Errorf("%v", items)
	}
}

func TestLicensesThatDoNotCome(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	c := g.courier(t, "")
	must(t, c.Ledger.kept.Keep("unique-1", grantOf(1, firstLicense)))
	_, err := g.requester.Ask(License, dataOf(1))
	must(t, err)
	for _, tt := range []struct {
		data cloud.LicenseData
		err  error
		want error
	}{
		{err: cloud.ErrInvalidClient, want: cloud.ErrInvalidClient},
		{want: ErrUnusable},
		{data: licenseData("<html>"), want: ErrUnusable},
		{data: licenseData("zwölf"), want: ErrUnusable},
		{data: licenseData(`{"error":"none"}`), want: ErrUnusable},
		{data: licenseData("RCV3_\x1f"), want: ErrUnusable},
		{data: licenseData("RCV3_\x7f"), want: ErrUnusable},
	} {
		g.cloud.license = func(int) (cloud.LicenseData, error) { return tt.data, tt.err }
		report, err := c.Run(t.Context())
		if err != nil || report.Count(Failed) != 1 || !errors.Is(report.Items[0].Err, tt.want) {
			t.Errorf("%v, %v; want %v", report, err, tt.want)
		}
	}
	g.cloud.license = func(int) (cloud.LicenseData, error) { return licenseData("RCV3_ ~"), nil }
	if report, err := c.Run(t.Context()); err != nil || report.Count(Answered) != 1 {
		t.Errorf("%v, %v", report, err)
	}
}
