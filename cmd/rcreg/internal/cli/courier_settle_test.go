package cli_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// inDoubt lets a courier hand its token to a Cloud whose reply is lost.
func (g *gap) inDoubt() {
	g.t.Helper()
	cloud := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		panic(http.ErrAbortHandler)
	}))
	defer cloud.Close()
	got := g.courier("* "+g.token, "--cloud-url", cloud.URL, "--output", "json")
	if report := g.outcomes(got); report.Requests[0].Outcome != "outcome unknown" || !strings.Contains(got.stdout, "rcreg courier settle --request "+g.request) {
		g.t.Fatalf("exit %d: %s%s", got.exit, got.stdout, got.stderr)
	}
}

// TestCourierSettle: an administrator's word makes a token work again, or ends it.
func TestCourierSettle(t *testing.T) {
	t.Parallel()
	for word, c := range map[string]struct {
		next string
		exit int
	}{"--unspent": {"answered", 0}, "--spent": {"failed", 1}} {
		t.Run(word, func(t *testing.T) {
			t.Parallel()
			g := newGap(t)
			g.inDoubt()
			if got := g.courier("7bcda132 " + g.token); got.exit != 1 || !strings.Contains(got.stdout, "courier settle") {
				t.Fatalf("exit %d: %s", got.exit, got.stdout)
			}
			settle := []string{"courier", "settle", "--request", g.request, word}
			if got := g.run(settle...); got.exit != 2 || !strings.Contains(got.stderr, "--yes") {
				t.Errorf("not confirmed: exit %d: %s%s", got.exit, got.stdout, got.stderr)
			}
			g.system.Ask = func(context.Context, string, bool) (string, error) { return "no", nil }
			if got := g.run(settle...); got.exit != 2 {
				t.Errorf("declined: exit %d: %s", got.exit, got.stdout)
			}
			asked := ""
			g.system.Ask = func(_ context.Context, question string, _ bool) (string, error) { asked = question; return "yes", nil }
			if got := g.run(settle...); got.exit != 0 || !strings.Contains(got.stdout, g.request) || !strings.Contains(asked, strings.TrimPrefix(word, "--")) {
				t.Errorf("exit %d, asked %q: %s%s", got.exit, asked, got.stdout, got.stderr)
			}
			if got := g.run(slices.Concat(settle, []string{"--yes", "--output", "json"})...).json(t); got.Error.Kind != "usage" {
				t.Errorf("settled twice: %+v", got)
			}
			if got := g.courier("7bcda132 "+g.token, "--output", "json"); got.exit != c.exit || g.outcomes(got).Requests[0].Outcome != c.next {
				t.Errorf("the next run: exit %d: %s", got.exit, got.stdout)
			}
		})
	}
}

// TestCourierSettleUsage refuses what says too little or too much, before anything is changed.
func TestCourierSettleUsage(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	g.inDoubt()
	for name, args := range map[string]string{
		"no request":      "--unspent --yes",
		"no word":         "--yes --request " + g.request,
		"two words":       "--spent --unspent --yes --request " + g.request,
		"unknown request": "--spent --yes --request aaaaaaaaaaaaaaaa",
	} {
		if got := g.run(append([]string{"courier", "settle"}, strings.Fields(args)...)...); got.exit != 2 {
			t.Errorf("%s: exit %d: %s%s", name, got.exit, got.stdout, got.stderr)
		}
	}
	got := g.run("courier", "settle", "--request", g.request, "--unspent", "--yes", "--output", "json")
	if want := `{"settled":{"request":"` + g.request + `","spent":false}}`; got.exit != 0 || strings.TrimSpace(got.stdout) != want {
		t.Errorf("exit %d: %s%s", got.exit, got.stdout, got.stderr)
	}
}
