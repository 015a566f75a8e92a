package registrationtest

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
)

// Where the servers of a fleet are found.
const (
	domain     = ".example.test" // in process
	cloudHost  = "cloud" + domain
	pathPrefix = "/w/" // on an address that all workspaces share
)

// RoundTripper leads to the workspaces of the fleet and to its Cloud, by the addresses that [Fleet.URL] and [Cloud.URL] tell, without
// a socket: each request is handed to the handler of the server that it names. WebSockets work too. An answer arrives as a whole, so
// that [faults.Drip] and [faults.Stall] look like a late one.
func (f *Fleet) RoundTripper() http.RoundTripper { return f.transport }

// find returns the handler of an address, or nil where there is no server.
func (f *Fleet) find(u *url.URL) http.Handler {
	if address := u.Scheme + "://" + u.Host; address == f.cloud.URL() {
		return f.cloud.handler
	} else if f.front != nil && address == f.front.server.URL {
		return f.front.handler
	}
	name, inside := strings.CutSuffix(u.Hostname(), domain)
	if !inside || f.front != nil {
		return nil
	}
	if i, known := f.Find(name); known {
		return f.handler(i)
	}
	return nil
}

// serveHTTP answers at the address that all workspaces share.
func (f *Fleet) serveHTTP(w http.ResponseWriter, r *http.Request) {
	rest, _ := strings.CutPrefix(r.URL.Path, pathPrefix)
	name, _, _ := strings.Cut(rest, "/")
	if i, known := f.Find(name); known {
		f.handler(i).ServeHTTP(w, r)
		return
	}
	http.NotFound(w, r)
}

// handler is that of one workspace.
func (f *Fleet) handler(i int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		made := f.Workspace(i) //nolint:contextcheck // the workspace outlives the request
		made.handler.ServeHTTP(&limitCounter{ResponseWriter: w, fleet: f}, r)
	})
}

// TooMany is how many calls the workspaces have refused since there were too many: answers with status 429, and those of
// method.call that say so. Method calls in a WebSocket are not counted.
func (f *Fleet) TooMany() int { return int(f.tooMany.Load()) }

// limitCounter counts the answers that say "too many requests".
type limitCounter struct {
	http.ResponseWriter
	fleet   *Fleet
	counted bool
}

func (c *limitCounter) WriteHeader(status int) {
	if status == http.StatusTooManyRequests {
		c.count()
	}
	c.ResponseWriter.WriteHeader(status)
}

// Write looks for the code of a method call that was limited: it is a success to HTTP.
func (c *limitCounter) Write(body []byte) (int, error) {
	if bytes.Contains(body, []byte(`\"too-many-requests\"`)) {
		c.count()
	}
	return c.ResponseWriter.Write(body)
}

func (c *limitCounter) count() {
	if !c.counted {
		c.counted = true
		c.fleet.tooMany.Add(1)
	}
}

// Unwrap lets http.ResponseController and WebSocket upgrades reach the connection.
func (c *limitCounter) Unwrap() http.ResponseWriter { return c.ResponseWriter }
