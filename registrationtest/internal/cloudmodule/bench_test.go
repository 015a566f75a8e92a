package cloudmodule_test

import (
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/registrationtest/internal/cloudmodule"
	"github.com/rcreg/registration/registrationtest/internal/release"
	"github.com/rcreg/registration/registrationtest/internal/server"
	"github.com/rcreg/registration/registrationtest/internal/settings"
)

const (
	cloudURL = "https://cloud.example.com"
	siteURL  = "https://chat.example.com"
	license  = "a good license"
)

var startTime = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// bench is a module with a stand-in for the Cloud, driven without a server around it.
type bench struct {
	t         *testing.T
	clock     *registrationtest.Clock
	settings  *settings.Store
	module    *cloudmodule.Module
	owner     cloudmodule.Owner
	caller    *server.User
	methods   map[string]server.Method
	endpoints map[string]server.Endpoint
	cloud     *standIn
}

type benchOption func(*cloudmodule.Config, *time.Duration)

func withLag(lag time.Duration) benchOption {
	return func(_ *cloudmodule.Config, l *time.Duration) { *l = lag }
}

// newBench puts a module of a release together. Its Cloud grants everything.
func newBench(t *testing.T, version string, opts ...benchOption) *bench {
	t.Helper()
	b := &bench{
		t:         t,
		clock:     registrationtest.NewClock(startTime),
		owner:     cloudmodule.Owner{Name: "Ada", Emails: []string{"ada@example.com"}},
		caller:    &server.User{ID: "admin", Admin: true},
		methods:   map[string]server.Method{},
		endpoints: map[string]server.Endpoint{},
	}
	b.cloud = newStandIn(b.clock)
	rel := release.MustParse(version)
	config := cloudmodule.Config{
		Release: rel, Clock: b.clock, Seats: 4, Transport: b.cloud.transport(),
		Owner:        func() cloudmodule.Owner { return b.owner },
		BuildSupport: cloudmodule.Support{Signed: "from the build", Timestamp: startTime.AddDate(0, -1, 0)},
		VerifyLicense: func(text string) error {
			if text != license {
				return errors.New("not signed")
			}
			return nil
		},
	}
	var lag time.Duration
	for _, opt := range opts {
		opt(&config, &lag)
	}
	b.settings = settings.New(b.clock, lag, settings.Initial(rel, settings.Fresh{
		CloudURL: cloudURL, BillingURL: cloudURL + "/billing", SiteURL: siteURL,
		UniqueID: "unique", FingerprintHash: "hash", Now: startTime,
	}))
	config.Settings = b.settings
	module, err := cloudmodule.New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(module.Close)
	b.module = module
	module.Register(b)
	return b
}

// AddEndpoint makes the bench a Registrar.
func (b *bench) AddEndpoint(e server.Endpoint) { b.endpoints[e.Path] = e }

// AddMethod makes the bench a Registrar.
func (b *bench) AddMethod(m server.Method) { b.methods[m.Name] = m }

// call runs a method, without the "cloud:" of its name.
func (b *bench) call(name string, params ...any) (any, error) {
	b.t.Helper()
	method, ok := b.methods["cloud:"+name]
	if !ok {
		b.t.Fatalf("there is no method %s", name)
	}
	r := &server.Request{Context: b.t.Context(), Caller: b.caller}
	for _, param := range params {
		raw, err := json.Marshal(param)
		if err != nil {
			b.t.Fatal(err)
		}
		r.Params = append(r.Params, raw)
	}
	return method.Run(r)
}

// rest calls an endpoint with a body or, when it is a GET, with a query.
func (b *bench) rest(path string, fields map[string]any) (map[string]any, error) {
	b.t.Helper()
	e, ok := b.endpoints[path]
	if !ok {
		b.t.Fatalf("there is no endpoint %s", path)
	}
	r := &server.Request{Context: b.t.Context(), Caller: b.caller, Body: fields, Value: fields, Query: url.Values{}}
	for name, value := range fields {
		if text, ok := value.(string); ok {
			r.Query.Set(name, text)
		}
	}
	if e.Check != nil {
		if err := e.Check(r); err != nil {
			return nil, err
		}
	}
	return e.Run(r)
}

// connect registers the workspace and forgets the calls of it.
func (b *bench) connect() {
	b.t.Helper()
	if connected, err := b.call("connectWorkspace", "token"); err != nil || connected != true {
		b.t.Fatalf("connect says %v, %v", connected, err)
	}
	b.cloud.forget()
}

// registered is what the status says.
func (b *bench) registered() bool {
	b.t.Helper()
	status, err := b.module.Status()
	if err != nil {
		b.t.Fatal(err)
	}
	return status["workspaceRegistered"] == true
}

// wantSettings compares settings in the database.
func (b *bench) wantSettings(want map[string]any) {
	b.t.Helper()
	for id, value := range want {
		if got := b.settings.Stored(id); got != value {
			b.t.Errorf("%s is %#v, want %#v", id, got, value)
		}
	}
}

// wantCalls compares what the module asked of the Cloud.
func (b *bench) wantCalls(want ...string) {
	b.t.Helper()
	if got := b.cloud.lines(); !slices.Equal(got, want) {
		b.t.Errorf("the module asked\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}
