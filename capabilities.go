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

// questions names every question of a strategy, in the order in which people meet them.
func (s strategy) questions() []question {
	return []question{
		{"status", s.status}, {"register with a token", s.connect}, {"register by e-mail", s.startEmail}, {"poll a registration by e-mail", s.pollEmail},
		{"ask whether the workspace reaches the Cloud", s.preIntent}, {"sync", s.sync}, {"disconnect", s.disconnect}, {"reconnect", s.reconnect},
		{"registration data", s.registrationData}, {"manual registration", s.manualRegister}, {"read the license", s.readLicense},
		{"check a license", s.validateLicense}, {"apply a license", s.applyLicense}, {"remove the license", s.removeLicense},
		{"confirm the deployment", s.fingerprint}, {"checkout link", s.checkout},
	}
}

type question struct {
	name string
	road road
}

// Capabilities says what this workspace's version can do. It asks nothing.
func (c *Client) Capabilities() Capabilities {
	if c == nil || c.session == nil {
		return Capabilities{}
	}
	table := c.session.table
	caps := Capabilities{Version: c.version, Dialect: table.since, Newer: table.newer, Transport: c.transport.Name()}
	for i, q := range table.questions() {
		a := Capability{Name: q.name, Supported: q.road != nil}
		for _, call := range q.road {
			a.Calls = append(a.Calls, call.String())
		}
		a.Since, a.Until = span(i)
		caps.Abilities = append(caps.Abilities, a)
	}
	return caps
}

// span finds the versions that can be asked question number i.
func span(i int) (since, until string) {
	for _, s := range strategies() {
		asked := s.questions()[i].road != nil
		switch {
		case asked && since == "":
			since = s.since
		case !asked && since != "" && until == "":
			until = "before " + s.since
		}
	}
	if since == "3.0" {
		since = ""
	}
	return since, until
}
