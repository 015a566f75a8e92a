package cloudmodule

import (
	"errors"
	"strconv"
	"strings"

	"github.com/rcreg/registration/registrationtest/internal/server"
)

// Errors of the server's own code. Their sentences are what REST callers see; callers of a method see the fields alone,
// since an error that was not made for them is handed on with nothing but its own properties.
const (
	errNotRegistered     = serverError("Workspace is not registered")
	errTokenEmpty        = serverError("Workspace access token is empty")
	errTokenRefused      = serverError("Could not get workspace access token")
	errAlreadyRegistered = serverError("Workspace is already registered")
	errNotConnected      = serverError("Failed to connect the workspace with Rocket.Chat Cloud")
	errInvalidQuery      = serverError("Invalid query")
	errSync              = serverError("Error during workspace sync")
	errLicenseRemoval    = serverError("License removal failed")
	errNoIntent          = serverError("Failed to fetch registration intent endpoint")
	errOffline           = serverError("Cloud connectivity is disabled by the offline license applied to this workspace")
	errNullGrant         = serverError("Cannot destructure property 'workspaceId' of '_ref' as it is null.")
)

// serverError is a sentence that the server, or its JavaScript engine, writes.
type serverError string

func (e serverError) Error() string { return string(e) }

// namedError is an error class that sets its name, which is then a property of its own.
type namedError struct {
	name    string
	message string
}

func (e *namedError) Error() string { return e.message }

// WireFields are the properties that callers of a method see.
func (e *namedError) WireFields() map[string]any { return map[string]any{"name": e.name} }

// errConnection is the failure of a call that the Cloud answered, but not as hoped.
func errConnection(message string) error {
	return &namedError{name: connectionErrorName, message: message}
}

const connectionErrorName = "CloudWorkspaceConnectionError"

func isConnectionError(err error) bool {
	var named *namedError
	return errors.As(err, &named) && named.name == connectionErrorName
}

// fetchError is the error of the HTTP client since 6.4.
type fetchError struct {
	kind    string // "system", "aborted" or "invalid-json"
	message string
}

func (e *fetchError) Error() string { return e.message }

// WireFields are the properties that callers of a method see.
func (e *fetchError) WireFields() map[string]any {
	fields := map[string]any{"type": e.kind, "message": e.message}
	if e.kind == "system" {
		fields["errno"], fields["code"] = "ECONNRESET", "ECONNRESET"
	}
	return fields
}

// statusError is the error of the HTTP client up to 6.0 for an answer with an error status.
type statusError struct{ reply *cloudReply }

func (e *statusError) Error() string {
	sentence := "failed [" + strconv.Itoa(e.reply.status) + "]"
	content := string(e.reply.body)
	if content == "" {
		return sentence
	}
	const shown = 500
	if len(content) > shown {
		content = content[:shown]
	}
	return sentence + " " + strings.ReplaceAll(content, "\n", " ")
}

// code is the Cloud's own word for what went wrong.
func (e *statusError) code() any {
	if data := e.reply.data(); data != nil {
		return property(data, "error")
	}
	return undefined{}
}

// databaseError is what the database driver throws up to 3.1 at an update without a value.
type databaseError struct{}

func (databaseError) Error() string {
	return "'$set' is empty. You must specify a field like so: {$set: {<field>: ...}}"
}

// WireFields are the properties that callers of a method see.
func (databaseError) WireFields() map[string]any {
	return map[string]any{"name": "MongoError", "code": 9, "codeName": "FailedToParse"}
}

// plainError is new Error(value).
func plainError(value any) error {
	if _, absent := value.(undefined); absent {
		return serverError("")
	}
	return serverError(text(value))
}

// invalidLicenseError is the error for a license that does not verify.
type invalidLicenseError struct{ cause error }

func (e *invalidLicenseError) Error() string { return "Invalid license" }

func (e *invalidLicenseError) Unwrap() error { return e.cause }

// methodError is an error that a method throws for its callers to see. The method that it names is not always its own.
func methodError(code, reason, method string) error {
	return &server.MeteorError{Code: code, Reason: reason, Details: map[string]any{"method": method}}
}
