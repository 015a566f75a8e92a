package registration_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/workspace"
)

// TestWalls: what is known to stand in front of a workspace is told with the way past it, for reads and writes, and the token is kept.
func TestWalls(t *testing.T) {
	t.Parallel()
	page := func(title string) string {
		return "<html><head><title>" + title + "</title></head><body></body></html>"
	}
	for name, wall := range map[string]struct {
		status      int
		media, body string
		want        failure.Act
	}{
		"a client certificate":         {400, "text/html", page("400 No required SSL certificate was sent"), failure.ShowCertificate},
		"a wrong client certificate":   {400, "text/html", page("400 The SSL certificate error"), failure.ShowCertificate},
		"http on an https port, nginx": {400, "text/html", page("400 The plain HTTP request was sent to HTTPS port"), failure.UseHTTPS},
		"http on an https port, Go":    {400, "text/plain", "Client sent an HTTP request to an HTTPS server.\n", failure.UseHTTPS},
		"client_max_body_size":         {413, "text/html", page("413 Request Entity Too Large"), failure.RaiseSize},
		"a captive portal":             {511, "text/html", page("Log in"), failure.LogInToNetwork},
		"a firewall":                   {403, "text/html", page("Access Denied"), failure.LetPass},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ws, clock := clienttest.Start(t, "9.0.0")
			standing := ""
			client := clienttest.OpenOver(t, ws, clock, clienttest.RoundTrip(func(r *http.Request) (*http.Response, error) {
				if standing == "" || !strings.HasSuffix(r.URL.Path, standing) {
					return http.DefaultTransport.RoundTrip(r)
				}
				return &http.Response{StatusCode: wall.status, Header: http.Header{"Content-Type": {wall.media}, "Server": {"front/1.0"}}, Body: io.NopCloser(strings.NewReader(wall.body)), Request: r}, nil
			}))
			standing = "connectWorkspace"
			result, err := client.Register(t.Context(), registration.Request{Token: ws.Cloud().IssueToken()})
			clienttest.Expect(t, "register", result, err, workspace.ErrNotRocketChat, false)
			if ways := failure.Remedies(err); len(ways) == 0 || ways[0].Act != wall.want || !strings.Contains(err.Error(), "front/1.0") {
				t.Errorf("a write: %v, %v; want %s", ways, err, wall.want)
			}
			standing = "registrationStatus"
			_, err = client.Status(t.Context())
			if ways := failure.Remedies(err); wall.want != failure.LetPass && (len(ways) == 0 || ways[0].Act != wall.want) {
				t.Errorf("a read: %v, %v; want %s", ways, err, wall.want)
			}
		})
	}
}

// TestInfoWithoutItsType: some fronts take the type of a reply away, and leave it as it is.
func TestInfoWithoutItsType(t *testing.T) {
	t.Parallel()
	for _, media := range []string{"text/plain", "", "application/octet-stream"} {
		ws, clock := clienttest.Start(t, "6.13.0")
		client := clienttest.OpenOver(t, ws, clock, clienttest.RoundTrip(func(r *http.Request) (*http.Response, error) {
			reply, err := http.DefaultTransport.RoundTrip(r)
			if err == nil && strings.HasSuffix(r.URL.Path, "/api/info") {
				reply.Header.Set("Content-Type", media)
			}
			return reply, err
		}))
		if got := client.Capabilities().Version; got != "6.13.0" {
			t.Errorf("%q: %s", media, got)
		}
	}
}

// TestAddressOutOfABrowser: the path of a page is no part of a workspace's address, and the error names the address to use.
func TestAddressOutOfABrowser(t *testing.T) {
	t.Parallel()
	for _, v := range []string{"6.13.0", "9.0.0"} {
		ws, clock := clienttest.Start(t, v)
		for _, path := range []string{"/home", "/admin/cloud", "/channel/general"} {
			w, err := workspace.New(ws.URL()+path, workspace.Token(ws.Admin().UserID, ws.Admin().AuthToken), workspace.WithClock(clock))
			if err != nil {
				t.Fatal(err)
			}
			_, err = registration.New(t.Context(), w)
			if ways := failure.Remedies(err); len(ways) != 1 || ways[0] != (failure.Remedy{Act: failure.UseAddress, With: ws.URL()}) {
				t.Errorf("%s%s: %v, %v", v, path, ways, err)
			}
		}
	}
}
