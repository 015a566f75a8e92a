package server

import (
	"net/http"
	"net/url"
	"sort"
	"strings"

	"github.com/rcreg/registration/registrationtest/internal/release"
)

// call is one HTTP request that has found its route.
type call struct {
	request *http.Request
	path    map[string]string
	body    any // parsed; an empty object when there was none
}

// handler answers one verb of a route.
type handler func(*call) reply

// route is one path with the verbs that it knows.
type route struct {
	parts []string
	verbs map[string]handler
}

func (s *Server) addRoute(path, verb string, h handler) {
	s.mu.Lock()
	defer s.mu.Unlock()
	parts := strings.Split(strings.Trim(path, "/"), "/")
	for _, r := range s.routes {
		if strings.Join(r.parts, "/") == strings.Join(parts, "/") {
			r.verbs[verb] = h
			return
		}
	}
	s.routes = append(s.routes, &route{parts: parts, verbs: map[string]handler{verb: h}})
}

// find returns the route of a path, with what stands for its ":name" parts.
func (s *Server) find(path string) (*route, map[string]string) {
	if s.trimsSlash() {
		path = strings.TrimSuffix(path, "/")
	}
	parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, r := range s.routes {
		if values, ok := r.match(parts); ok {
			return r, values
		}
	}
	return nil, nil
}

func (r *route) match(parts []string) (map[string]string, bool) {
	if len(parts) != len(r.parts) {
		return nil, false
	}
	var values map[string]string // of most routes none
	for i, part := range r.parts {
		name, variable := strings.CutPrefix(part, ":")
		switch {
		case !variable && part != parts[i], variable && parts[i] == "":
			return nil, false
		case variable:
			value, err := url.PathUnescape(parts[i])
			if err != nil {
				return nil, false
			}
			if values == nil {
				values = map[string]string{}
			}
			values[name] = value
		}
	}
	return values, true
}

// allow is the Allow header of a route: its verbs, then OPTIONS.
func (r *route) allow() string {
	verbs := make([]string, 0, len(r.verbs)+1)
	for verb := range r.verbs {
		verbs = append(verbs, verb)
	}
	sort.Strings(verbs)
	return strings.Join(append(verbs, http.MethodOptions), ", ")
}

// ServeHTTP answers as the release does, also where there is nothing to answer.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path, inside := strings.CutPrefix(r.URL.EscapedPath(), s.path)
	if !inside || s.path != "" && path != "" && path[0] != '/' {
		http.NotFound(w, r) // the proxy in front of the server, which serves other things there
		return
	}
	if path == "/websocket" {
		s.serveSocket(w, r)
		return
	}
	s.answer(r, path).write(w)
}

func (s *Server) answer(r *http.Request, path string) reply {
	body, err := s.readBody(r)
	if err != nil {
		return bodyRefused(err)
	}
	found, values := s.find(path)
	if found == nil {
		return s.noRoute(r.Method, path)
	}
	h := found.verbs[r.Method]
	if r.Method == http.MethodHead && s.newRouter() {
		h = found.verbs[http.MethodGet]
	}
	if h == nil {
		return s.wrongVerb(r.Method, found)
	}
	return h(&call{request: r, path: values, body: body})
}

// noRoute answers a path that nothing is mounted on: the web client's page, as far as the release shows it there.
func (s *Server) noRoute(verb, path string) reply {
	switch {
	case s.newRouter() && strings.HasPrefix(path, "/api/"):
		return notFound()
	case verb == http.MethodGet || verb == http.MethodHead || s.release.Before("4.8"):
		return webClient()
	default:
		return reply{status: http.StatusMethodNotAllowed, header: map[string]string{"Allow": "OPTIONS, GET, HEAD"}}
	}
}

func (s *Server) wrongVerb(verb string, r *route) reply {
	switch {
	case verb == http.MethodOptions && s.newRouter():
		return textReply(http.StatusOK, "OK")
	case s.newRouter():
		return notFound()
	case verb == http.MethodHead:
		return webClient()
	case verb == http.MethodOptions:
		return reply{status: http.StatusOK}
	}
	return jsonReply(http.StatusMethodNotAllowed, map[string]any{
		"status": "error", "message": "API endpoint does not exist",
	}).with("Allow", r.allow())
}

// trimsSlash reports whether the web layer is the one that 4.8 is seen with: it forgives a trailing slash and refuses to
// show its page to a POST.
func (s *Server) trimsSlash() bool { return s.release.Since("4.8") && !s.newRouter() }

// newRouter reports whether the API router is the one of 7.6: it answers 404 for what does not exist.
func (s *Server) newRouter() bool { return s.release.Has(release.NewRouter) }
