package registration

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
