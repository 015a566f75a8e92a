package workspace_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	kinds "github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/workspace"
)

// versions are one of each dialect, and the newest.
func versions() []string {
	return []string{"3.0.0", "3.1.0", "3.18.0", "4.3.0", "4.8.0", "5.4.0", "6.4.0", "6.5.0", "6.13.0", "7.0.0", "7.5.0", "7.7.1", "8.3.0",
		"8.6.1", "9.0.0"}
}

// flow is a fake workspace with a client of it, on one virtual clock.
type flow struct {
	*workspace.Client
	fake  *registrationtest.Workspace
	clock *registrationtest.Clock
}

func newFlow(t *testing.T, version string, who func(*registrationtest.Workspace) workspace.Credentials, fakeOptions []registrationtest.Option, options ...workspace.Option) *flow {
	t.Helper()
	clock := registrationtest.NewClock(start)
	fake := registrationtest.NewWorkspace(t, version, append(fakeOptions, registrationtest.WithClock(clock))...)
	client, err := workspace.New(fake.URL(), who(fake), append(options, workspace.WithClock(clock))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// The context of the test has ended by now.
		if err := client.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return &flow{client, fake, clock}
}

func byToken(account func(*registrationtest.Workspace) registrationtest.Account) func(*registrationtest.Workspace) workspace.Credentials {
	return func(fake *registrationtest.Workspace) workspace.Credentials {
		return workspace.Token(account(fake).UserID, account(fake).AuthToken)
	}
}

func byPassword(fake *registrationtest.Workspace) workspace.Credentials {
	return workspace.Password(fake.Admin().Username, fake.Admin().Password)
}

func asAdmin() func(*registrationtest.Workspace) workspace.Credentials {
	return byToken((*registrationtest.Workspace).Admin)
}

type registration struct {
	UniqueID            string `json:"uniqueId"`
	WorkspaceRegistered bool   `json:"workspaceRegistered"`
}

func TestFlowMethodAtEveryVersion(t *testing.T) {
	t.Parallel()
	for _, version := range versions() {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			f := newFlow(t, version, asAdmin(), []registrationtest.Option{registrationtest.WithPath("/chat")})
			ctx, calls := workspace.Record(t.Context())
			var status registration
			err := f.ReadMethod(ctx, "cloud:checkRegisterStatus", &status)
			gone := version == "9.0.0" // the methods are deprecated until then
			if errors.Is(err, workspace.ErrNoSuchCall) != gone || (status.UniqueID == "") != gone {
				t.Errorf("the status is %+v, %v", status, err)
			}
			protocol := workspace.ProtocolMethodCall
			if version == "3.0.0" {
				protocol = workspace.ProtocolDDP
			}
			if list := calls.List(); len(list) != 2 || list[1].Protocol != protocol {
				t.Errorf("called %v", list)
			}
			if v, err := f.Version(ctx); err != nil || v.String() != version {
				t.Errorf("the version is %v, %v", v, err)
			}
			err = f.CallMethod(ctx, "cloud:noSuchMethod", nil)
			if !errors.Is(err, workspace.ErrNoSuchCall) || errors.Is(err, workspace.ErrReplyLost) {
				t.Errorf("a method that is not there: %v", err)
			}
			// Up to 4.3 a POST to nowhere is answered with a page, which might be a proxy's.
			err = f.Post(ctx, "cloud.noSuchEndpoint", nil, nil)
			if !errors.Is(err, workspace.ErrNoSuchCall) {
				t.Errorf("an endpoint that is not there: %v", err)
			}
		})
	}
}

func TestFlowWhoMayAtEveryVersion(t *testing.T) {
	t.Parallel()
	wrong := func(fake *registrationtest.Workspace) workspace.Credentials {
		return workspace.Token(fake.Admin().UserID, "wrong")
	}
	for _, version := range versions() {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			f := newFlow(t, version, byToken((*registrationtest.Workspace).User), nil)
			blob := map[string]string{"cloudBlob": "e30="}
			if err := f.Post(t.Context(), "cloud.manualRegister", blob, nil); !errors.Is(err, workspace.ErrForbidden) {
				t.Errorf("as somebody without permissions: %v", err)
			}
			f = newFlow(t, version, wrong, nil)
			if err := f.Post(t.Context(), "cloud.manualRegister", blob, nil); !errors.Is(err, workspace.ErrUnauthorized) {
				t.Errorf("with a wrong token: %v", err)
			}
			if version == "3.0.0" {
				if err := f.ReadMethod(t.Context(), "cloud:checkRegisterStatus", nil); !errors.Is(err, workspace.ErrUnauthorized) {
					t.Errorf("with a wrong token over DDP: %v", err)
				}
			}
		})
	}
}

func TestFlowLogin(t *testing.T) {
	t.Parallel()
	const right = "424242"
	factors := map[string][]registrationtest.Option{
		"no second factor": nil,
		"totp":             {registrationtest.WithTwoFactor(registrationtest.TwoFactorTOTP, right)},
		"email":            {registrationtest.WithTwoFactor(registrationtest.TwoFactorEmail, right)},
	}
	for _, version := range versions() {
		for name, fakeOptions := range factors {
			t.Run(version+", "+name, func(t *testing.T) {
				t.Parallel()
				if version == "9.0.0" && fakeOptions != nil { // it does not tell that a second factor is asked for
					f := newFlow(t, version, byPassword, fakeOptions, code(right))
					if err := f.Post(t.Context(), "settings/Register_Server", nil, nil); !errors.Is(err, kinds.LoginUnexplained) {
						t.Errorf("a login that needs a second factor: %v", err)
					}
					return
				}
				f := newFlow(t, version, byPassword, fakeOptions, code(right))
				if err := f.Post(t.Context(), "settings/Register_Server", map[string]bool{"value": false}, nil); err != nil {
					t.Fatal(err)
				}
				if err := f.Close(t.Context()); err != nil {
					t.Fatal(err)
				}
				history := f.fake.History()
				asked := make([]string, 0, len(history))
				for _, exchange := range history {
					asked = append(asked, exchange.Path)
					if strings.Contains(string(exchange.Body)+exchange.Query, f.fake.Admin().Password) {
						t.Errorf("%s shows the password", exchange.Path)
					}
				}
				if asked[0] != "/api/v1/login" || asked[len(asked)-1] != "/api/v1/logout" {
					t.Errorf("asked %v", asked)
				}

				wrong := newFlow(t, version, byPassword, fakeOptions, code("000000"))
				err := wrong.Post(t.Context(), "settings/Register_Server", map[string]bool{"value": false}, nil)
				if fakeOptions != nil && !errors.Is(err, workspace.ErrTwoFactorInvalid) {
					t.Errorf("with a wrong code: %v", err)
				}
			})
		}
	}
}

// The eleventh call of a minute waits until the limit allows it; administrators have no limit on REST.
func TestFlowLimits(t *testing.T) {
	t.Parallel()
	manager := byToken((*registrationtest.Workspace).Manager)
	for _, version := range []string{"4.8.0", "6.4.0", "8.6.1"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			f := newFlow(t, version, manager, nil)
			for range 11 {
				err := f.Get(t.Context(), "cloud.confirmationPoll", map[string][]string{"deviceCode": {"unknown-code"}}, nil)
				if !errors.Is(err, workspace.ErrRefused) || strings.Contains(err.Error(), "unknown-code") {
					t.Fatal(err)
				}
			}
			if passed := f.clock.Now().Sub(start); passed < 50*time.Second || passed > 70*time.Second {
				t.Errorf("%s passed on REST", passed)
			}
			before := f.clock.Now()
			for range 11 {
				if err := f.ReadMethod(t.Context(), "cloud:checkRegisterStatus", nil); err != nil {
					t.Fatal(err)
				}
			}
			if passed := f.clock.Now().Sub(before); passed < 5*time.Second || passed > 15*time.Second {
				t.Errorf("%s passed on method.call", passed)
			}
			limited := 0
			for _, exchange := range f.fake.History() {
				if exchange.Status == http.StatusTooManyRequests {
					limited++
				}
			}
			if limited != 1 {
				t.Errorf("ran into the limit of REST %d times", limited)
			}
		})
	}
}
