package httpclient

import (
	"net/http"
	"net/url"
	"strings"
)

const (
	maxRedirects = 5
	// maxHost is the longest host with a port that can be: 253 characters are all that DNS takes.
	maxHost = 260
)

// guardRedirect lets a read follow a redirect on its own host, over HTTPS or over the scheme that it came by. Any other
// redirect is handed back as it is: credentials travel in headers of our own, which net/http would carry along.
func guardRedirect(next *http.Request, via []*http.Request) error {
	first, last := via[0], via[len(via)-1]
	if len(via) > maxRedirects || first.Method != http.MethodGet || !sameOrigin(last.URL, next.URL) {
		return http.ErrUseLastResponse
	}
	return nil
}

// sameOrigin reports whether credentials meant for one address may be sent to the other.
func sameOrigin(from, to *url.URL) bool {
	if to.User != nil {
		return false
	}
	if from.Scheme == to.Scheme {
		return strings.EqualFold(from.Host, to.Host)
	}
	return isUpgrade(from, to) && strings.EqualFold(from.Hostname(), to.Hostname())
}

// isUpgrade reports whether a redirect leads from plain HTTP to HTTPS, each on its usual port: behind another port may be
// another server.
func isUpgrade(from, to *url.URL) bool {
	return from.Scheme == "http" && to.Scheme == "https" && (from.Port() == "" || from.Port() == "80") && (to.Port() == "" || to.Port() == "443")
}

// RedirectOf returns a *RedirectError when a reply points elsewhere, else nil.
func RedirectOf(resp *http.Response) error {
	if resp.StatusCode < 300 || resp.StatusCode > 399 || resp.StatusCode == http.StatusNotModified {
		return nil
	}
	redirect := &RedirectError{Status: resp.StatusCode}
	if to, err := resp.Location(); err == nil && to.Host != "" && len(to.Host) <= maxHost {
		// Path and query stay out: they may hold what was sent.
		redirect.To = (&url.URL{Scheme: to.Scheme, Host: to.Host}).String()
	}
	return redirect
}
