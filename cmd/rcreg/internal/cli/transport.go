package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/internal/stores"
	"github.com/rcreg/registration/offline"
)

// The transports to the Cloud, as --via names them.
const (
	viaDirect  = "direct"
	viaRelay   = "relay"
	viaOffline = "offline"
)

// transport is the transport that --via names, with its flags.
type transport struct {
	cloudSource
	flags      *pflag.FlagSet
	via        string
	gap        gapSource
	keepGrants bool
	seal       sealSource
	// refreshes: only a license is fetched, which takes the grants that were kept.
	refreshes bool
}

// transportOf adds the flag of the transport, for a command that acts on the workspace alone.
func (a *app) transportOf(cmd *cobra.Command) *transport {
	r := &transport{cloudSource: cloudSource{app: a}, gap: gapSource{app: a}, flags: cmd.Flags()}
	r.flags.StringVar(&r.via, "via", "", "`TRANSPORT` to the Cloud: direct, relay or offline; direct by default (RCREG_VIA)")
	// It can only fail for a flag that is not there.
	_ = cmd.RegisterFlagCompletionFunc("via", cobra.FixedCompletions([]string{viaDirect, viaRelay, viaOffline}, cobra.ShellCompDirectiveNoFileComp))
	return r
}

// syncTransportOf adds the flags of the transport, for a command that fetches something from the Cloud.
func (a *app) syncTransportOf(cmd *cobra.Command) *transport {
	r := a.transportOf(cmd)
	r.refreshes = true
	r.gap.flags(cmd)
	r.cloudSource.flags(cmd)
	r.seal.identityFlag(cmd)
	return r
}

// registerTransportOf adds the flags of the transport, for a command that registers.
func (a *app) registerTransportOf(cmd *cobra.Command) *transport {
	r := a.syncTransportOf(cmd)
	r.refreshes = false
	r.flags.BoolVar(&r.keepGrants, "keep-grants", false, "keep the client secret, with which rcreg sync --via relay fetches licenses")
	r.seal.recipientFlag(cmd)
	return r
}

// name is the transport that was asked for, once it is found good: nothing was sent before that.
func (r *transport) name() (string, error) {
	name := r.app.or(r.via, "RCREG_VIA")
	if name == "" {
		name = viaDirect
	}
	if !slices.Contains([]string{viaDirect, viaRelay, viaOffline}, name) {
		return "", usage(fmt.Sprintf("unknown transport %q", name), "pass --via direct, --via relay or --via offline")
	}
	return name, r.checkFlags(name)
}

// checkFlags refuses flags that are for another transport.
func (r *transport) checkFlags(name string) error {
	for _, flag := range []struct {
		name       string
		transports []string
	}{
		{"exchange", []string{viaOffline}},
		{"state", []string{viaOffline, viaRelay}},
		{"cloud-url", []string{viaRelay}},
		{"keep-grants", []string{viaRelay}},
		{"seal-to", []string{viaRelay}},
		{"identity-file", []string{viaRelay}},
		{"token-file", []string{viaDirect, viaRelay}},
		{"token-stdin", []string{viaDirect, viaRelay}},
		{"email", []string{viaDirect, viaRelay}},
		{"resend", []string{viaDirect, viaRelay}},
	} {
		if r.flags.Changed(flag.name) && !slices.Contains(flag.transports, name) {
			fits := "--via " + strings.Join(flag.transports, " or --via ")
			why := ""
			if r.via == "" && name != viaDirect {
				why = " (RCREG_VIA)"
			}
			return usage(fmt.Sprintf("--%s is for %s, and the transport is %s%s", flag.name, fits, name, why), "leave it out, or take "+fits)
		}
	}
	return nil
}

// repeated are the flags with which another command takes the same transport.
func (r *transport) repeated(name string) string {
	if name == viaDirect {
		return ""
	}
	words := []string{"", "--via", name}
	for _, flag := range []struct{ name, value string }{{"--exchange", r.gap.exchange}, {"--state", r.gap.state}, {"--seal-to", r.seal.recipient}, {"--identity-file", r.seal.identityFile}} {
		if flag.value != "" {
			words = append(words, flag.name, flag.value)
		}
	}
	if r.keepGrants {
		words = append(words, "--keep-grants")
	}
	return strings.Join(words, " ")
}

// operate runs one operation over the transport. Everything wrong with the flags is found before anything is sent.
func (r *transport) operate(ctx context.Context, c *connection, do func(context.Context, session) (registration.Result, error)) error {
	name, err := r.name()
	if err != nil {
		return err
	}
	switch name {
	case viaRelay:
		return r.overRelay(ctx, c, do)
	case viaOffline:
		return r.gap.operate(ctx, c, do)
	}
	return c.operate(ctx, do)
}

// operateHere runs an operation that acts on the workspace alone: the transport only decides whether a sync with the Cloud proves it.
func (r *transport) operateHere(ctx context.Context, c *connection, do func(context.Context, session) (registration.Result, error)) error {
	name, err := r.name()
	if err != nil {
		return err
	}
	transport := registration.Direct()
	if name != viaDirect {
		transport = withoutSync{transport}
	}
	return c.operate(ctx, do, registration.WithTransport(transport))
}

// withoutSync hides that a transport can sync.
type withoutSync struct{ registration.Transport }

// overRelay runs one operation over this machine's connection to the Cloud.
func (r *transport) overRelay(ctx context.Context, c *connection, do func(context.Context, session) (registration.Result, error)) error {
	client, err := r.client(c.clock, c.plainHTTP)
	if err != nil {
		return err
	}
	defer client.CloseIdleConnections()
	transport, err := r.relay(client)
	if err != nil {
		return err
	}
	return c.operate(ctx, do, registration.WithTransport(transport))
}

// relay opens the folders in which a relay keeps grants.
func (r *transport) relay(toCloud *cloud.Client) (registration.Transport, error) {
	sealing, err := r.seal.options()
	if err != nil {
		return nil, err
	}
	state, err := r.app.stateFolder(r.gap.state, viaRelay)
	if err != nil {
		return nil, err
	}
	transport, err := stores.Relay(toCloud, state, r.keepGrants || r.refreshes, sealing...)
	return transport, badState(err)
}

// badState is a state folder that cannot be used; nil stays nil.
func badState(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, offline.ErrReadableByOthers):
		return usage(fmt.Sprintf("the state folder cannot be used: %v", err), "make it yours alone (chmod 700), and see who could read it; or name another one with --state")
	}
	return usage(fmt.Sprintf("the state cannot be kept: %v", err), "name another folder with --state; the one above it must be there")
}
