package registrationtest

// fleetOptions are the settings that a fleet alone has.
type fleetOptions struct {
	versions  []string // in turn; empty: all dialects
	inProcess bool
	limited   bool
}

// MixedVersions returns one version of each of the ten dialects, the oldest first: what a fleet has unless [WithVersions] says otherwise.
func MixedVersions() []string {
	return []string{"3.0.0", "3.1.0", "3.18.0", "4.4.0", "5.4.0", "6.0.0", "6.5.0", "8.7.0", "8.9.0", "9.0.0"}
}

// WithVersions gives the workspaces of a fleet these versions in turn: the first workspace the first of them, and so on.
func WithVersions(versions ...string) Option {
	return func(o *options) { o.versions = append([]string(nil), versions...) }
}

// InProcess starts a fleet and its Cloud without a listener: each workspace has a host of its own, such as
// w00001.example.test, that [Fleet.RoundTripper] leads to. Without sockets it may run in a testing/synctest bubble, in virtual time,
// if it is started there.
func InProcess() Option { return func(o *options) { o.inProcess = true } }

// WithRateLimits holds the administrators of a fleet to the limits of REST calls, as a server does when an administrator's role has
// not got the permission api-bypass-rate-limit: 10 calls of an endpoint in 60 s, 2 for cloud.syncWorkspace and
// cloud.removeLicense. [Fleet.TooMany] counts what was refused. Method calls are limited for everybody, always.
//
// Such an administrator has a role of their own with every other permission that the fakes know. Up to 8.5 two endpoints ask for
// the role "admin" itself, and refuse them: cloud.registrationStatus, and cloud.manualRegister before 4.8.
func WithRateLimits() Option { return func(o *options) { o.limited = true } }
