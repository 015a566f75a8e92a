package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/offline"
	"github.com/rcreg/registration/workspace"
)

// gapSource names the two folders of the workspace's side of an air gap: the one that is carried, and the one that never is.
type gapSource struct {
	app      *app
	exchange string
	state    string
	qr       bool // show the request
}

// flags adds the flags of both folders to a command.
func (g *gapSource) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&g.exchange, "exchange", "", "exchange `FOLDER`, which is carried")
	g.stateFlag(cmd)
}

func (g *gapSource) stateFlag(cmd *cobra.Command) {
	cmd.Flags().StringVar(&g.state, "state", "", "keep what must not be lost in this `FOLDER`, not in the configuration folder")
}

// openState opens the folder with the keys of pending requests.
func (g *gapSource) openState() (*offline.State, error) {
	path, err := g.app.stateFolder(g.state, viaOffline)
	if err != nil {
		return nil, err
	}
	state, err := offline.OpenState(path)
	return state, badState(err)
}

// open opens both folders.
func (g *gapSource) open(clock workspace.Clock) (*offline.Requester, error) {
	folder, err := exchangeFolder(g.exchange)
	if err != nil {
		return nil, err
	}
	state, err := g.openState()
	if err != nil {
		return nil, err
	}
	return &offline.Requester{Folder: folder, State: state, Clock: clock}, nil
}

// operate runs one operation across the gap.
func (g *gapSource) operate(ctx context.Context, c *connection, do func(context.Context, session) (registration.Result, error)) error {
	requester, err := g.open(c.clock)
	if err != nil {
		return err
	}
	err = g.with(ctx, c, requester, do)
	if g.qr {
		return g.showRequest(ctx, requester.Folder, err)
	}
	return err
}

// with runs one operation with open folders. One that waits says which files to carry.
func (g *gapSource) with(ctx context.Context, c *connection, r *offline.Requester, do func(context.Context, session) (registration.Result, error)) error {
	transport, err := offline.NewTransport(r.Folder, r.State)
	if err != nil {
		return err
	}
	return c.operate(ctx, func(ctx context.Context, s session) (registration.Result, error) {
		result, err := do(ctx, s)
		if pending := (*registration.PendingError)(nil); errors.As(err, &pending) {
			err = g.waits(pending.Ticket, err)
		}
		return result, err
	}, registration.WithTransport(transport))
}

// waits says of a request that it waits for its answer, where that is why an operation has ended.
func (g *gapSource) waits(t registration.Ticket, err error) error {
	if !errors.Is(err, registration.ErrPending) {
		return err
	}
	return &requestError{ticket: t, gap: *g, err: err}
}

// apply is the command that looks for the answer.
func (g *gapSource) apply() string {
	text := "rcreg offline apply --exchange " + g.exchange
	if g.state != "" {
		text += " --state " + g.state
	}
	return text
}

// scanIntoCourier is the command that takes what was shown as QR codes, on the other side.
const scanIntoCourier = "rcreg courier run --exchange FOLDER --tokens-file FILE --scanned - --qr"

// applyScanned is the command that takes the answer, when it is shown as QR codes.
func (g *gapSource) applyScanned() string { return g.apply() + " --scanned -" }
