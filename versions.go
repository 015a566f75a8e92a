package registration

import (
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/go-version"
)

// callTable says which call asks a question, by version: a cell holds from its version on, until the next one. Adding a server version is adding the cells
// that changed, and the version to releases. docs/architecture.md shows this as a table; go test -run Architecture -update . writes it.
//
// The calls of a cell are alternatives, the one to try first in front: a server may have lost, or have got earlier, what its version should have. Without calls the
// question cannot be asked.
func callTable() [questions]row {
	return [questions]row{
		askStatus: {"status", cells{
			{"3.0", calls{method("cloud:checkRegisterStatus"), get("cloud.registrationStatus")}},
			{"4.6", calls{get("cloud.registrationStatus"), method("cloud:checkRegisterStatus")}},
		}},
		askConnect: {"register with a token", cells{
			{"3.0", calls{method("cloud:connectWorkspace"), post("cloud.connectWorkspace")}},
			{"8.7", calls{post("cloud.connectWorkspace"), method("cloud:connectWorkspace")}},
		}},
		askStartEmail:   {"register by e-mail", cells{{"4.4", calls{post("cloud.createRegistrationIntent")}}}},
		askPollEmail:    {"poll a registration by e-mail", cells{{"4.4", calls{get("cloud.confirmationPoll")}}}},
		askReachesCloud: {"ask whether the workspace reaches the Cloud", cells{{"6.0", calls{post("cloud.registerPreIntent")}}}},
		askSync: {"sync", cells{
			{"3.0", calls{method("cloud:syncWorkspace"), post("cloud.syncWorkspace")}},
			{"6.5", calls{post("cloud.syncWorkspace"), method("cloud:syncWorkspace")}},
		}},
		askDisconnect: {"disconnect", cells{{"3.0", calls{method("cloud:disconnectWorkspace")}}, {"6.5", nil}}},
		askReconnect: {"reconnect", cells{
			{"3.0", calls{post("settings/Register_Server")}},
			{"6.0", calls{method("cloud:reconnectWorkspace"), post("settings/Register_Server")}},
			{"6.5", nil},
		}},
		askRegistrationData: {"registration data", cells{
			{"3.0", calls{method("cloud:getWorkspaceRegisterData"), get("cloud.workspaceRegisterData")}},
			{"8.9", calls{get("cloud.workspaceRegisterData"), method("cloud:getWorkspaceRegisterData")}},
		}},
		// A 3.0 refuses a manual registration while the setting is on, which it is on a fresh workspace.
		askClearRegisterServer: {"clear Register_Server for a manual registration", cells{{"3.0", calls{post("settings/Register_Server")}}, {"3.1", nil}}},
		askManualRegister:      {"manual registration", cells{{"3.0", calls{post("cloud.manualRegister")}}}},
		askLicense: {"read the license", cells{
			{"3.10", calls{get("licenses.get"), get("licenses.info")}},
			{"6.5", calls{get("licenses.info"), get("licenses.get")}},
		}},
		askValidateLicense:   {"check a license", cells{{"8.7", calls{post("licenses.validate")}}}},
		askApplyLicense:      {"apply a license", cells{{"3.10", calls{post("licenses.add")}}}},
		askRemoveLicense:     {"remove the license", cells{{"6.5", calls{post("cloud.removeLicense")}}}},
		askConfirmDeployment: {"confirm the deployment", cells{{"6.5", calls{post("fingerprint")}}}},
		askSettings:          {"read the public settings", cells{{"6.5", calls{get("settings.public")}}}},
		askCheckoutURL:       {"checkout link", cells{{"6.5", calls{get("cloud.checkoutUrl")}}}},
	}
}

// traitTable says in what else versions differ: a trait holds from one version on, until another one.
func traitTable() [traits]span {
	return [traits]span{
		waitsWithoutLimit:   {"the workspace waits for the Cloud's answers without a time limit", "3.0", "6.4"},
		switchAsksCloud:     {"disconnecting and reconnecting may sync first, and so wait for the Cloud", "6.0", "6.5"},
		syncProves:          {"only a sync shows that new credentials work: connecting does not use them", "3.0", "6.5"},
		adminHandsOver:      {"only an administrator may hand over what the Cloud gave: no permission allows it", "3.0", "4.4"},
		countsDown:          {"without a valid license the workspace becomes read-only ten days after its last report to Rocket.Chat", "7.0", ""},
		obeysOfflineLicense: {"with an offline license in force the workspace asks the Cloud nothing, and a sync answers success", "8.7", ""},
		syncHidesRemoval:    {"a sync may answer success in the very moment in which the workspace forgets its registration", "6.5", ""},
	}
}

// releases are the versions from which servers speak in another way, oldest first: the columns of the table. The last is the newest that was looked at.
func releases() []string {
	return []string{"3.0", "3.1", "3.10", "4.4", "4.6", "6.0", "6.5", "8.7", "8.9", "9.0"}
}

// newestKnown is the first version that has not been looked at yet.
const newestKnown = "10.0"

// question is what a workspace is asked.
type question int

// The questions, in the order in which people meet them.
const (
	askStatus question = iota
	askConnect
	askStartEmail
	askPollEmail
	askReachesCloud
	askSync
	askDisconnect
	askReconnect
	askRegistrationData
	askClearRegisterServer
	askManualRegister
	askLicense
	askValidateLicense
	askApplyLicense
	askRemoveLicense
	askConfirmDeployment
	askSettings
	askCheckoutURL
	questions // how many there are
)

// String returns the name of the question in errors.
func (q question) String() string { return callTable()[q].name }

// trait is what a version does, or wants, besides its calls.
type trait int

const (
	waitsWithoutLimit trait = iota
	switchAsksCloud
	syncProves
	syncHidesRemoval
	adminHandsOver
	countsDown
	obeysOfflineLicense
	traits // how many there are
)

type (
	// row is a question, by version.
	row struct {
		name  string
		cells cells
	}
	cells []cell
	cell  struct {
		since string
		calls calls
	}
	// calls are alternatives.
	calls []call
	// span is the versions that have a trait; until may be empty.
	span struct{ text, since, until string }
)

// call is one REST endpoint under /api/v1/, or one Meteor method.
type call struct {
	verb string // GET or POST; empty for a method
	name string
}

func get(endpoint string) call  { return call{verb: "GET", name: endpoint} }
func post(endpoint string) call { return call{verb: "POST", name: endpoint} }
func method(name string) call   { return call{name: name} }

func (c call) isMethod() bool { return c.verb == "" }

func (c call) String() string {
	if c.isMethod() {
		return "method " + c.name
	}
	return c.verb + " " + c.name
}

// permission is what a user needs for the call who is no administrator; empty where only an administrator may. REST gives the status up to 8.0 to the role admin alone, and its method to the permission.
func (c call) permission(of serverVersion) string {
	switch c.name {
	case "licenses.get", "licenses.info":
		return "view-privileged-setting"
	case "licenses.add", "licenses.validate", "settings/Register_Server":
		return "edit-privileged-setting"
	case "cloud.manualRegister":
		if of.has[adminHandsOver] {
			return ""
		}
		return "register-on-cloud"
	}
	return "manage-cloud"
}

// at returns the calls of a version.
func (r row) at(v release) calls {
	for _, c := range slices.Backward(r.cells) {
		if !v.before(c.since) {
			return c.calls
		}
	}
	return nil
}

// serverVersion is what the table says of one version: its column.
type serverVersion struct {
	since string // the first version that speaks like this
	newer bool   // the server is newer than any version that is known
	calls [questions]calls
	has   [traits]bool
}

// versionOf looks a version up; ok is false below 3.0. A pre-release belongs to the version that it leads to.
func versionOf(v *version.Version) (found serverVersion, ok bool) {
	at := release(v.Segments()) // of three at least
	for _, since := range releases() {
		if !at.before(since) {
			found.since = since
		}
	}
	if found.since == "" {
		return serverVersion{}, false
	}
	found.newer = !at.before(newestKnown)
	for q, row := range callTable() {
		found.calls[q] = row.at(at)
	}
	for t, span := range traitTable() {
		found.has[t] = !at.before(span.since) && (span.until == "" || at.before(span.until))
	}
	return found, true
}

// release is a version in numbers, major and minor in front.
type release []int

// before reports whether a release is older than major.minor. A fleet asks this very often, and reading versions as such takes longer than asking the workspace.
func (r release) before(text string) bool {
	first, second, _ := strings.Cut(text, ".")
	major, _ := strconv.Atoi(first)
	minor, _ := strconv.Atoi(second)
	return slices.Compare(r[:2], []int{major, minor}) < 0
}

// Capabilities says what a workspace can do, and over which calls.
type Capabilities struct {
	// Version is the server's version as it told it: only major.minor, from 4.3, when the user is no administrator.
	Version string `json:"version"`
	// Dialect is the version since which servers speak like this one.
	Dialect string `json:"dialect"`
	// Newer is true when the server is newer than any version that this package knows: it is treated as the newest known.
	Newer     bool         `json:"newer_than_known"`
	Transport string       `json:"transport"`
	Abilities []Capability `json:"abilities"`
}

// Can reports whether the workspace has an ability, by its name, such as "register by e-mail".
func (c Capabilities) Can(name string) bool {
	return slices.ContainsFunc(c.Abilities, func(a Capability) bool { return a.Supported && a.Name == name })
}

// Capability is one thing that a version can or cannot do.
type Capability struct {
	Name      string `json:"name"`
	Supported bool   `json:"supported"`
	// Calls are the calls that may answer, the one to try first in front.
	Calls []string `json:"calls,omitempty"`
	// Since and Until name the versions that have it, where that is not every version from 3.0.
	Since string `json:"since,omitempty"`
	Until string `json:"until,omitempty"`
}

// Capabilities says what this workspace's version can do. It asks nothing.
func (c *Client) Capabilities() Capabilities {
	if c == nil || c.session == nil {
		return Capabilities{}
	}
	server := c.session.server
	found := Capabilities{Version: c.version, Dialect: server.since, Newer: server.newer, Transport: c.transport.Info().Name}
	for q, row := range callTable() {
		if question(q) == askClearRegisterServer { // a step of the manual registration
			continue
		}
		ability := Capability{Name: row.name, Supported: server.calls[q] != nil}
		for _, call := range server.calls[q] {
			ability.Calls = append(ability.Calls, call.String())
		}
		ability.Since, ability.Until = row.span()
		found.Abilities = append(found.Abilities, ability)
	}
	return found
}

// span returns the versions that can be asked, empty where that is every one.
func (r row) span() (since, until string) {
	if first := r.cells[0].since; first != releases()[0] {
		since = first
	}
	if last := r.cells[len(r.cells)-1]; last.calls == nil {
		until = "before " + last.since
	}
	return since, until
}
