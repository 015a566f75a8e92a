package cloud

import (
	"net/url"
	"strings"
)

// isLink tells whether a text is a URL that a browser can be sent to.
func isLink(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != ""
}

// isSafeLink tells whether a link of the Cloud can be shown to a person. One with a user name in it looks like the address of another server.
func isSafeLink(text string) bool {
	const longest = 2048
	u, err := url.Parse(text)
	return err == nil && u.User == nil && isLink(text) && isVisible(text, longest)
}

// isVisible tells whether a text has at most so many bytes, all of them visible ASCII: nothing in it steers a terminal.
func isVisible(text string, most int) bool {
	return len(text) <= most && !strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' })
}
