package cli

import (
	"context"
	"errors"
	"io"

	"github.com/spf13/cobra"

	"github.com/rcreg/registration/internal/screen"
	"github.com/rcreg/registration/offline"
)

const courierSettleHelp = `Say what became of a registration token that rcreg courier run calls "outcome unknown": it was about
to be handed to the Cloud, and the courier was killed, or the reply was lost. Look in the Cloud
console first.

--unspent: the workspace is not there, and the token is unspent. It works again at the next run.
--spent: the token is spent, and is not tried again. Remove the unused workspace in
the Cloud console, and name a new token for the request.`

type settleFlags struct {
	state          string
	request        string
	unspent, spent bool
	yes            bool
}

func (a *app) courierSettle() *cobra.Command {
	var f settleFlags
	cmd := a.leaf("settle", "Say what became of a token whose outcome is unknown", func(ctx context.Context) error { return a.settle(ctx, f) })
	cmd.Long = courierSettleHelp
	cmd.Example = "  rcreg courier settle --request k5d2m7q3w4xy6zab --unspent\n  rcreg courier settle --request k5d2m7q3w4xy6zab --spent --yes"
	flags := cmd.Flags()
	flags.StringVar(&f.request, "request", "", "`ID` of the request")
	flags.BoolVar(&f.unspent, "unspent", false, "the Cloud console shows the token unspent")
	flags.BoolVar(&f.spent, "spent", false, "the Cloud console shows the token spent")
	flags.BoolVar(&f.yes, "yes", false, "do not ask whether it is meant")
	flags.StringVar(&f.state, "state", "", "the courier's state `FOLDER`, where it is not in the configuration folder")
	cmd.MarkFlagsMutuallyExclusive("unspent", "spent")
	return cmd
}

func (a *app) settle(ctx context.Context, f settleFlags) (err error) {
	switch {
	case f.request == "":
		return usage("no request was named", "pass --request ID, as rcreg courier run shows it")
	case !f.unspent && !f.spent:
		return usage("it is not said what became of the token", "look in the Cloud console, then pass --unspent or --spent")
	}
	state, err := a.stateFolder(f.state, "courier")
	if err != nil {
		return err
	}
	ledger, err := offline.OpenLedger(state)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, ledger.Close()) }()
	if err := a.confirmSettling(ctx, f); err != nil {
		return err
	}
	err = ledger.Settle(f.request, f.spent, a.system.Clock.Now())
	if errors.Is(err, offline.ErrUnknownRequest) || errors.Is(err, offline.ErrNotInDoubt) {
		return usage(err.Error(), "name a request that rcreg courier run calls \"outcome unknown\", and the --state folder of that courier; nothing was changed")
	}
	if err != nil {
		return err
	}
	return a.show(settledView{settledItem{f.request, f.spent}})
}

// confirmSettling asks whether an administrator has really looked.
func (a *app) confirmSettling(ctx context.Context, f settleFlags) error {
	what := "unspent"
	if f.spent {
		what = "spent"
	}
	return a.confirm(ctx, f.yes, "--"+what, "The Cloud console shows the token of request "+f.request+" "+what+". Type yes to go on: ",
		"add --yes once you have looked in the Cloud console: a token that is called unspent is handed over again")
}

// confirm asks for the word yes before what cannot be taken back.
func (a *app) confirm(ctx context.Context, yes bool, flag, question, advice string) error {
	if yes {
		return nil
	}
	if a.system.Ask == nil {
		return usage(flag+" was not confirmed", advice)
	}
	answer, err := a.system.Ask(ctx, question, true)
	if err == nil && answer != "yes" {
		err = usage(flag+" was not confirmed; nothing was sent", "answer yes, or leave the flag out")
	}
	return err
}

type settledView struct {
	Settled settledItem `json:"settled"`
}

type settledItem struct {
	Request string `json:"request"`
	Spent   bool   `json:"spent"`
}

func (v settledView) text(out io.Writer, _ style) {
	next := "unspent: the next rcreg courier run may hand it over again"
	if v.Settled.Spent {
		next = "spent. Remove the unused workspace in the Cloud console, then name a new token for it in the file of rcreg courier run --tokens-file"
	}
	screen.Printf(out, "Settled: the token of request %s is %s.\n", v.Settled.Request, next)
}
