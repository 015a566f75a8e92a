package registrationtest_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/grants"
	"github.com/rcreg/registration/offline"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/relay"
)

func TestDirectIsATransport(t *testing.T) {
	t.Parallel()
	registrationtest.TestTransport(t, func(*testing.T, *registrationtest.Workspace, *registrationtest.Clock) registration.Transport {
		return registration.Direct()
	})
}

func TestRelayIsATransport(t *testing.T) {
	t.Parallel()
	registrationtest.TestTransport(t, func(t *testing.T, ws *registrationtest.Workspace, clock *registrationtest.Clock) registration.Transport {
		toCloud, err := cloud.New(cloud.WithURL(ws.Cloud().URL()), cloud.WithClock(clock))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(toCloud.CloseIdleConnections)
		store, err := grants.Open(filepath.Join(t.TempDir(), "grants"))
		if err != nil {
			t.Fatal(err)
		}
		transport, err := relay.New(toCloud, store)
		if err != nil {
			t.Fatal(err)
		}
		return transport
	})
}

func TestOfflineIsATransport(t *testing.T) {
	t.Parallel()
	registrationtest.TestTransport(t, func(t *testing.T, _ *registrationtest.Workspace, _ *registrationtest.Clock) registration.Transport {
		folder, err := offline.OpenFolder(filepath.Join(t.TempDir(), "exchange"))
		if err != nil {
			t.Fatal(err)
		}
		state, err := offline.OpenState(filepath.Join(t.TempDir(), "state"))
		if err != nil {
			t.Fatal(err)
		}
		transport, err := offline.NewTransport(folder, state)
		if err != nil {
			t.Fatal(err)
		}
		return transport
	})
}

// lyingTransport is the workspace's own connection, but for one thing.
type lyingTransport struct {
	registration.Transport

	lie   string
	asked *atomic.Int64
}

const (
	otherNames    = "other names"
	neverUnspent  = "never unspent"
	alwaysUnspent = "always unspent"
	emptyTicket   = "an empty ticket"
	takesAll      = "takes what it cannot use"
)

func (l lyingTransport) Info() registration.Info {
	info := l.Transport.Info()
	if l.lie == otherNames && l.asked.Add(1) > 2 {
		info.Name = "other"
	}
	return info
}

func (l lyingTransport) Register(ctx context.Context, s *registration.Session, r registration.Request) error {
	err := l.Transport.Register(ctx, s, r)
	var failed *registration.Error
	switch {
	case l.lie == neverUnspent && errors.As(err, &failed):
		return failed.Err
	case l.lie == alwaysUnspent && err != nil:
		return &registration.Error{Err: err, Unspent: true}
	case l.lie == emptyTicket:
		return &registration.PendingError{}
	case l.lie == takesAll:
		return &registration.Error{Kind: registration.ErrUnsupported}
	}
	return err
}

const lieVariable = "REGISTRATIONTEST_LIE"

// tryLie is a program that holds a transport with a lie to the contract, which must fail: [TestMain] runs it when TestTransportFindsLies has started this program again.
func tryLie(lie string) {
	lying := func(t *testing.T) {
		registrationtest.TestTransport(t, func(*testing.T, *registrationtest.Workspace, *registrationtest.Clock) registration.Transport {
			return lyingTransport{registration.Direct(), lie, &atomic.Int64{}}
		})
	}
	all := func(string, string) (bool, error) { return true, nil }
	testing.Main(all, []testing.InternalTest{{Name: "LyingTransport", F: lying}}, nil, nil)
}

// TestTransportFindsLies shows that TestTransport fails, and says why.
func TestTransportFindsLies(t *testing.T) {
	t.Parallel()
	for lie, want := range map[string]string{
		otherNames: "it has a name, and never changes", neverUnspent: "no token was used, and the error does not say so", alwaysUnspent: "a token was spent, and is said not to be",
		emptyTicket: "the ticket leads nowhere", takesAll: "it does not register",
	} {
		t.Run(lie, func(t *testing.T) {
			t.Parallel()
			self := exec.CommandContext(t.Context(), os.Args[0])
			self.Env = append(os.Environ(), lieVariable+"="+lie)
			out, err := self.CombinedOutput()
			if err == nil || !strings.Contains(string(out), want) {
				t.Errorf("%v, without %q:\n%s", err, want, out)
			}
		})
	}
}
