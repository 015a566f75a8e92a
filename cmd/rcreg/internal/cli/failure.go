package cli

import (
	"errors"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/command"
	"github.com/rcreg/registration/internal/exitcode"
)

func usage(problem, advice string) error {
	return &command.UsageError{Problem: problem, Advice: advice}
}

// failureKind is a kind of failure as scripts see it.
type failureKind struct {
	name   string // in JSON, as registration.KindName names it
	advice string
	// ours: the advice is about flags of this program, so it goes before the error's own.
	ours bool
}

// failureKinds says what each kind of failure means to who runs this program.
func failureKinds() []failureKind {
	return []failureKind{
		{"invalid_input", "correct the request; nothing was sent", false},
		{"pending", "confirm the message, then run rcreg resume", false},
		{"unsupported", "see rcreg capabilities", false},
		{"unsupported_version", "upgrade the server", false},
		{"outcome_unknown", "look with rcreg status, then run the command again", false},
		{"unauthorized", "check the user id and the token, or the user and the password", false},
		{"forbidden", "use an administrator, or a user with the permission manage-cloud", false},
		{"two_factor_required", "run it on a terminal, or set RCREG_2FA_CODE to a fresh code", true},
		{"rate_limited", "wait a minute and run it again", false},
		{"rejected", "get a new registration token from the Cloud console", false},
		{"already_registered", "see rcreg status", false},
		{"not_registered", "register it first", false},
		{"removed_from_cloud", "register it again", false},
		{"sync_failed", "sync again", false},
		{"expired", "start again with rcreg register --email", false},
		{"invalid_grant", "get a new one from the Cloud console", false},
		{"license_refused", "ask Rocket.Chat for a license of this workspace", false},
		{"license_not_in_force", "see rcreg license show", false},
		{"unknown_request", "see rcreg offline status, and name the --state folder in which the request was made", true},
		{"folder_away", "put the stick in, or name its folder with --exchange; then run it again", true},
		{"no_space", "make room where it says, or name another folder; then run it again: nothing is lost", true},
		{"readable_by_others", "make the state folder yours alone (chmod 700), and see who could read it; or name another one with --state", true},
		{"locked", "another rcreg works with the same --state folder: wait for its end, then run it again", true},
		{"ledger_damaged", "restore the courier's --state folder as it was: without its ledger a token may be spent twice", true},
		{"newer_format", "upgrade rcreg to the version that wrote it; nothing was changed", true},
		{"cannot_open", "name the key that it is sealed to with --identity-file", true},
		{"timeout", "allow more time with --timeout", true},
		{"interrupted", "run it again", false},
		{"cloud_unreachable", "check this machine's connection to the Cloud, directly or over HTTPS_PROXY; then run it again", false},
		{"cloud_failed", "run it again later", false},
		{"cloud_refused", "see in the Cloud console what it says of the workspace", false},
		{"cloud_bad_reply", "check what stands between this machine and the Cloud: a proxy, a login page", false},
		{"not_rocket_chat", "check the address: something else than a workspace's API answers there", false},
		{"address", "use the address that it redirects to", false},
		{"unreachable", "check the address, and that the workspace runs and can be reached from here", false},
		{"bad_reply", "check what stands between here and the workspace, then run it again", false},
		{"reply_lost", "run it again", false},
		{"workspace_failed", "see the workspace's log, then run it again", false},
		{"refused", "see the workspace's log", false},
	}
}

// exit is how a command ends that fails in this way.
func (k failureKind) exit() int { return exitcode.OfKind(k.name) }

// kindOf finds what kind of failure an error is.
func kindOf(err error) failureKind {
	if wrong := (*command.UsageError)(nil); errors.As(err, &wrong) {
		return failureKind{name: "usage", advice: wrong.Advice}
	}
	for _, kind := range fleetKinds() {
		if errors.Is(err, kind.is) {
			return kind.failureKind
		}
	}
	name := registration.KindName(err)
	for _, kind := range failureKinds() {
		if kind.name == name {
			return kind
		}
	}
	return failureKind{name: name, advice: "run it again with --verbose to see what was asked and answered"}
}

// explain takes an error apart into what went wrong and what to do next.
func explain(err error) errorBody {
	kind := kindOf(err)
	body := errorBody{Kind: kind.name, Message: err.Error(), Advice: kind.advice}
	if operation := (*operationError)(nil); errors.As(err, &operation) {
		body.Workspace, body.Version = operation.workspace, operation.version
	}
	failure := (*registration.Error)(nil)
	if waits := (*ticketError)(nil); errors.As(err, &waits) {
		body.Advice = waits.advice()
	} else if waits := (*requestError)(nil); errors.As(err, &waits) {
		body.Advice = waits.advice()
	} else if errors.As(err, &failure) {
		plain := *failure
		plain.Advice = ""
		body.Message, body.Workspace, body.Version = plain.Error(), failure.Workspace, failure.Version
		body.Advice = kind.adviceOver(failure.Advice)
	}
	if better := (*advisedError)(nil); errors.As(err, &better) {
		body.Advice = better.advice
	}
	return body
}

// advisedError is an error whose advice names flags of this program in the place of options of the library.
type advisedError struct {
	error
	advice string
}

func (e *advisedError) Unwrap() error { return e.error }
