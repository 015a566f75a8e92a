package cli

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
)

// cloudSource says where Rocket.Chat Cloud is: the real one, unless a fake one is to be tried.
type cloudSource struct {
	app         *app
	cloudURL    string
	releasesURL string
}

// flags adds the flag of the Cloud's address to a command.
func (source *cloudSource) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&source.cloudURL, "cloud-url", "", "ask this `URL`, such as that of rcreg sim, not the Cloud (RCREG_CLOUD_URL)")
}

// client makes the Cloud's client. It sends nothing, so that everything wrong here is wrong usage.
func (source *cloudSource) client(clock cloud.Clock, plainHTTP bool) (*cloud.Client, error) {
	options := []cloud.Option{cloud.WithClock(clock), cloud.WithLogger(source.app.logger()), cloud.WithUserAgent("rcreg")}
	if address := source.app.or(source.cloudURL, "RCREG_CLOUD_URL"); address != "" {
		options = append(options, cloud.WithURL(address))
	}
	if address := source.app.or(source.releasesURL, "RCREG_RELEASES_URL"); address != "" {
		options = append(options, cloud.WithReleasesURL(address))
	}
	if plainHTTP {
		options = append(options, cloud.WithPlainHTTP())
	}
	over, err := source.app.tls.RoundTripper(source.app.Getenv)
	if err != nil {
		return nil, err
	}
	options = append(options, cloud.WithRoundTripper(over))
	client, err := cloud.New(options...)
	if err != nil {
		return nil, unusable("", err, "pass addresses such as --cloud-url "+cloud.DefaultURL+" and --releases-url "+cloud.DefaultReleasesURL)
	}
	return client, nil
}

// supportSource says whose list of supported versions to believe.
type supportSource struct {
	cloudSource
	key string
}

// flags adds the flags of the list to a command.
func (source *supportSource) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&source.releasesURL, "releases-url", "", "ask this `URL`, such as that of rcreg sim, for the list (RCREG_RELEASES_URL)")
	cmd.Flags().StringVar(&source.key, "support-key", "", "believe this public `KEY` of rcreg sim (RCREG_SUPPORT_KEY)")
}

// options are those of a client that believes the list, and the Cloud's client that it asks.
func (source *supportSource) options(c *connection) (client *cloud.Client, options []registration.Option, err error) {
	client, err = source.client(c.clock, c.plainHTTP)
	if err != nil {
		return nil, nil, err
	}
	options = append(options, registration.WithCloud(client))
	if text := source.app.or(source.key, "RCREG_SUPPORT_KEY"); text != "" {
		key, err := publicKey(text)
		if err != nil {
			return nil, nil, usage(fmt.Sprintf("the support key cannot be used: %v", err), "pass an RSA public key in base64, as rcreg sim prints it")
		}
		options = append(options, registration.WithSupportKey(key))
	}
	return client, options, nil
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
