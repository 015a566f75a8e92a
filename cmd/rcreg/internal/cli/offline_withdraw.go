package cli

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/rcreg/registration/internal/screen"
	"github.com/rcreg/registration/offline"
)

const offlineWithdrawHelp = `Take back a request: its files in the exchange folder, its key, and an answer that was received are
deleted. The id is that of rcreg offline status.

A courier may have answered it: then its registration token is spent, and the Cloud has registered a
unused workspace. Remove that one in the Cloud console.`

func (a *app) offlineWithdraw() *cobra.Command {
	var id string
	g := &gapSource{app: a}
	cmd := a.leaf("withdraw", "Take back a request", func(context.Context) error { return a.withdraw(g, id) })
	cmd.Long = offlineWithdrawHelp
	cmd.Example = "  rcreg offline withdraw --exchange /media/stick/exchange --request k5d2m7q3w4xy6zab"
	g.flags(cmd)
	cmd.Flags().StringVar(&id, "request", "", "`ID` of the request")
	return cmd
}

func (a *app) withdraw(g *gapSource, id string) error {
	if id == "" {
		return usage("no request was named", "pass --request ID, as rcreg offline status shows it")
	}
	r, err := g.open(a.system.Clock)
	if err != nil {
		return err
	}
	pending, err := r.Pending("")
	if err != nil {
		return err
	}
	for _, request := range pending {
		if request.ID() == id {
			if err := r.Withdraw(id); err != nil {
				return err
			}
			return a.show(withdrawnView{plainItemOf(request)})
		}
	}
	return fmt.Errorf("withdraw the request: %w", offline.ErrUnknownRequest)
}

type withdrawnView struct {
	Withdrawn requestItem `json:"withdrawn"`
}

func (v withdrawnView) text(out io.Writer, _ style) {
	screen.Printf(out, "Withdrawn: the request %s for a %s of %s.\n", v.Withdrawn.Request, v.Withdrawn.Kind, v.Withdrawn.Workspace)
}
