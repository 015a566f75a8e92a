package registration

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"unicode/utf8"

	"github.com/rcreg/registration/workspace"
)

// State is what a workspace believes about its registration. The Cloud may know better: only a sync asks it.
type State string

// The states of a workspace.
const (
	// Unregistered: the workspace holds no credentials for the Cloud.
	Unregistered State = "unregistered"
	// Registered: the workspace holds credentials and uses them.
	Registered State = "registered"
	// Disconnected: the workspace holds credentials and was told not to use them (3.0 to 6.4); see [Client.Reconnect].
	Disconnected State = "disconnected"
)

// Status is what a workspace says of its registration: the method cloud:checkRegisterStatus, from 4.6 GET cloud.registrationStatus.
type Status struct {
	State State `json:"state"`
	// WorkspaceID is the number under which the Cloud knows the workspace; empty when there is none.
	WorkspaceID string `json:"workspace_id"`
	// UniqueID is the workspace's own identity: 17 characters up to 6.4, a UUID from 6.5.
	UniqueID string `json:"unique_id"`
	// Email is the address of the organization or of the oldest user; often empty.
	Email string `json:"email"`
	// ReadOnly is when the workspace becomes read-only for want of a license; only with [WithPublicSettings], from 7.0.
	ReadOnly Countdown `json:"days_until_read_only,omitzero"`
	// Unconfirmed tells that the workspace has noticed another address or database, and waits to be told whether it is a copy or was moved: see
	// [Client.ConfirmDeployment]. Only with [WithPublicSettings], from 6.5.
	Unconfirmed bool `json:"deployment_unconfirmed,omitempty"`
}

// wireStatus is the status as servers send it. Values of surprising types must not make it unreadable: Register_Server is stored
// as it was sent and comes back in connectToCloud, workspaceId is null after a removal (up to 6.0), and whatever the Cloud answers a server up to 6.4
// is stored as it came.
type wireStatus struct {
	WorkspaceRegistered *bool           `json:"workspaceRegistered"`
	ConnectToCloud      json.RawMessage `json:"connectToCloud"`
	WorkspaceID         looseText       `json:"workspaceId"`
	UniqueID            looseText       `json:"uniqueId"`
	Email               looseText       `json:"email"`
}

// looseText reads any JSON value: a text as it is, null as none, anything else as it is written.
type looseText string

// UnmarshalJSON never fails.
func (t *looseText) UnmarshalJSON(raw []byte) error {
	*t = ""
	switch n := len(raw); {
	case n >= 2 && raw[0] == '"' && !bytes.ContainsRune(raw, '\\') && utf8.Valid(raw): // as mostly: there is nothing to decode
		*t = looseText(raw[1 : n-1])
	case json.Unmarshal(raw, (*string)(t)) != nil:
		*t = looseText(raw)
	}
	return nil
}

// status translates; ok is false when the reply is not a status at all.
func (w wireStatus) status() (s Status, ok bool) {
	if w.WorkspaceRegistered == nil {
		return Status{}, false
	}
	s = Status{State: Unregistered, WorkspaceID: string(w.WorkspaceID), UniqueID: string(w.UniqueID), Email: string(w.Email)}
	if *w.WorkspaceRegistered {
		s.State = Registered
		if !truthy(w.ConnectToCloud) {
			s.State = Disconnected
		}
	}
	return s, true
}

// truthy judges a JSON value as the server's JavaScript does. An absent value is as good as true: from 6.5 it is absent, not false.
func truthy(value json.RawMessage) bool {
	switch text := string(bytes.TrimSpace(value)); text {
	case "false", "null", `""`, "0", "-0":
		return false
	default:
		return true
	}
}

// Result is what an operation did, as far as the workspace's status shows it: never what a reply claimed.
type Result struct {
	// Operation is the name of the operation, such as "register".
	Operation string `json:"operation"`
	// Before and After are the status before the operation acted and after it.
	Before Status `json:"before"`
	After  Status `json:"after"`
	// Changed reports whether this operation changed the status.
	Changed bool `json:"changed"`
	// Unspent tells that the registration token of the request certainly was not used, although the workspace is registered: a grant that was kept, or another
	// run, has registered it. As in an [Error], a [Transport] says so (see [Unspent]).
	Unspent bool `json:"-"`
	// LostTokens is how many registration tokens of earlier runs were handed over and not answered: the Notes say when, and what to look for.
	LostTokens int `json:"-"`
	// License is what became of the license, where the operation refreshed it: a Sync over a relay or across an air gap.
	License *LicenseResult `json:"license,omitempty"`
	// Calls are the calls that were made to the workspace, in their order; those that put a license in force are in License.
	Calls []workspace.Call `json:"calls"`
	// Notes say what the reader should know besides: an answer that contradicted the status, for example.
	Notes []string `json:"notes,omitempty"`
}

// notes is what an operation wants its reader to know besides.
type notes struct {
	mu      sync.Mutex
	texts   []string
	lost    int          // registration tokens whose answer was lost
	unspent bool         // the registration token of the request
	license *seenLicense // before the workspace was given a grant; nil when it was not
	// replaceLicense tells that the caller allows a grant to replace a better license.
	replaceLicense bool
}

type notesKey struct{}

// keepNotes returns a context whose notes are kept.
func keepNotes(ctx context.Context) (context.Context, *notes) {
	kept := &notes{}
	return context.WithValue(ctx, notesKey{}, kept), kept
}

// Note adds to the Notes of the [Result] of the operation that ctx belongs to, for those who write a [Transport]. Outside an operation it does nothing.
// A note must not hold a secret.
func Note(ctx context.Context, format string, args ...any) {
	if kept := notesOf(ctx); kept != nil {
		kept.add(fmt.Sprintf(format, args...))
	}
}

// notesOf returns what is kept for the operation that ctx belongs to; nil outside one.
func notesOf(ctx context.Context) *notes {
	if ctx == nil {
		return nil
	}
	kept, _ := ctx.Value(notesKey{}).(*notes)
	return kept
}

// Unspent tells, for those who write a [Transport], that the registration token of the request was not used, although its registration succeeds: see the Unspent of
// the [Result]. Of one that failed the [Error] says so.
func Unspent(ctx context.Context) {
	if kept := notesOf(ctx); kept != nil {
		kept.mu.Lock()
		defer kept.mu.Unlock()
		kept.unspent = true
	}
}

// LostToken tells, for those who write a [Transport], of a registration token of an earlier run that was handed over, and whose answer was lost: it is [Note], and counts
// in the LostTokens of the [Result].
func LostToken(ctx context.Context, format string, args ...any) {
	if kept := notesOf(ctx); kept != nil {
		kept.mu.Lock()
		defer kept.mu.Unlock()
		kept.texts = append(kept.texts, fmt.Sprintf(format, args...))
		kept.lost++
	}
}

// ofTokens says what is known of registration tokens.
func (n *notes) ofTokens() (lost int, unspent bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.lost, n.unspent
}

func (n *notes) add(text string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.texts = append(n.texts, text)
}

func (n *notes) list() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.texts)
}

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
// The license decides, as far as the workspace shows it: the countdown is computed once a day, and may still count one that has gone out of force.
func (o *operation) noteReadOnly(ctx context.Context) {
	c := o.client
	if !c.session.server.has[countsDown] || c.transport.Info().ByWorkspace || !isRegistered(o.result.After) {
		return
	}
	state := LicenseHidden
	_, err := settle(ctx, c.workspace.Clock(), max(c.settingsLag, licenseDelay), func() (bool, error) {
		license, err := c.readLicense(ctx)
		if err == nil {
			state = license.State
		}
		return state == LicenseInForce, err
	})
	known := "no valid license is in force"
	switch {
	case state == LicenseInForce:
		return
	case err != nil:
		known = fmt.Sprintf("whether a valid license is in force cannot be read (%s)", brief(err))
	case state == LicenseHidden:
		known = "it shows no license in force to this user, who may not see all of it (view-privileged-setting)"
	}
	var seen Status
	c.session.readSettings(ctx, &seen)
	shown := ""
	if !seen.ReadOnly.IsZero() {
		shown = fmt.Sprintf(" (it shows: %s, as computed last)", seen.ReadOnly)
	}
	o.note("the workspace is registered, and %s: without one it becomes read-only ten days after its last report to https://collector.rocket.chat, at once where it never made one%s. "+
		"Only a license that is valid on this workspace, for its address and not out of time, ends that: get one from Rocket.Chat and apply it (ApplyLicense, rcreg license apply)", known, shown)
}
