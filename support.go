package registration

import (
	"context"
	"crypto/rsa"
	_ "embed" // for Rocket.Chat's key
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/hashicorp/go-version"
)

// supportKeyPEM is the public key with which Rocket.Chat signs the list of supported versions.
//
//go:embed supported-versions.pem
var supportKeyPEM []byte

// keyOfSupport is the key with which a list must be signed.
func (c *Client) keyOfSupport() (*rsa.PublicKey, error) {
	if c.supportKey != nil {
		return c.supportKey, nil
	}
	return jwt.ParseRSAPublicKeyFromPEM(supportKeyPEM)
}

// SupportState is what a signed list says of a version.
type SupportState string

// What a list can say of a version.
const (
	// Supported: an unexpired entry, or an exception for this workspace, names the version.
	Supported SupportState = "supported"
	// Unsupported: the version's entry has expired, or the list has moved past it.
	Unsupported SupportState = "unsupported"
	// SupportUnknown: the list does not say. Missing data never proves that a version is unsupported.
	SupportUnknown SupportState = "unknown"
)

// Support is the support window of a workspace's version. The Cloud has refused its services to servers outside theirs since 2023-12-15.
type Support struct {
	State   SupportState `json:"state"`
	Version string       `json:"version"`
	// Until is when the support ends, or ended; zero when the list does not say.
	Until time.Time `json:"until,omitzero"`
	// Exception is true when only an exception for this workspace keeps the version supported.
	Exception bool `json:"exception"`
	// Source is who had the list: "workspace" or "cloud".
	Source string `json:"source"`
	// Issued is the list's own time stamp: after now, where the clock of this machine is wrong. EnforcedSince is since when it counts, which may be still to come.
	Issued        time.Time `json:"issued,omitzero"`
	EnforcedSince time.Time `json:"enforced_since,omitzero"`
}

// Support finds the support window of this workspace's version, from a list that Rocket.Chat has signed: the workspace's own (GET /api/info, from
// 6.5), and the Cloud's (GET releases.rocket.chat/v2/server/supportedVersions) where that is missing, not properly signed, or no longer favourable.
// The error says why no list could be verified.
func (c *Client) Support(ctx context.Context) (Support, error) {
	if err := c.usable(ctx, "support"); err != nil {
		return Support{State: SupportUnknown}, err
	}
	version, local, localErr := c.supportFromWorkspace(ctx)
	if local.State == Supported {
		return local, nil
	}
	// A list that could not be verified has left its Support without a state.
	remote, remoteErr := c.supportFromCloud(ctx, version)
	switch {
	case remote.State == Supported, remote.State == Unsupported, remote.State == SupportUnknown && local.State == "":
		return remote, nil
	case local.State != "":
		return local, nil
	}
	return Support{State: SupportUnknown, Version: version}, c.fail("support", nil,
		because("no list of supported versions counts", fmt.Errorf("the workspace's list: %w", localErr), fmt.Errorf("the Cloud's list: %w", remoteErr)),
		next{ways: waysOnList(localErr, remoteErr), certain: "nothing is wrong with the workspace yet"})
}

func (c *Client) supportFromWorkspace(ctx context.Context) (version string, s Support, err error) {
	info, err := c.workspace.Info(c.reading(ctx))
	if err != nil {
		return c.version, Support{}, err
	}
	version = info.Version
	if info.SupportedVersions == "" {
		return version, Support{}, errors.New("it has none (servers have one from 6.5)")
	}
	s, err = c.judge(info.SupportedVersions, "workspace", version, "")
	return version, s, err
}

func (c *Client) supportFromCloud(ctx context.Context, version string) (Support, error) {
	// Without the unique id the Cloud leaves out exceptions and nothing else, so a status that cannot be read does not matter here.
	status, _ := c.session.Status(ctx)
	list, err := c.cloud.SupportedVersions(ctx, c.domain(), status.UniqueID)
	if err != nil {
		return Support{}, err
	}
	return c.judge(list.Signed, "cloud", version, status.UniqueID)
}

// domain is the host of the workspace's address, which workspace.New has read as a URL.
func (c *Client) domain() string {
	u, err := url.Parse(c.workspace.Address())
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// judge verifies a signed list and looks the version up in it. The uniqueID may be empty when it is not known.
func (c *Client) judge(signed, source, text, uniqueID string) (Support, error) {
	list, err := c.verify(signed)
	if err != nil {
		return Support{}, err
	}
	ours, err := version.NewVersion(text)
	if err != nil {
		return Support{}, err
	}
	now := list.timeAt(c.workspace.Clock().Now())
	s := list.window(ours, now)
	if s.State != Supported && list.exceptsUs(c.domain(), uniqueID) {
		if until, _ := lookUp(list.Exceptions.Versions, ours); now.Before(until) {
			s.State, s.Until, s.Exception = Supported, until, true
		}
	}
	s.Source, s.Version, s.Issued, s.EnforcedSince = source, text, instant(list.Timestamp), instant(list.EnforceFrom)
	return s, nil
}
