package fleet_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/workspace"
)

// deserter leaves the first time that it has asked a workspace to register, while the server goes on.
type deserter struct {
	http.RoundTripper
	left     sync.Once
	behind   sync.WaitGroup
	deserted bool
}

func (d *deserter) RoundTrip(request *http.Request) (*http.Response, error) {
	leaves := false
	if strings.Contains(request.URL.Path, "connectWorkspace") {
		d.left.Do(func() { leaves = true })
	}
	if !leaves {
		return d.RoundTripper.RoundTrip(request)
	}
	d.deserted = true
	again := request.Clone(context.WithoutCancel(request.Context()))
	d.behind.Go(func() {
		reply, err := d.RoundTripper.RoundTrip(again)
		if err == nil {
			_, _ = io.Copy(io.Discard, reply.Body)
			_ = reply.Body.Close()
		}
	})
	return nil, errors.New("connection reset by peer")
}

// TestServerGoesOn loses the reply of a server whose status shows the registration fifteen seconds later. The token is refused when it is tried again, because it is spent: taking another
// one at once would spend that too.
func TestServerGoesOn(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"3.1.0", "6.4.0", "6.5.0", "9.0.0"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				fake := registrationtest.NewFleet(t, 1, registrationtest.InProcess(), registrationtest.WithVersions(version), registrationtest.WithSettingsLag(15*time.Second))
				pool, _ := poolOf(t, fake.Cloud(), 2)
				base := &deserter{RoundTripper: fake.RoundTripper()}
				f := open(t, listOf(t, fake), fleet.WithTokens(pool), fleet.WithRoundTripper(base))
				got := outcomes(t, f, fleet.Register())[fake.Name(0)]
				base.behind.Wait()
				if got.Class != fleet.Done || got.State != "registered" || !base.deserted {
					t.Errorf("%+v", got)
				}
				if spent := len(fake.Cloud().SpentTokens()); spent != 1 || pool.Left() != 1 || pool.InDoubt(fake.Name(0)) {
					t.Errorf("%d tokens were spent, %d are left", spent, pool.Left())
				}
			})
		})
	}
}

// erringTransport is a transport of one's own that fails in one way, whatever it did with the token.
type erringTransport struct{ err error }

func (erringTransport) Info() registration.Info {
	return registration.Info{Name: "erring", TakesToken: true}
}

func (e erringTransport) Register(context.Context, *registration.Session, registration.Request) error {
	return e.err
}

// TestTransportSaysWhatBecameOfTheToken: only a token of which the transport says that it was not used goes back into the pool, whatever else its error is.
func TestTransportSaysWhatBecameOfTheToken(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err  error
		left int
	}{
		"forbidden":             {&registration.Error{Kind: registration.ErrForbidden}, 0},
		"not sent":              {&registration.Error{Err: workspace.ErrNotSent}, 0},
		"invalid":               {&registration.Error{Kind: registration.ErrInvalidInput}, 0},
		"rejected":              {errors.New("something else"), 0},
		"unspent, forbidden":    {&registration.Error{Kind: registration.ErrForbidden, Unspent: true}, 1},
		"unspent, for whatever": {&registration.Error{Err: errors.New("something else"), Unspent: true}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				fake := registrationtest.NewFleet(t, 1, registrationtest.InProcess(), registrationtest.WithVersions("8.9.0"))
				pool, _ := poolOf(t, fake.Cloud(), 1)
				f := open(t, listOf(t, fake), fleet.WithTokens(pool), fleet.WithRoundTripper(fake.RoundTripper()), fleet.WithRetries(0),
					fleet.WithClient(func(fleet.Workspace) []registration.Option {
						return []registration.Option{registration.WithTransport(erringTransport{test.err})}
					}))
				got := outcomes(t, f, fleet.Register())[fake.Name(0)]
				if pool.Left() != test.left || pool.InDoubt(fake.Name(0)) == (test.left == 1) {
					t.Errorf("%d tokens are left, in doubt %t: %+v", pool.Left(), pool.InDoubt(fake.Name(0)), got)
				}
			})
		})
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestRefusalBehindTheAct: a gateway passes the token on and answers in the words of a workspace that refuses a call. The token goes back to no pool: the status
// decides, and where nothing can be read it is in doubt.
func TestRefusalBehindTheAct(t *testing.T) {
	t.Parallel()
	for _, deaf := range []bool{false, true} {
		t.Run(strconv.FormatBool(deaf), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				fake := registrationtest.NewFleet(t, 1, registrationtest.InProcess(), registrationtest.WithVersions("6.4.0"))
				pool, _ := poolOf(t, fake.Cloud(), 2)
				acted := false
				f := open(t, listOf(t, fake), fleet.WithTokens(pool), fleet.WithRetries(0), fleet.WithRoundTripper(roundTrip(func(r *http.Request) (*http.Response, error) {
					reply, err := fake.RoundTripper().RoundTrip(r)
					act := strings.Contains(r.URL.Path, "connectWorkspace")
					acted = acted || act
					if err != nil || !act && (!deaf || !acted) {
						return reply, err
					}
					_ = reply.Body.Close()
					reply.StatusCode, reply.ContentLength = http.StatusUnauthorized, -1
					reply.Body = io.NopCloser(strings.NewReader(`{"status":"error","message":"You must be logged in to do this."}`))
					return reply, nil
				})))
				got := outcomes(t, f, fleet.Register())[fake.Name(0)]
				want := fleet.Done
				if deaf {
					want = fleet.Unknown
				}
				if got.Class != want || len(fake.Cloud().SpentTokens()) != 1 || pool.Left() != 1 || pool.InDoubt(fake.Name(0)) != deaf {
					t.Errorf("%d tokens are left, in doubt %t: %+v", pool.Left(), pool.InDoubt(fake.Name(0)), got)
				}
			})
		})
	}
}
