package registration

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/hashicorp/go-version"

	"github.com/rcreg/registration/failure"
)

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
