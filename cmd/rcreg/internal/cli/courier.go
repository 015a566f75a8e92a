package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/advice"
	"github.com/rcreg/registration/internal/command"
	"github.com/rcreg/registration/internal/screen"
	"github.com/rcreg/registration/offline"
)

const courierHelp = `Take every request in an exchange folder to Rocket.Chat Cloud, and write the answers beside them.
This is the connected side of an air gap.

The file of registration tokens has a line for each workspace: its unique id, its address, or * for
all others, white space, and the token. Only you may be able to read it.

One bad request does not stop the others; then the exit code is 1. Run it as often as you like:
what was done is not done again, and no token is spent twice. The state folder remembers: keep it.
Where it says "outcome unknown", look in the Cloud console and say what is there: rcreg courier settle.

Where nothing is carried, --scanned takes requests that rcreg offline request --qr shows, as a
hand-held scanner types them, and puts them into the folder first. --qr shows the answers: those to
the scanned requests, or else all.`

type courierFlags struct {
	exchange   string
	tokensFile string
	state      string
	keepGrants bool
	plainHTTP  bool
	scanned    string
	qr         bool
}

func (a *app) courier() *cobra.Command {
	var f courierFlags
	source := &cloudSource{app: a}
	cmd := a.leaf("run", "Exchange every request in a folder with the Cloud", func(ctx context.Context) error { return a.runCourier(ctx, f, source) })
	cmd.Long = courierHelp
	cmd.Example = "  rcreg courier run --exchange /media/stick/exchange --tokens-file tokens.txt\n  rcreg courier run --exchange DIR --tokens-file tokens.txt --scanned - --qr"
	flags := cmd.Flags()
	flags.StringVar(&f.exchange, "exchange", "", "exchange `FOLDER`, which is carried")
	flags.StringVar(&f.tokensFile, "tokens-file", "", "`FILE` with the registration tokens")
	flags.StringVar(&f.state, "state", "", "remember in this `FOLDER`, not in the configuration folder")
	flags.BoolVar(&f.keepGrants, "keep-grants", false, "keep the client secrets, which requests for licenses need")
	flags.BoolVar(&f.plainHTTP, "plain-http", false, "allow http:// to another machine: tokens then travel in clear")
	scannedFlag(cmd, &f.scanned, "requests")
	qrFlag(cmd, &f.qr, "the answers")
	source.flags(cmd)
	a.tls.Add(flags)
	return a.group("courier", "Carry the requests of an exchange folder to the Cloud", cmd, a.courierSettle())
}

func (a *app) runCourier(ctx context.Context, f courierFlags, source *cloudSource) (err error) {
	client, err := source.client(a.system.Clock, f.plainHTTP)
	if err != nil {
		return err
	}
	defer client.CloseIdleConnections()
	courier := &offline.Courier{Cloud: client, KeepGrants: f.keepGrants, Clock: a.system.Clock, Logger: a.logger()}
	if f.tokensFile != "" {
		if courier.Tokens, err = offline.ReadTokens(f.tokensFile); err != nil {
			return badTokensFile(f.tokensFile, err)
		}
	}
	if courier.Folder, err = exchangeFolder(f.exchange); err != nil {
		return err
	}
	state, err := a.stateFolder(f.state, "courier")
	if err != nil {
		return err
	}
	if courier.Ledger, err = offline.OpenLedger(state); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, courier.Ledger.Close()) }()
	var scanned map[string]bool
	if f.scanned != "" {
		if scanned, err = a.receiveRequests(courier.Folder, f.scanned); err != nil {
			return err
		}
	}
	report, err := courier.Run(ctx)
	v := courierViewOf(report)
	if err != nil {
		return &courierError{v, err}
	}
	if f.qr {
		v.answerParts(courier.Folder, scanned)
	}
	return a.showReport(ctx, v)
}

func badTokensFile(path string, err error) error {
	if errors.Is(err, offline.ErrReadableByOthers) {
		return badPrivateFile("the file of --tokens-file", path, err)
	}
	return usage(err.Error(), "name a file that only you can read (chmod 600), with a workspace and its token on each line")
}

func (a *app) showReport(ctx context.Context, v courierView) error {
	if err := a.show(v); err != nil {
		return err
	}
	if a.Output == command.Text {
		if err := a.showAnswers(ctx, v); err != nil {
			return err
		}
	}
	if slices.ContainsFunc(v.Requests, func(item courierItem) bool { return item.Error != "" }) {
		return errAnsweredBadly
	}
	return nil
}

// courierError is a courier that could not go on, with what it did before.
type courierError struct {
	did courierView
	err error
}

func (e *courierError) Error() string { return e.err.Error() }
func (e *courierError) Unwrap() error { return e.err }

// requestsIn finds what a courier did before it could not go on.
func requestsIn(err error) []courierItem {
	if failed := (*courierError)(nil); errors.As(err, &failed) {
		return failed.did.Requests
	}
	return nil
}

// exchangeFolder opens the folder that is carried. It is made, but not the one above it: without a stick there is none.
func exchangeFolder(path string) (*offline.Folder, error) {
	if path == "" {
		return nil, usage("no exchange folder was named", "pass --exchange FOLDER: it is what is carried from one side to the other")
	}
	folder, err := offline.OpenFolder(path)
	if err != nil {
		return nil, usage(fmt.Sprintf("the exchange folder cannot be used: %v", err), "is the stick in? The folder above it must be there")
	}
	return folder, nil
}

// stateFolder returns the private folder that was asked for, or else one in the configuration folder, with the folders above it made.
func (a *app) stateFolder(path, name string) (string, error) {
	if path != "" {
		return path, nil
	}
	if a.system.StateDir == "" {
		return "", usage("there is no folder to keep the state in", "name one with --state")
	}
	if err := os.MkdirAll(a.system.StateDir, 0o700); err != nil {
		return "", usage(fmt.Sprintf("the state cannot be kept: %v", err), "name another folder with --state")
	}
	return filepath.Join(a.system.StateDir, name), nil
}

type courierView struct {
	Requests []courierItem `json:"requests"`
}

type courierItem struct {
	File      string `json:"file"`
	Request   string `json:"request"`
	Kind      string `json:"kind"`
	Workspace string `json:"workspace"`
	Outcome   string `json:"outcome"`
	Error     string `json:"error,omitempty"`
	// Advice is what an administrator has to do before the next run.
	Advice string `json:"advice,omitempty"`
	// Parts is the answer as its QR codes hold it, where they were asked for.
	Parts []string `json:"parts,omitempty"`
}

func courierViewOf(report offline.Report) courierView {
	v := courierView{Requests: []courierItem{}}
	for _, item := range report.Items {
		line := courierItem{File: item.File, Request: item.Request, Kind: string(item.Kind), Workspace: item.Workspace.String(), Outcome: string(item.Outcome)}
		if item.Err != nil {
			line.Error = item.Err.Error()
		}
		if item.Outcome == offline.Unknown {
			line.Advice = advice.InFlags(failure.Remedies(item.Err))
		}
		v.Requests = append(v.Requests, line)
	}
	return v
}

func (v courierView) text(out io.Writer, _ style) {
	if len(v.Requests) == 0 {
		_, _ = fmt.Fprintln(out, "There are no requests.")
		return
	}
	rows := [][]string{{"REQUEST", "WORKSPACE", "OUTCOME"}}
	for _, item := range v.Requests {
		rows = append(rows, []string{item.File, orNone(item.Workspace), item.Outcome})
	}
	screen.Columns(out, rows)
	for _, item := range v.Requests {
		if item.Error != "" {
			screen.Printf(out, "%s: %s\n", item.File, item.Error)
		}
		if item.Advice != "" {
			screen.Printf(out, "%s: %s\n", item.File, item.Advice)
		}
	}
}
