package registration

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
)

// Countdown is how many days are left until a workspace without a valid license is read-only for all its users (from 7.0): ten after its last report to Rocket.Chat, none
// where it never made one. The zero value is not known. It is what the workspace has computed last, once a day: a fresh one shows ten days without having
// looked, and one whose license went out of force may still say that it counts one. In JSON it is a number: -1 with a valid license.
type Countdown struct {
	days  int // -1 with a valid license
	known bool
}

// longestCountdown is far above the ten days of every known version; more is no countdown.
const longestCountdown = 366

// countdownOf reads the value of the setting; what makes no sense is not known.
func countdownOf(value []byte) Countdown {
	var days *float64
	if json.Unmarshal(value, &days) != nil || days == nil || *days < -1 || *days > longestCountdown || *days != float64(int(*days)) {
		return Countdown{}
	}
	return Countdown{int(*days), true}
}

// Days returns the days that are left, 0 when the workspace is read-only; counting is false when nothing counts down, or nothing is known of it.
func (c Countdown) Days() (days int, counting bool) {
	return max(c.days, 0), c.known && c.days >= 0
}

// IsZero reports whether nothing is known.
func (c Countdown) IsZero() bool { return !c.known }

// String says it in words, such as "read-only in 3 days"; it is empty when nothing is known.
func (c Countdown) String() string {
	switch {
	case !c.known:
		return ""
	case c.days < 0:
		return "kept writable by a license"
	case c.days == 0:
		return "read-only"
	case c.days == 1:
		return "read-only in 1 day"
	}
	return fmt.Sprintf("read-only in %d days", c.days)
}

// MarshalJSON writes the number of days, and null when nothing is known.
func (c Countdown) MarshalJSON() ([]byte, error) {
	if !c.known {
		return []byte("null"), nil
	}
	return strconv.AppendInt(nil, int64(c.days), 10), nil
}

// UnmarshalJSON reads what [Countdown.MarshalJSON] has written: what makes no sense is not known. It fails for a nil countdown alone.
func (c *Countdown) UnmarshalJSON(value []byte) error {
	if c == nil {
		return errors.New("the countdown is nil")
	}
	*c = countdownOf(value)
	return nil
}

// WithPublicSettings lets [Client.Status] read, with one more request, what the public settings say of a workspace: its ReadOnly and Unconfirmed. What a version
// does not have, the workspace does not show, or makes no sense is left out.
func WithPublicSettings() Option {
	return func(c *Client) error {
		c.readsSettings = true
		return nil
	}
}

// The public settings that are read.
const (
	settingCountdown = "Cloud_Workspace_AirGapped_Restrictions_Remaining_Days"
	settingConfirmed = "Deployment_FingerPrint_Verified"
)

// readSettings adds what the public settings say to a status. A failure leaves it as it is: the status is known all the same.
func (s *Session) readSettings(ctx context.Context, status *Status) {
	if !s.can(askSettings) {
		return
	}
	var reply struct {
		Settings []struct {
			ID    string          `json:"_id"`
			Value json.RawMessage `json:"value"`
		} `json:"settings"`
	}
	query := url.Values{"_id": {settingCountdown + "," + settingConfirmed}}
	if !s.server.has[countsDown] {
		query.Set("count", "0") // servers that show all settings show all of them at once
	}
	if _, err := s.ask(ctx, askSettings, arguments{query: query}, &reply, nil); err != nil {
		return
	}
	for _, setting := range reply.Settings {
		switch {
		case setting.ID == settingCountdown && s.server.has[countsDown]:
			status.ReadOnly = countdownOf(setting.Value)
		case setting.ID == settingConfirmed:
			status.Unconfirmed = string(bytes.TrimSpace(setting.Value)) == "false"
		}
	}
}

// noteReadOnly says, after a registration that does not show that the workspace reaches Rocket.Chat, that without a valid license it becomes read-only all the same (E1, E2).
// The license decides: the countdown may still show one that has gone out of force.
func (o *operation) noteReadOnly(ctx context.Context) {
	c := o.client
	if !c.session.server.has[countsDown] || c.transport.Info().ByWorkspace || !isRegistered(o.result.After) {
		return
	}
	state := LicenseHidden
	_, _ = settle(ctx, c.workspace.Clock(), max(c.settingsLag, licenseDelay), func() (bool, error) { // what cannot be read is hidden
		license, err := c.readLicense(ctx)
		if err == nil {
			state = license.State
		}
		return state != NoLicense, err
	})
	if state == LicenseInForce {
		return
	}
	var seen Status
	c.session.readSettings(ctx, &seen)
	_, counting := seen.ReadOnly.Days()
	if state == LicenseHidden && !counting {
		return
	}
	shown := ""
	if counting {
		shown = " (it shows: " + seen.ReadOnly.String() + ")"
	}
	o.note("the workspace is registered, and no valid license is in force: it becomes read-only ten days after its last report to https://collector.rocket.chat, at once where it never made one%s. "+
		"Only a license that is valid on this workspace, for its address and not out of time, ends that: get one from Rocket.Chat and apply it (ApplyLicense, rcreg license apply)", shown)
}
