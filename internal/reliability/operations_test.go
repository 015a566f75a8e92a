package reliability_test

import (
	"testing"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/registrationtest"
)

// tick is longer than any settings cache lags.
const tick = time.Minute

func isRegistered(_, after truth) bool { return after.state == registration.Registered }

func isMessageSent(before, after truth) bool { return after.devices > before.devices }

func isRequested(_, after truth) bool { return after.requests > 0 }
func isAnswered(_, after truth) bool  { return after.answers > 0 }

func isSynced(before, after truth) bool {
	return after.state == registration.Registered && after.syncs > before.syncs
}

func isLicensed(_, after truth) bool {
	return after.state == registration.Registered && after.license == registration.LicenseInForce
}

// isRelicensed reports whether another license is in force.
func isRelicensed(before, after truth) bool {
	return isLicensed(before, after) && after.licensed != before.licensed
}

// relicensed lets the Cloud hand out another license from now on.
func relicensed(t *testing.T, w *world) {
	t.Helper()
	registered(t, w)
	text, err := w.ws.Cloud().License(registrationtest.LicenseSpec{Modules: []string{"auditing", "engagement-dashboard"}})
	if err != nil {
		t.Fatal(err)
	}
	w.ws.Cloud().SetLicense(text)
}

// moved makes the workspace ask whether it is a copy.
func moved(t *testing.T, w *world) {
	t.Helper()
	registered(t, w)
	w.ws.Set("Deployment_FingerPrint_Verified", false)
}

func isForgotten(before, after truth) bool {
	return after.state == registration.Unregistered && after.uniqueID != before.uniqueID
}

func always(truth, truth) bool { return true }
func never(truth, truth) bool  { return false }

// operations are all that a user can ask for.
func operations() []operation {
	return []operation{
		{name: "status", on: everywhere, prepare: nothing, run: readStatus, done: always},
		{name: "register", on: since("3.0", direct, relay), prepare: nothing, run: registerByToken, done: isRegistered},
		{name: "register again", on: since("3.0", direct, relay), prepare: tempted, run: registerByToken, done: isRegistered},
		{name: "register by e-mail", on: func(v, r string) bool { return since("4.4", direct)(v, r) || r == relay }, prepare: nothing, run: registerByEmail, done: isMessageSent, pends: true},
		{name: "resume", on: func(v, r string) bool { return since("4.4", direct)(v, r) || r == relay }, prepare: confirmed, run: resume, done: isRegistered},
		{name: "request", on: since("3.0", gap), prepare: nothing, run: registerAcross, done: isRequested, pends: true},
		{name: "courier", on: since("3.0", gap), prepare: asked, run: courier, done: isAnswered},
		{name: "answer", on: since("3.0", gap), prepare: answered, run: resume, done: isRegistered},
		{name: "sync", on: since("3.0", direct), prepare: registered, run: syncs, done: isSynced},
		{name: "sync of a removed workspace", on: since("3.0", direct), prepare: removed, run: syncs, done: never, never: true},
		{name: "sync of an unregistered workspace", on: since("3.0"), prepare: nothing, run: syncs, done: never, never: true},
		{licenses: true, name: "refresh", on: since("3.10", relay), prepare: relicensed, run: syncs, done: isRelicensed},
		{name: "refresh of a removed workspace", on: since("3.10", relay), prepare: removed, run: syncs, done: never, never: true},
		{name: "license request", on: since("3.10", gap), prepare: registered, run: syncs, done: isRequested, pends: true},
		{name: "license courier", on: since("3.10", gap), prepare: licenseAsked, run: courier, done: isAnswered},
		{licenses: true, name: "license answer", on: since("3.10", gap), prepare: licenseAnswered, run: resume, done: isRelicensed},
		{name: "disconnect", on: until("6.5"), prepare: registered, run: disconnect, done: func(_, after truth) bool { return after.state == registration.Disconnected }},
		{name: "disconnect with a new identity", on: since("6.5", direct), prepare: registered, run: disconnect, done: isForgotten},
		{name: "reconnect", on: until("6.5"), prepare: disconnected, run: reconnect, done: isRegistered},
		{name: "confirm as moved", on: since("6.5", direct), prepare: moved, run: confirmMoved, done: func(_, after truth) bool { return after.verified }},
		{name: "confirm as new", on: since("6.5", direct), prepare: registered, run: confirmNew, done: isForgotten},
		{name: "license", on: since("3.10", direct), prepare: registered, run: readLicense, done: always},
		{licenses: true, name: "apply a license", on: since("3.10", direct), prepare: withLicense, run: applyLicense, done: func(_, after truth) bool { return after.license == registration.LicenseInForce }},
		{licenses: true, name: "remove the license", on: since("6.5", direct), prepare: licensed, run: removeLicense, done: func(_, after truth) bool { return after.license == registration.NoLicense }},
	}
}

// withLicense makes a license text for a workspace that has none.
func withLicense(t *testing.T, w *world) {
	t.Helper()
	text, err := w.ws.Cloud().License(registrationtest.LicenseSpec{})
	if err != nil {
		t.Fatal(err)
	}
	w.license = text
}

// licensed puts a license in force that did not come from the Cloud, which would hand it out again.
func licensed(t *testing.T, w *world) {
	t.Helper()
	withLicense(t, w)
	if _, err := w.client.ApplyLicense(t.Context(), w.license); err != nil {
		t.Fatal(err)
	}
}
