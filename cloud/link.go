package cloud

import "net/url"

// isLink reports whether a text is a URL that a browser can be sent to.
func isLink(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != ""
}
