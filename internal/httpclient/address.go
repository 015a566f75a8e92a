package httpclient

import (
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/pasted"
)

// AddressError says why a text cannot be the address of a server. It never holds the text, which may carry a password.
type AddressError struct {
	// Problem is what is wrong, and what to write instead.
	Problem string
	// PlainHTTP is true where the address is good, but for a connection that others can read.
	PlainHTTP bool
}

func (e *AddressError) Error() string { return e.Problem }

// Is makes it a [failure.PlainHTTP] where it is one.
func (e *AddressError) Is(target error) bool { return e.PlainHTTP && failure.PlainHTTP.Is(target) }

// Address is the base address of a server, such as https://example.com/chat.
type Address struct {
	base string // scheme, host and path, without a slash at the end
}

// ParseAddress reads the base address of a server. Sub-paths are kept, slashes at the end are dropped. Plain HTTP to
// anything but this machine is refused unless plainHTTP allows it. Errors: *AddressError.
func ParseAddress(text string, plainHTTP bool) (Address, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return Address{}, &AddressError{Problem: "empty; write one such as https://chat.example.com"}
	}
	if wrapping := pasted.Wrapping(text); wrapping != "" {
		return Address{}, &AddressError{Problem: "it " + wrapping + "; write the address alone"}
	}
	if !strings.Contains(text, "://") {
		return Address{}, &AddressError{Problem: "the scheme is missing; write https:// in front of the host"}
	}
	// The error of url.Parse quotes the text, so it goes no further.
	parsed, err := url.Parse(text)
	if err != nil {
		return Address{}, &AddressError{Problem: unreadable(text)}
	}
	if problem := problemOf(parsed); problem != "" {
		return Address{}, &AddressError{Problem: problem}
	}
	if parsed.Scheme == "http" && !plainHTTP && !isLoopback(parsed.Hostname()) {
		return Address{}, &AddressError{"plain http would send the credentials in clear", true}
	}
	base := &url.URL{Scheme: parsed.Scheme, Host: strings.ToLower(parsed.Host), Path: parsed.Path, RawPath: parsed.RawPath}
	return Address{base: strings.TrimRight(base.String(), "/")}, nil
}

// problemOf returns what is wrong with a well-formed URL, or nothing.
func problemOf(u *url.URL) string {
	switch {
	case u.Scheme != "https" && u.Scheme != "http":
		return "the scheme is neither https nor http"
	case u.User != nil:
		return "it holds a user name or password; leave them out and pass credentials instead"
	case u.Hostname() == "":
		return "the host is missing"
	case !goodPort(u):
		return "the port is not a number from 1 to 65535"
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.HasSuffix(u.String(), "#"):
		return "it holds a query or a fragment; end it after the path"
	case hasDotElement(u.Path):
		return "its path holds . or .. elements"
	}
	return ""
}

// unreadable guesses what is wrong with a text that url.Parse refuses, without quoting it.
func unreadable(text string) string {
	_, rest, _ := strings.Cut(text, "://")
	authority, _, _ := strings.Cut(rest, "/")
	if i := strings.LastIndexByte(authority, ':'); i >= 0 && !strings.HasSuffix(authority, "]") {
		if _, err := strconv.ParseUint(authority[i+1:], 10, 16); err != nil {
			return "the port is not a number from 1 to 65535"
		}
	}
	return "not a URL; write one such as https://chat.example.com"
}

func goodPort(u *url.URL) bool {
	if strings.HasSuffix(u.Host, ":") {
		return false
	}
	if u.Port() == "" {
		return true
	}
	port, err := strconv.ParseUint(u.Port(), 10, 16)
	return err == nil && port > 0
}

func hasDotElement(path string) bool {
	for element := range strings.SplitSeq(path, "/") {
		if element == "." || element == ".." {
			return true
		}
	}
	return false
}

// isLoopback reports whether a host is this machine. Names other than localhost are not looked up: what a name server says
// now need not hold when the connection is made.
func isLoopback(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// String returns the address without a slash at the end.
func (a Address) String() string { return a.base }

// BeforePage returns the address in front of a page of Rocket.Chat's web client, such as /channel/general, for one that was copied out of a browser; empty where the path has no
// such page.
func (a Address) BeforePage() string {
	scheme, rest, _ := strings.Cut(a.base, "://")
	elements := strings.Split(rest, "/")
	for i, element := range elements {
		if i > 0 && slices.Contains(pages(), element) {
			return scheme + "://" + strings.Join(elements[:i], "/")
		}
	}
	return ""
}

// pages are what the paths of the web client begin with, and of its API.
func pages() []string {
	return []string{
		"home", "login", "register", "setup-wizard", "admin", "account", "directory", "marketplace", "omnichannel", "livechat", "channel", "group", "direct", "discussion", "invite", "api",
	}
}

// SameOrigin reports whether two addresses have scheme, host and port in common.
func (a Address) SameOrigin(other Address) bool {
	return a.base != "" && a.origin() == other.origin()
}

// origin returns scheme, host and port, with the port that the scheme implies.
func (a Address) origin() string {
	scheme, rest, _ := strings.Cut(a.base, "://")
	authority, _, _ := strings.Cut(rest, "/")
	if !hasPort(authority) {
		authority += map[string]string{"https": ":443", "http": ":80"}[scheme]
	}
	return scheme + "://" + authority
}

// hasPort reports whether an authority ends in a port, which the colons of an IPv6 address are not.
func hasPort(authority string) bool {
	return strings.LastIndexByte(authority, ':') > strings.LastIndexByte(authority, ']')
}

// URL returns the address of a path below the base. Each element is escaped, colons too: Rocket.Chat's method names hold
// them, and some proxies read an unescaped one as something else.
func (a Address) URL(elements ...string) string {
	var b strings.Builder
	b.WriteString(a.base)
	for _, element := range elements {
		b.WriteByte('/')
		b.WriteString(EscapeElement(element))
	}
	return b.String()
}

// EscapeElement escapes one element of a path, so that it can be nothing but one element.
func EscapeElement(element string) string {
	if element == "." || element == ".." {
		return strings.ReplaceAll(element, ".", "%2E")
	}
	return strings.ReplaceAll(url.PathEscape(element), ":", "%3A")
}

// WebSocket returns the address of a WebSocket below the base: wss for https, ws for http.
func (a Address) WebSocket(elements ...string) string {
	return "ws" + strings.TrimPrefix(a.URL(elements...), "http")
}
