package httpclient

import (
	"net/url"
	"strings"
)

// IsSafeLink reports whether a link that a server gives can be shown to a person: https, or http on this machine, with a host, in visible ASCII. One with a user
// name in it looks like the address of another server, or holds credentials.
func IsSafeLink(text string) bool {
	const longest = 2048
	u, err := url.Parse(text)
	if err != nil || u.User != nil || u.Hostname() == "" || !IsVisible(text, longest) {
		return false
	}
	return u.Scheme == "https" || u.Scheme == "http" && isLoopback(u.Hostname())
}

// IsVisible reports whether a text has at most so many bytes, all of them visible ASCII: nothing in it steers a terminal.
func IsVisible(text string, most int) bool {
	return len(text) <= most && !strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' })
}
