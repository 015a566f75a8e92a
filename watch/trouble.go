package watch

import (
	"slices"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/advice"
)

// Name names a trouble for scripts, and does not change with releases.
type Name string

// The troubles, the gravest first.
const (
	// NoAnswer: the workspace does not answer, or not now. It may pass by itself, and is told when it was seen twice in a row.
	NoAnswer Name = "no_answer"
	// Refused: it cannot be read, and that does not pass by itself, such as with wrong credentials.
	Refused Name = "refused"
	// RemovedFromCloud: a sync has shown that the Cloud does not know it any more.
	RemovedFromCloud Name = "removed_from_cloud"
	// NotRegistered: it is unregistered or disconnected.
	NotRegistered Name = "not_registered"
	// ReadOnly: all its users can only read.
	ReadOnly Name = "read_only"
	// SupportEnded: its version is not supported any more.
	SupportEnded Name = "support_ended"
	// LicenseEnded: the license that was in force is not any more. It is forgotten after 30 days.
	LicenseEnded Name = "license_ended"
	// Unconfirmed: it waits to be told whether it is a copy or was moved.
	Unconfirmed Name = "deployment_unconfirmed"
	// SyncFailed: a sync did not show whether the Cloud knows it. It is told as NoAnswer is.
	SyncFailed Name = "sync_failed"
	// ReadOnlySoon: it becomes read-only in 7 days or fewer.
	ReadOnlySoon Name = "read_only_soon"
	// SupportEnds: the support of its version ends soon, see [WithNotice].
	SupportEnds Name = "support_ends"
	// LicenseEnds: its license ends soon, see [WithNotice].
	LicenseEnds Name = "license_ends"
)

// Severity says how grave a trouble is.
type Severity string

// The severities.
const (
	// Problem: it is so now.
	Problem Severity = "problem"
	// Warning: it is going to be, or keeps something from being seen.
	Warning Severity = "warning"
)

// Trouble is one thing that is not well with a workspace.
type Trouble struct {
	Name     Name     `json:"name"`
	Severity Severity `json:"severity"`
	// Since is when it was seen first.
	Since time.Time `json:"since"`
	// Text says what is so, Advice the next step at a command line.
	Text   string `json:"text"`
	Advice string `json:"advice,omitempty"`
	// Kind is that of the failure, such as "unauthorized", where there was one.
	Kind string `json:"kind,omitempty"`

	unsure bool // it was seen once, and may pass by itself
}

// Names lists all troubles, the gravest first.
func Names() []Name {
	names := make([]Name, len(troubles()))
	for i, t := range troubles() {
		names[i] = t.name
	}
	return names
}

// subject is what a trouble is about: of two about the same, the later one takes the place of the other, and none is left when it has mended.
type subject string

// what is known of each trouble beforehand.
type description struct {
	name     Name
	severity Severity
	subject  subject
	mended   string
}

func troubles() []description {
	const answer, registered, writing, support, license, copied subject = "answer", "registration", "writing", "support", "license", "deployment"
	return []description{
		{NoAnswer, Problem, answer, "it answers again"},
		{Refused, Problem, answer, "it can be read again"},
		{RemovedFromCloud, Problem, registered, "it is registered anew"},
		{NotRegistered, Problem, registered, "it is registered"},
		{ReadOnly, Problem, writing, "its users can write again"},
		{SupportEnded, Problem, support, "its version is supported"},
		{LicenseEnded, Problem, license, "the end of its license is no trouble any more"},
		{Unconfirmed, Problem, copied, "it does not wait to be told what it is any more"},
		{SyncFailed, Warning, registered, "its syncs show again what the Cloud knows"},
		{ReadOnlySoon, Warning, writing, "it does not become read-only soon"},
		{SupportEnds, Warning, support, "the support of its version does not end soon"},
		{LicenseEnds, Warning, license, "its license does not end soon"},
	}
}

// describe returns what is known of a trouble beforehand; it is false for one that only a newer version knows.
func describe(name Name) (description, bool) {
	all := troubles()
	i := slices.IndexFunc(all, func(d description) bool { return d.name == name })
	if i < 0 {
		return description{}, false
	}
	return all[i], true
}

// hardly is from how many days on servers warn of the end of a countdown themselves.
const hardly = 7

// lostFor is how long it is a trouble that a license has ended: after that it is how the workspace is.
const lostFor = 30 * 24 * time.Hour

// judge finds out what is not well.
func (r *record) judge(now time.Time, notice time.Duration) []Trouble {
	var found []Trouble
	add := func(name Name, text string, ways []failure.Remedy) {
		since := now
		if before, ok := r.has(name); ok {
			since = before.Since
		}
		known, _ := describe(name)
		found = append(found, Trouble{Name: name, Severity: known.severity, Since: since, Text: text, Advice: advice.WhileWatched(ways)})
	}
	failed := func(name Name, f *failed, text string) {
		add(name, text+": "+f.Message, nil)
		last := &found[len(found)-1]
		last.Kind, last.Advice, last.unsure = f.Kind, f.Advice, f.Temporary && f.Times < 2
	}
	switch {
	case r.Failed == nil:
	case r.Failed.Temporary:
		failed(NoAnswer, r.Failed, "it does not answer")
	default:
		failed(Refused, r.Failed, "it cannot be read")
	}
	r.judgeRegistration(add)
	if r.Unsynced != nil && r.State == registration.Registered {
		failed(SyncFailed, r.Unsynced, "a sync did not show whether the Cloud knows it")
	}
	r.judgeTimes(add, now, notice)
	if r.Unconfirmed {
		add(Unconfirmed, "its address or its database has changed, and it waits to be told whether it is a copy or was moved", failure.Ways(failure.SayWhatItIs))
	}
	slices.SortStableFunc(found, func(a, b Trouble) int { return rank(a.Name) - rank(b.Name) })
	return found
}

func rank(name Name) int { return slices.Index(Names(), name) }

func (r *record) judgeRegistration(add func(Name, string, []failure.Remedy)) {
	switch {
	case r.Cloud == Removed:
		add(RemovedFromCloud, "Rocket.Chat Cloud does not know it any more", failure.RemovedFromCloud.Remedies())
	case r.State == registration.Disconnected:
		add(NotRegistered, "it is disconnected from the Cloud", failure.Ways(failure.Reconnect))
	case r.State == registration.Unregistered:
		add(NotRegistered, "it is not registered", failure.Ways(failure.Register))
	}
}

// judgeTimes judges what has an end.
func (r *record) judgeTimes(add func(Name, string, []failure.Remedy), now time.Time, notice time.Duration) {
	ended := !r.SupportUntil.IsZero() && !now.Before(r.SupportUntil)
	switch {
	case r.Support == registration.Unsupported && r.SupportUntil.IsZero():
		add(SupportEnded, "its version "+r.Version+" is not supported any more", failure.Ways(failure.UpgradeInTime))
	case ended:
		add(SupportEnded, "its version "+r.Version+" is not supported since "+day(r.SupportUntil), failure.Ways(failure.UpgradeInTime))
	case r.Support == registration.Supported && r.SupportUntil.Sub(now) <= notice && !r.SupportUntil.IsZero():
		add(SupportEnds, "its version "+r.Version+" is supported until "+day(r.SupportUntil), failure.Way(failure.UpgradeInTime, day(r.SupportUntil)))
	}
	inForce := r.License != nil && r.License.State == registration.LicenseInForce
	switch {
	case inForce && !r.License.Expires.IsZero() && r.License.Expires.Sub(now) <= notice:
		add(LicenseEnds, "its license is in force until "+day(r.License.Expires), failure.Ways(failure.RenewLicense))
	case !inForce && !r.LicenseLost.IsZero() && now.Sub(r.LicenseLost) < lostFor:
		add(LicenseEnded, "the license that was in force is not any more, seen on "+day(r.LicenseLost), failure.Ways(failure.RenewLicense))
	}
	switch days, counting := r.ReadOnly.Days(); {
	case !counting:
	case days == 0:
		add(ReadOnly, "it is read-only for all its users", failure.Ways(failure.KeepWritable))
	case days <= hardly:
		add(ReadOnlySoon, "it becomes "+r.ReadOnly.String(), failure.Ways(failure.KeepWritable))
	}
}
