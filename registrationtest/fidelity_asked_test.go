package registrationtest

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
)

// askedHeaders are the headers of what the Cloud is asked, in the order of arrival: its history has no secrets.
type askedHeaders struct {
	mu   sync.Mutex
	list []http.Header
}

func (a *askedHeaders) note(header http.Header) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.list = append(a.list, header.Clone())
}

func (a *askedHeaders) clear() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.list = nil
}

func (a *askedHeaders) at(i int) http.Header {
	a.mu.Lock()
	defer a.mu.Unlock()
	if i >= len(a.list) {
		return nil
	}
	return a.list[i]
}

// withAskedHeaders notes the headers in front of the Cloud.
func (p *play) withAskedHeaders(o *options) {
	for _, verb := range []string{http.MethodGet, http.MethodPost} {
		WithHandler(verb+" /", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			p.asked.note(r.Header)
			p.cloud.handler.ServeHTTP(w, r)
		}))(o)
	}
}

var accessToken = regexp.MustCompile(`^Bearer (access-\d+|<access[^>]*>)$`)

// credential is an Authorization without what differs from run to run: an access token is any of the Cloud's.
func credential(authorization string) string {
	authorization = strings.TrimSpace(authorization)
	if accessToken.MatchString(authorization) {
		return "Bearer <access token>"
	}
	return authorization
}

// compareAsked compares the headers of one call to the Cloud with those that were recorded.
func (p *play) compareAsked(i int, call recordedCall) []string {
	if call.Headers == nil {
		return nil // recordings of WebSockets have none
	}
	var diffs []string
	header := p.asked.at(i)
	where := call.Method + " " + call.Path
	if got, want := credential(header.Get("Authorization")), credential(call.Headers["authorization"]); got != want {
		diffs = append(diffs, fmt.Sprintf("%s: authorization %q, want %q", where, got, want))
	}
	if got, want := media(header.Get("Content-Type")), media(call.Headers["content-type"]); got != want {
		diffs = append(diffs, fmt.Sprintf("%s: content type %q, want %q", where, got, want))
	}
	return diffs
}
