package cli

import (
	"context"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/rcreg/registration/internal/screen"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/registrationtest/sim"
)

const simHelp = `Serve one fake workspace of any version from 3.0 with its fake Cloud, or a fleet of them with
--count, until interrupted. It forgets everything then.

It prints what a program needs to use it: with --output json one object on the first line. The
Cloud's address also serves a control API under /_sim/, described in docs/sim.md: confirm a device
code, remove the workspace, make the Cloud fail.

With --faults it misbehaves at random, as networks, proxies and servers do: calls are reset before or
after they were carried out, cut off, late, answered with a web page, and more. The same seed and the
same calls meet the same faults.

A fleet is served on one address, under a path for each workspace, with one Cloud. With --fleet DIR
what "rcreg fleet" needs is written: DIR/fleet.yaml, DIR/secrets/NAME.token, and DIR/tokens.txt with a
registration token for each. None of these files is replaced that no simulation wrote.`

func (a *app) sim() *cobra.Command {
	var config sim.Config
	var days int
	var cmd *cobra.Command
	cmd = a.leaf("sim", "Serve fake workspaces with their fake Cloud", func(ctx context.Context) error {
		if err := checkFleet(cmd, &config); err != nil {
			return err
		}
		if cmd.Flags().Changed("read-only-in") {
			if config.ReadOnlyIn = &days; days < 0 || days > 10 {
				return usage(fmt.Sprintf("a workspace is read-only in 0 to 10 days, not %d", days), "pass the days, such as --read-only-in 3")
			}
		}
		return a.simulate(ctx, config)
	})
	cmd.Long = simHelp
	cmd.Example = "  rcreg sim --version 5.4\n  rcreg sim --version 9.0 --listen 127.0.0.1:0 --cloud-listen 127.0.0.1:0 --output json\n  rcreg sim --version 8.8 --license offline\n  rcreg sim --version 8.6 --read-only-in 3\n  rcreg sim --version 6.5 --faults 0.1 --seed 7\n  rcreg sim --count 200 --versions mixed --fleet fleet"
	cmd.Flags().StringVar(&config.Version, "version", "9.0", "`VERSION` of the workspace")
	cmd.Flags().StringVar(&config.Listen, "listen", "127.0.0.1:3000", "`ADDRESS` of the workspace; port 0 is any free one")
	cmd.Flags().StringVar(&config.CloudListen, "cloud-listen", "127.0.0.1:3001", "`ADDRESS` of the Cloud and the control API, likewise")
	cmd.Flags().StringVar(&config.License, "license", "", "`KIND` of license from the start: valid, offline, expired or elsewhere")
	cmd.Flags().IntVar(&days, "read-only-in", 0, "from 7.0: be read-only in `DAYS`, 0 to 10, for want of a license")
	cmd.Flags().Float64Var(&config.Faults, "faults", 0, "`PROBABILITY`, from 0 to 1, that a call to the workspace or the Cloud fails")
	cmd.Flags().Uint64Var(&config.Seed, "seed", 0, "`SEED` of the faults, to repeat a run (default: a random one, which is printed)")
	cmd.Flags().IntVar(&config.Count, "count", 1, "`NUMBER` of workspaces; beyond 1 they are a fleet")
	cmd.Flags().StringSliceVar(&config.Versions, "versions", nil, "`VERSIONS` of a fleet in turn, by commas (default: mixed, one of each dialect)")
	cmd.Flags().StringVar(&config.FleetDir, "fleet", "", "`FOLDER` to write the list, the secrets and the registration tokens of a fleet to")
	return cmd
}

// simulate serves until ctx is done: being interrupted is how it ends well.
func (a *app) simulate(ctx context.Context, config sim.Config) error {
	server, err := sim.Start(config)
	for _, wrong := range []struct {
		kind   error
		advice string
	}{
		{registrationtest.ErrVersion, "pass a version from 3.0, such as --version 5.4"},
		{sim.ErrProbability, "pass a probability such as --faults 0.1"},
		{sim.ErrLicense, "pass a kind such as --license offline"},
		{registrationtest.ErrCount, "pass the number of workspaces, such as --count 200"},
		{sim.ErrForeignList, "pass another folder with --fleet, or move that file away"},
	} {
		if errors.Is(err, wrong.kind) {
			return usage(err.Error(), wrong.advice)
		}
	}
	if errors.Is(err, syscall.EADDRINUSE) {
		return &advisedError{err, "pass another port with --listen or --cloud-listen; port 0 takes a free one"}
	}
	if err != nil {
		return err
	}
	defer server.Close()
	key, err := x509.MarshalPKIXPublicKey(server.Cloud().SupportKey())
	if err != nil {
		return err
	}
	if err := a.show(viewOfSim(server, base64.StdEncoding.EncodeToString(key))); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

func viewOfSim(server *sim.Server, key string) view {
	if server.Fleet() != nil {
		return simFleetView{server.FleetInfo(), key}
	}
	return simView{server.Info(), key}
}

type simView struct {
	sim.Info
	// SupportKey is the public key, in base64, of the Cloud's list of supported versions.
	SupportKey string `json:"support_key"`
}

func (v simView) text(out io.Writer, s style) {
	screen.Printf(out, "%s %s on %s\n", s.Strong("Rocket.Chat"), v.Version, v.WorkspaceURL)
	screen.Printf(out, "%s on %s, with a control API under %s/_sim/\n\n", s.Strong("Its Cloud"), v.CloudURL, v.CloudURL)
	writeFaults(out, s, v.Faults, v.Seed)
	_, _ = fmt.Fprintln(out, "To use it, in another terminal:")
	for _, line := range [][2]string{
		{"RCREG_WORKSPACE", v.WorkspaceURL},
		{"RCREG_USER_ID", v.UserID},
		{"RCREG_AUTH_TOKEN", v.AuthToken},
		{"RCREG_PASSWORD", v.Password},
		{"RCREG_REGISTRATION_TOKEN", v.RegistrationTokens[0]},
		{"RCREG_CLOUD_URL", v.CloudURL},
		{"RCREG_RELEASES_URL", v.CloudURL},
		{"RCREG_SUPPORT_KEY", v.SupportKey},
		{"RCREG_SETTINGS_LAG", "0s"}, // its settings cache does not trail
	} {
		screen.Printf(out, "  export %s=%s\n", line[0], line[1])
	}
	screen.Printf(out, "  rcreg status\n\nMore registration tokens: %s\n", strings.Join(v.RegistrationTokens[1:], " "))
	screen.Printf(out, "A user without permissions: RCREG_USER_ID=%s RCREG_AUTH_TOKEN=%s\n\nCtrl-C ends it.\n", v.Ordinary.UserID, v.Ordinary.AuthToken)
}

func writeFaults(out io.Writer, s style, faults float64, seed uint64) {
	if faults > 0 {
		screen.Printf(out, "%s: each call fails with probability %g; the same again: --faults %g --seed %d\n\n", s.Strong("Faults"), faults, faults, seed)
	}
}
