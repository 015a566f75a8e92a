package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/internal/command"
	"github.com/rcreg/registration/internal/labels"
)

const fleetHelp = `Do one thing to many workspaces: as many at once as the machine, the workspaces and the Cloud allow.

The list is YAML or JSON. It names each workspace with its address, and refers to credentials in files
or environment variables; docs/fleet.md describes it. All of it is checked before anything is sent.

--output csv prints a line for each workspace, for a spreadsheet, and json one object with all of them.

Exit codes: 0 all workspaces are well, 1 some failed or were not finished, 5 some outcomes are unknown, 3
some wait for confirmation. Where several apply it is the first of these.`

const fleetWritesHelp = `

What was begun and what came of it is written to a journal, beside the list or where --journal says.
After Ctrl-C, a crash or a power cut the same command goes on: what is done is not done again, and
what was in flight is looked at first. A journal that --journal names is kept, and what failed is
tried again with it; --fresh puts it aside and begins anew.`

const fleetPoolHelp = `

The pool is a file that only you can read, with one registration token a line. Each workspace that is
unregistered takes one; FILE.used remembers which, so that none is spent twice. Keep both together.`

// fleetCommand is one of the commands on a fleet.
type fleetCommand struct {
	operation   fleet.Operation // the command has its name
	short, long string
	takesTokens bool
}

func fleetCommands() []fleetCommand {
	status := fleet.Status()
	status.PublicSettings = true
	return []fleetCommand{
		{status, "Show what each workspace believes about its registration", "", false},
		{fleet.Register(), "Register what is unregistered, with tokens from a pool", fleetWritesHelp + fleetPoolHelp, true},
		{fleet.Sync(), "Let each workspace and the Cloud exchange what they know", fleetWritesHelp, false},
		{fleet.Reconcile(), "Register what is unregistered, and sync what is registered", fleetWritesHelp + fleetPoolHelp, true},
	}
}

// fleet builds the commands on a fleet.
func (a *app) fleet() *cobra.Command {
	group := a.group("fleet", "Do one thing to many workspaces")
	group.Long = fleetHelp
	// The outputs are those of the others, and one more.
	group.Annotations = map[string]string{command.MoreOutputs: outputCSV}
	group.PersistentPreRunE = func(*cobra.Command, []string) error { return a.CheckOutput(command.Text, command.JSON, outputCSV) }
	for _, one := range fleetCommands() {
		group.AddCommand(a.fleetLeaf(one))
	}
	return group
}

// fleetFlags are the flags of a command on a fleet.
type fleetFlags struct {
	command     fleetCommand
	list        string
	selected    []string
	tokens      string
	journal     string
	fresh       bool
	concurrency int
	perHost     int
	cloudRate   float64
	retries     int
	timeout     time.Duration
	report      string
	settingsLag command.SettingsLag
	plainHTTP   bool
	support     supportSource
	transport   transport // of relays
}

func (a *app) fleetLeaf(command fleetCommand) *cobra.Command {
	f := a.fleetFlagsOf(command)
	cmd := a.leaf(command.operation.Name, command.short, func(ctx context.Context) error { return a.runFleet(ctx, f) })
	cmd.Long = command.short + "." + command.long
	f.add(cmd)
	return cmd
}

func (a *app) fleetFlagsOf(command fleetCommand) *fleetFlags {
	return &fleetFlags{command: command, support: supportSource{cloudSource: cloudSource{app: a}}, transport: transport{cloudSource: cloudSource{app: a}, gap: gapSource{app: a}}}
}

func (f *fleetFlags) add(cmd *cobra.Command) {
	name := "rcreg fleet " + f.command.operation.Name + " --file fleet.yaml"
	if f.command.takesTokens {
		name += " --tokens tokens.txt"
	}
	cmd.Example = "  " + name + "\n  " + name + " --select tier=gold --report fleet.html\n  " + name + " --output csv > fleet.csv"
	flags := cmd.Flags()
	flags.StringVarP(&f.list, "file", "f", "", "`FILE` with the list of workspaces")
	flags.StringArrayVar(&f.selected, "select", nil, "only workspaces with this label, as `LABEL=VALUE`; repeated, with all of them")
	flags.IntVar(&f.concurrency, "concurrency", 32, "`NUMBER` of workspaces at the same time")
	flags.IntVar(&f.perHost, "per-host", 4, "`NUMBER` of them on the same host and port")
	flags.IntVar(&f.retries, "retries", 3, "`NUMBER` of tries after the first, where a failure may pass by itself")
	flags.DurationVar(&f.timeout, "timeout", 3*time.Minute, "give up a try after this `DURATION`")
	flags.StringVar(&f.report, "report", "", "write a page for people to this `FILE`, such as fleet.html")
	flags.StringVar(&f.journal, "journal", "", f.journalUsage())
	flags.BoolVar(&f.fresh, "fresh", false, "begin anew: put the journal aside, as FILE.old")
	flags.BoolVar(&f.plainHTTP, "plain-http", false, "allow http:// to a Cloud on another machine; of a workspace the list says it")
	f.support.cloudSource.flags(cmd)
	f.support.flags(cmd)
	f.support.app.tls.Add(flags)
	if !f.command.operation.Writes {
		return
	}
	f.settingsLag.Add(flags)
	flags.Float64Var(&f.cloudRate, "cloud-rate", 600, "`NUMBER` of operations a minute that ask the Cloud")
	f.transport.gap.stateFlag(cmd)
	f.transport.seal.identityFlag(cmd)
	f.transport.refreshes = f.command.operation.Name != "register"
	if f.command.takesTokens {
		flags.StringVar(&f.tokens, "tokens", "", "`FILE` with registration tokens, one a line")
		flags.BoolVar(&f.command.operation.ReplaceLicense, "replace-license", false, "of relays: let a worse license replace the one in force")
		flags.BoolVar(&f.transport.keepGrants, "keep-grants", false, "of relays: keep the client secrets, with which licenses are fetched later")
		f.transport.seal.recipientFlag(cmd)
	}
}

func (f *fleetFlags) journalUsage() string {
	if f.command.operation.Writes {
		return "keep the journal in this `FILE` (default: beside the list while the run lasts)"
	}
	return "keep a journal in this `FILE`, with which the command goes on where it was ended"
}

// check refuses what cannot be meant. Nothing was opened before that.
func (f *fleetFlags) check() error {
	switch {
	case f.list == "":
		return usage("no list was named", "pass the list of workspaces with --file fleet.yaml; docs/fleet.md describes it")
	case f.command.takesTokens && f.tokens == "":
		return usage("no pool of registration tokens was named", "pass --tokens FILE, with one token a line; what is registered takes none")
	case f.fresh && f.journal == "" && !f.command.operation.Writes:
		return usage("there is no journal to put aside", "leave --fresh out")
	}
	return nil
}

// load reads the list, and selects from it.
func (f *fleetFlags) load() (fleet.List, error) {
	chosen, err := labels.Parse(f.selected)
	if wrong := (*labels.Error)(nil); errors.As(err, &wrong) {
		return fleet.List{}, usage(wrong.Error(), wrong.Advice())
	}
	list, err := fleet.Load(f.list)
	if err != nil {
		return list, badList(err)
	}
	list = list.Select(chosen)
	if len(list.Workspaces) == 0 {
		return list, usage("no workspace is selected", "see the labels in the list, and what --select asks for")
	}
	return list, nil
}

// relays reports whether any workspace is reached over this machine.
func relays(list fleet.List) bool {
	return slices.ContainsFunc(list.Workspaces, func(w fleet.Workspace) bool { return w.Via == fleet.ViaRelay })
}

// open makes the fleet. It sends nothing, so that everything wrong here is wrong usage.
func (f *fleetFlags) open(a *app, list fleet.List, options []fleet.Option) (*fleet.Fleet, func(), error) {
	clients, done, err := f.clients(a, relays(list))
	if err != nil {
		return nil, nil, err
	}
	options = append(options,
		fleet.WithConcurrency(f.concurrency), fleet.WithPerHost(f.perHost), fleet.WithRetries(f.retries), fleet.WithTimeout(f.timeout),
		fleet.WithClock(a.system.Clock), fleet.WithLogger(a.logger()), fleet.WithWorkspaceOptions(userAgent()), fleet.WithClient(clients))
	if f.command.operation.Writes {
		options = append(options, fleet.WithCloudRate(f.cloudRate))
	}
	if !f.command.operation.Writes || f.report != "" {
		options = append(options, fleet.WithSupport())
	}
	if again := a.system.StoppedAgain; again != nil {
		options = append(options, fleet.WithAbandon(again()))
	}
	over, err := a.tls.RoundTripper(a.Getenv)
	if err != nil {
		done()
		return nil, nil, err
	}
	if over != nil {
		options = append(options, fleet.WithRoundTripper(over))
	}
	opened, err := fleet.New(list, options...)
	if err != nil {
		done()
		return nil, nil, usage(fmt.Sprintf("the fleet cannot be worked on: %v", err), "correct the flags")
	}
	return opened, done, nil
}
