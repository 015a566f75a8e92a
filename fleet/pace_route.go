package fleet

import (
	"net/http"
	"strings"
	"time"
)

// route is what a workspace counts calls by: "POST cloud.syncWorkspace", or "method cloud:syncWorkspace".
type route string

const methodRoute = "method "

func (r route) isMethod() bool { return strings.HasPrefix(string(r), methodRoute) }

// rule allows so many calls in any time of a length.
type rule struct {
	calls  int
	window time.Duration
}

// longestWindow is how long a call counts at most.
const longestWindow = time.Minute

// rules are the limits that servers come with. Of REST, administrators and others with api-bypass-rate-limit are exempt; of methods no caller is. (Seen in every
// recorded version; API_Enable_Rate_Limiter_Limit_Calls_Default is 10.)
func (r route) rules() []rule {
	switch {
	case r.isMethod():
		return []rule{{10, 10 * time.Second}, {20, time.Minute}}
	case r.isOfCloud():
		return []rule{{2, time.Minute}}
	}
	return []rule{{10, time.Minute}}
}

// isOfCloud reports whether a route makes the workspace ask the Cloud, for which its limit is lower.
func (r route) isOfCloud() bool {
	return r == "POST cloud.syncWorkspace" || r == "POST cloud.removeLicense" || r == "method cloud:syncWorkspace"
}

// routeOf finds the route of a request. It is false for what no limit counts, such as GET /api/info and the WebSocket.
func routeOf(request *http.Request) (route, bool) {
	const api = "/api/v1/"
	at := strings.LastIndex(request.URL.Path, api)
	if at < 0 {
		return "", false
	}
	endpoint, rest, _ := strings.Cut(request.URL.Path[at+len(api):], "/")
	if endpoint == "method.call" {
		return route(methodRoute + rest), true
	}
	// The elements behind the first are parameters: settings/Register_Server is settings/:_id.
	return route(request.Method + " " + endpoint), true
}
