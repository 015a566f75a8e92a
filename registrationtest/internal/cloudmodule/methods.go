package cloudmodule

import (
	"encoding/json"

	"github.com/rcreg/registration/registrationtest/internal/server"
)

// method is a Meteor method that asks for the permission manage-cloud.
type method struct {
	name  string
	since string // first release; "" for all
	until string // first release that no longer has it; "" for none
	// blames is the method that the refusals of this one name in their details, up to the release given with it; "" for
	// its own.
	blames      string
	blamesUntil string // "" for ever
	texts       int    // how many parameters are checked to be texts, before anything else
	run         func(*server.Request) (any, error)
}

// methods lists what the releases have. In 9.0 those that have an endpoint are gone.
func (m *Module) methods() []method {
	return []method{
		{name: "cloud:checkRegisterStatus", until: "9.0", run: func(*server.Request) (any, error) { return m.Status() }},
		{name: "cloud:getWorkspaceRegisterData", until: "9.0", run: func(*server.Request) (any, error) {
			return m.registerData()
		}},
		{name: "cloud:registerWorkspace", blames: "cloud:startRegister", blamesUntil: "6.0", run: func(r *server.Request) (any, error) {
			return m.register(r.Context, false)
		}},
		{name: "cloud:updateEmail", until: "3.18", texts: 1, run: func(r *server.Request) (any, error) {
			return m.updateEmail(r.Context, param(r.Params, 0), param(r.Params, 1))
		}},
		{name: "cloud:syncWorkspace", until: "9.0", blames: "cloud:updateEmail", blamesUntil: "3.18", run: m.runSync},
		{name: "cloud:connectWorkspace", until: "9.0", blames: connectServer, blamesUntil: "6.0", texts: 1, run: m.runConnect},
		{name: "cloud:disconnectWorkspace", until: "6.5", blames: connectServer, run: func(r *server.Request) (any, error) {
			return true, m.disconnect(r.Context)
		}},
		{name: "cloud:reconnectWorkspace", since: "6.0", until: "6.5", run: func(r *server.Request) (any, error) {
			return m.reconnect(r.Context)
		}},
		{name: "cloud:getOAuthAuthorizationUrl", blames: connectServer, blamesUntil: "6.0", run: func(*server.Request) (any, error) {
			return m.authorizationURL(), nil
		}},
		{name: finishMethod, blames: connectServer, blamesUntil: "6.0", texts: 2, run: func(r *server.Request) (any, error) {
			return m.finishAuthorization(r.Context, r.Caller, text(param(r.Params, 0)), text(param(r.Params, 1)))
		}},
		{name: "cloud:checkUserLoggedIn", blames: connectServer, blamesUntil: "6.0", run: func(r *server.Request) (any, error) {
			return m.loggedIn(r.Caller)
		}},
		{name: "cloud:logout", blames: connectServer, blamesUntil: "6.0", run: func(r *server.Request) (any, error) {
			return m.logout(r.Context, r.Caller)
		}},
	}
}

const (
	connectServer = "cloud:connectServer"
	finishMethod  = "cloud:finishOAuthAuthorization"
)

// has reports whether the release of the module has the method.
func (m *Module) has(c method) bool {
	return (c.since == "" || m.rel.Since(c.since)) && (c.until == "" || m.rel.Before(c.until))
}

// blamed is the method that a refusal names.
func (m *Module) blamed(c method) string {
	if c.blames != "" && (c.blamesUntil == "" || m.rel.Before(c.blamesUntil)) {
		return c.blames
	}
	return c.name
}

// guarded is the method as the server registers it: parameters first, then the caller, then the permission.
func (m *Module) guarded(c method) server.Method {
	return server.Method{Name: c.name, Run: func(r *server.Request) (any, error) {
		if err := checkTexts(r.Params, c.texts); err != nil {
			return nil, err
		}
		if r.Caller == nil {
			name := m.blamed(c)
			if c.name == finishMethod {
				name = finishMethod // this one names itself to strangers
			}
			return nil, methodError("error-invalid-user", "Invalid user", name)
		}
		if !r.Caller.Can(manageCloud) {
			return nil, methodError("error-not-authorized", "Not authorized", m.blamed(c))
		}
		return c.run(r)
	}}
}

// checkTexts is check(param, String) for the first n parameters.
func checkTexts(params []json.RawMessage, n int) error {
	for i := range n {
		value := param(params, i)
		kind := "undefined"
		if _, absent := value.(undefined); !absent {
			kind = server.TypeOf(value)
		}
		if kind != "string" {
			return &server.MatchError{Message: "Expected string, got " + kind}
		}
	}
	return nil
}

func (m *Module) runSync(r *server.Request) (any, error) {
	if m.rel.Before("6.5") {
		return m.syncLegacy(r.Context, false)
	}
	if err := m.sync(r.Context); err != nil {
		return nil, err
	}
	return true, nil
}

func (m *Module) runConnect(r *server.Request) (any, error) {
	token := param(r.Params, 0)
	if m.rel.Since("3.18") && token == "" {
		return nil, methodError("error-invalid-payload", "Token is required.", m.connectBlame())
	}
	return m.connect(r.Context, token)
}

func (m *Module) connectBlame() string {
	if m.rel.Before("6.0") {
		return connectServer
	}
	return "cloud:connectWorkspace"
}
