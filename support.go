package registration

import (
	"context"
	"crypto/rsa"
	_ "embed" // for Rocket.Chat's key
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/hashicorp/go-version"

	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/workspace"
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
		withCauses("no list of supported versions counts", fmt.Errorf("the workspace's list: %w", localErr), fmt.Errorf("the Cloud's list: %w", remoteErr)),
		next{ways: waysOnList(localErr, remoteErr), certain: "nothing is wrong with the workspace yet"})
}

// SupportIn is Support by the list that the workspace itself has sent with its info, and by no other: it asks nothing. The error says why that list does not count.
func (c *Client) SupportIn(info workspace.Info) (Support, error) {
	if err := c.usable(context.Background(), "support"); err != nil {
		return Support{State: SupportUnknown}, err
	}
	s, err := c.judgeOwn(info)
	if err != nil {
		return Support{State: SupportUnknown, Version: info.Version}, c.fail("support", nil, err, next{ways: waysOnList(err)})
	}
	return s, nil
}

func (c *Client) supportFromWorkspace(ctx context.Context) (version string, s Support, err error) {
	info, err := c.workspace.Info(c.reading(ctx))
	if err != nil {
		return c.version, Support{}, err
	}
	s, err = c.judgeOwn(info)
	return info.Version, s, err
}

// judgeOwn judges by the workspace's own list.
func (c *Client) judgeOwn(info workspace.Info) (Support, error) {
	if info.SupportedVersions == "" {
		return Support{}, errors.New("it has none (servers have one from 6.5)")
	}
	return c.judge(info.SupportedVersions, "workspace", info.Version, "")
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

// supportList is the signed list: the claims of a JWT.
type supportList struct {
	jwt.RegisteredClaims
	Timestamp   string         `json:"timestamp"`
	EnforceFrom string         `json:"enforcementStartDate"`
	Versions    []supportEntry `json:"versions"`
	Exceptions  struct {
		Domain   string         `json:"domain"`
		UniqueID string         `json:"uniqueId"`
		Versions []supportEntry `json:"versions"`
	} `json:"exceptions"`
}

type supportEntry struct {
	Version    string `json:"version"`
	Expiration string `json:"expiration"`
}

// exceptsUs reports whether the list's exceptions are for this workspace.
func (l supportList) exceptsUs(domain, uniqueID string) bool {
	if l.Exceptions.UniqueID != "" && uniqueID != "" {
		return l.Exceptions.UniqueID == uniqueID
	}
	return l.Exceptions.Domain == domain
}

// window judges by the list's ordinary entries.
func (l supportList) window(ours *version.Version, now time.Time) Support {
	until, ok := lookUp(l.Versions, ours)
	switch {
	case ok && until.IsZero():
		return Support{State: SupportUnknown}
	case now.Before(until):
		return Support{State: Supported, Until: until}
	case ok, l.hasMovedPast(ours):
		return Support{State: Unsupported, Until: until}
	}
	return Support{State: SupportUnknown}
}

// hasMovedPast reports whether the list holds only versions that are newer than this one.
func (l supportList) hasMovedPast(ours *version.Version) bool {
	read := 0
	for _, entry := range l.Versions {
		theirs, err := version.NewVersion(entry.Version)
		if err != nil {
			continue
		}
		if read++; theirs.LessThan(ours) {
			return false
		}
	}
	return read > 0
}

// lookUp finds the latest expiry among the entries that have the version's major and minor number. A zero time means: named, but without an expiry
// that can be read.
func lookUp(entries []supportEntry, ours *version.Version) (until time.Time, ok bool) {
	want := ours.Segments()
	for _, entry := range entries {
		theirs, err := version.NewVersion(entry.Version)
		if err != nil {
			continue
		}
		if have := theirs.Segments(); have[0] != want[0] || have[1] != want[1] {
			continue
		}
		ok = true
		if at := instant(entry.Expiration); at.After(until) {
			until = at
		}
	}
	return until, ok
}

// instant reads a time of the list; zero when it cannot be read.
func instant(text string) time.Time {
	at, _ := time.Parse(time.RFC3339, text)
	return at.UTC()
}

// timeAt is what time it is at least: a list was not signed in the future, so that a clock which says so is wrong.
func (l supportList) timeAt(clock time.Time) time.Time {
	if issued := instant(l.Timestamp); issued.After(clock) {
		return issued
	}
	return clock
}

// signedClaims are claims that are read after their signature was verified, and not before: what is signed and cannot be read is not unsigned.
type signedClaims struct {
	jwt.RegisteredClaims // no claim of theirs is looked at

	text json.RawMessage
}

// UnmarshalJSON keeps the text.
func (c *signedClaims) UnmarshalJSON(text []byte) error {
	c.text = append(c.text[:0], text...)
	return nil
}

// verify reads a list that Rocket.Chat has signed. The error says what is wrong with it, a sentence for each cause.
func (c *Client) verify(signed string) (list supportList, err error) {
	var claims signedClaims
	parser := jwt.NewParser(jwt.WithValidMethods([]string{jwt.SigningMethodRS256.Alg()}), jwt.WithoutClaimsValidation())
	token, err := parser.ParseWithClaims(signed, &claims, func(*jwt.Token) (any, error) { return c.keyOfSupport() })
	if err != nil {
		return list, fmt.Errorf("it is not signed by Rocket.Chat: %w", err)
	}
	if critical, found := token.Header["crit"]; found {
		// RFC 7515, 4.1.11: whoever does not understand all of it must not take it, nor one that is empty or of the wrong type.
		return list, fmt.Errorf("it is signed, and wants something to be understood that is not known here: its header crit is %.60q", fmt.Sprint(critical))
	}
	if err := json.Unmarshal(claims.text, &list); err != nil {
		return list, fmt.Errorf("it is signed, and its fields are not those of a list of supported versions: %w", err)
	}
	now := list.timeAt(c.workspace.Clock().Now())
	err = jwt.NewValidator(jwt.WithTimeFunc(func() time.Time { return now })).Validate(list.RegisteredClaims)
	switch {
	case errors.Is(err, jwt.ErrTokenExpired):
		return list, fmt.Errorf("it is signed, and has expired on %s: %w", list.ExpiresAt.UTC().Format(time.DateOnly), err)
	case errors.Is(err, jwt.ErrTokenNotValidYet):
		return list, fmt.Errorf("it is signed, and does not count before %s: %w", list.NotBefore.UTC().Format(time.DateOnly), err)
	case err != nil:
		return list, fmt.Errorf("it is signed, and does not count: %w", err)
	}
	return list, nil
}

// waysOnList are the ways out where no list could be verified.
func waysOnList(errs ...error) []failure.Remedy {
	if err := errors.Join(errs...); errors.Is(err, jwt.ErrTokenExpired) || errors.Is(err, jwt.ErrTokenNotValidYet) {
		return failure.Ways(failure.CheckClock, failure.LookElsewhere)
	}
	return failure.Ways(failure.LookElsewhere)
}
