package server_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/registrationtest/internal/release"
	"github.com/rcreg/registration/registrationtest/internal/server"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// bench is a server with three users and a few endpoints and methods, on a virtual clock.
type bench struct {
	*server.Server
	t        *testing.T
	clock    *registrationtest.Clock
	accounts *server.Accounts
	users    map[string]*server.User
}

func newBench(t *testing.T, version string, change ...func(*server.Config)) *bench {
	t.Helper()
	users := map[string]*server.User{
		"admin": {ID: "admin-id", Username: "admin", Password: "a-pass", Token: "admin-token", Email: "admin@example.test", Admin: true},
		"mgr":   {ID: "mgr-id", Username: "mgr", Password: "m-pass", Token: "mgr-token", Permissions: map[string]bool{"manage-cloud": true}},
		"user":  {ID: "user-id", Username: "user", Password: "u-pass", Token: "user-token"},
	}
	b := &bench{
		t:        t,
		clock:    registrationtest.NewClock(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)),
		accounts: server.NewAccounts([]*server.User{users["admin"], users["mgr"], users["user"]}),
		users:    users,
	}
	config := server.Config{Release: release.MustParse(version), Clock: b.clock, Accounts: b.accounts}
	for _, f := range change {
		f(&config)
	}
	b.Server = server.New(config)
	t.Cleanup(b.Close)
	b.addCalls()
	return b
}

// addCalls adds an endpoint and a method of each kind.
func (b *bench) addCalls() {
	hello := func(*server.Request) (map[string]any, error) { return map[string]any{"hello": "world"}, nil }
	name := func(r *server.Request) error {
		return server.MatchFields(r.Value, server.Field{Name: "name", Type: "string"})
	}
	for _, e := range []server.Endpoint{
		{Path: "open", Verb: http.MethodGet, Anonymous: true, Run: hello},
		{Path: "cloud.status", Verb: http.MethodGet, AdminOnly: true, Run: hello},
		{Path: "cloud.named", Verb: http.MethodPost, Permission: "manage-cloud", Check: name, Run: hello},
		{Path: "cloud.sync", Verb: http.MethodPost, Permission: "manage-cloud", Declared: true, Limit: 2, Run: hello},
		{Path: "guarded", Verb: http.MethodPost, Permission: "edit", TwoFactor: true, Run: hello},
		{Path: "thing/:_id", Verb: http.MethodGet, Run: func(r *server.Request) (map[string]any, error) {
			return map[string]any{"_id": r.Path["_id"]}, nil
		}},
		{Path: "throws", Verb: http.MethodGet, Run: func(*server.Request) (map[string]any, error) {
			return nil, &server.MeteorError{Code: "error-unauthorized", Reason: "Not allowed"}
		}},
	} {
		b.AddEndpoint(e)
	}
	for name, run := range map[string]func(*server.Request) (any, error){
		"ok":       func(r *server.Request) (any, error) { return r.Caller != nil, nil },
		"null":     func(*server.Request) (any, error) { return nil, nil }, //nolint:nilnil // null is the result
		"nothing":  func(*server.Request) (any, error) { return server.Undefined{}, nil },
		"date":     func(*server.Request) (any, error) { return map[string]any{"at": time.UnixMilli(1500)}, nil },
		"meteor":   func(*server.Request) (any, error) { return nil, &server.MeteorError{Code: "error-x", Reason: "X"} },
		"match":    func(*server.Request) (any, error) { return nil, &server.MatchError{Message: "Expected string"} },
		"internal": func(*server.Request) (any, error) { return nil, errors.New("secret detail") },
	} {
		b.AddMethod(server.Method{Name: name, Run: run})
	}
}

// answer is what a call came back with; body is nil when it is not JSON.
type answer struct {
	status int
	header http.Header
	text   string
	body   map[string]any
}

// do sends a request as a user, or as nobody.
func (b *bench) do(as, verb, path, body string, header ...string) answer {
	b.t.Helper()
	r := httptest.NewRequestWithContext(b.t.Context(), verb, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if user := b.users[as]; user != nil {
		r.Header.Set("X-User-Id", user.ID)
		r.Header.Set("X-Auth-Token", user.Token)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	a := answer{status: w.Code, header: w.Result().Header, text: w.Body.String()}
	_ = json.Unmarshal(w.Body.Bytes(), &a.body)
	return a
}

// keys lists the fields of a JSON body.
func (a answer) keys() string {
	var names []string
	for _, name := range []string{"success", "status", "error", "message", "errorType", "details"} {
		if _, ok := a.body[name]; ok {
			names = append(names, name)
		}
	}
	return strings.Join(names, " ")
}
