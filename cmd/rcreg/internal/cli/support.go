package cli

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
)

const supportHelp = `Show until when Rocket.Chat supports the workspace's version: the Cloud serves no others. The
answer comes from a list that Rocket.Chat has signed, the workspace's own or else the Cloud's.

The exit code is 0 for a supported version, and 1 for one that is not or of which nothing is
known.`

// supportSource says whose list to believe: Rocket.Chat's, unless a fake one is to be tried.
type supportSource struct {
	app         *app
	releasesURL string
	key         string
}

func (a *app) support() *cobra.Command {
	var c *connection
	source := &supportSource{app: a}
	cmd := a.leaf("support", "Show until when the workspace's version is supported", func(ctx context.Context) error {
		options, err := source.options(c)
		if err != nil {
			return err
		}
		return c.with(ctx, func(ctx context.Context, s session) error { return a.showSupport(ctx, s) }, options...)
	})
	cmd.Long = supportHelp
	cmd.Example = "  rcreg support --workspace https://chat.example.com\n  rcreg support --output json | jq -r .until"
	c = a.connectTo(cmd)
	cmd.Flags().StringVar(&source.releasesURL, "releases-url", "", "ask this `URL`, such as that of rcreg sim, for the list (RCREG_RELEASES_URL)")
	cmd.Flags().StringVar(&source.key, "support-key", "", "believe this public `KEY` of rcreg sim (RCREG_SUPPORT_KEY)")
	return cmd
}

func (a *app) showSupport(ctx context.Context, s session) error {
	support, err := s.Support(ctx)
	if err != nil {
		return err
	}
	if err := a.show(supportView{s.workspace.Address(), support}); err != nil {
		return err
	}
	if support.State != registration.Supported {
		return errAnsweredBadly
	}
	return nil
}

func (source *supportSource) options(c *connection) (options []registration.Option, err error) {
	asked := []cloud.Option{cloud.WithClock(c.clock), cloud.WithLogger(source.app.logger()), cloud.WithUserAgent("rcreg")}
	if address := c.or(source.releasesURL, "RCREG_RELEASES_URL"); address != "" {
		asked = append(asked, cloud.WithReleasesURL(address))
	}
	if c.plainHTTP {
		asked = append(asked, cloud.WithPlainHTTP())
	}
	client, err := cloud.New(asked...)
	if err != nil {
		return nil, usage(err.Error(), "pass an address such as --releases-url "+cloud.DefaultReleasesURL)
	}
	options = append(options, registration.WithCloud(client))
	if text := c.or(source.key, "RCREG_SUPPORT_KEY"); text != "" {
		key, err := publicKey(text)
		if err != nil {
			return nil, usage(fmt.Sprintf("the support key cannot be used: %v", err), "pass an RSA public key in base64, as rcreg sim prints it")
		}
		options = append(options, registration.WithSupportKey(key))
	}
	return options, nil
}

// publicKey reads an RSA public key from the base64 of its DER.
func publicKey(text string) (*rsa.PublicKey, error) {
	der, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, err
	}
	parsed, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return nil, err
	}
	key, ok := parsed.(*rsa.PublicKey)
	if !ok {
		return nil, errors.New("it is of another kind than RSA")
	}
	return key, nil
}

type supportView struct {
	Workspace string `json:"workspace"`
	registration.Support
}

func (v supportView) text(out io.Writer, s style) {
	heading(out, s, v.Workspace, v.Version)
	state := s.bad(string(v.State))
	if v.State == registration.Supported {
		state = s.good(string(v.State))
	}
	if v.Exception {
		state += " by an exception for this workspace"
	}
	columns(out, [][]string{
		{"State", state},
		{"Until", day(v.Until)},
		{"Says", "the signed list of the " + v.Source},
		{"Issued", day(v.Issued)},
		{"Enforced since", day(v.EnforcedSince)},
	})
}

func day(at time.Time) string {
	if at.IsZero() {
		return "not said"
	}
	return at.UTC().Format(time.DateOnly)
}
