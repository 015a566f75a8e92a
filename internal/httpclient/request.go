package httpclient

import (
	"net/http"
	"net/url"
)

// Effect says whether a call only reads, or may change something. It decides what may be repeated.
type Effect bool

const (
	// Read is a call that changes nothing: it may be sent again after any failure.
	Read Effect = false
	// Write is a call that may change something: it is sent again only when it provably was not carried out.
	Write Effect = true
)

// Request is one HTTP request. Sending does not change it, so that it can be sent again.
type Request struct {
	// Operation names the call in errors and logs, such as "GET cloud.registrationStatus". Never a secret.
	Operation string
	// Verb is the HTTP method.
	Verb string
	// URL is the whole address without a query.
	URL string
	// Query is appended to URL. Its values never show up in errors and logs.
	Query url.Values
	// Header is sent as it is; keys in canonical form.
	Header http.Header
	// ContentType describes Body.
	ContentType string
	// Body may be nil.
	Body []byte
	// Effect says whether the request may be repeated after an unclear failure.
	Effect Effect
	// Fresh asks caches on the way to pass a read on, and takes no reply of one: *CachedError.
	Fresh bool
}
