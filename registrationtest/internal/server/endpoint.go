package server

import (
	"context"
	"encoding/json"
	"net/url"
)

// Request is one call, after authentication, limits and the check of the body's shape.
type Request struct {
	Context context.Context   //nolint:containedctx // of one call; it ends with the server, not with the caller
	Caller  *User             // nil when no user is logged in
	Address string            // of the caller, without its port
	Path    map[string]string // what stands for the ":name" parts of the endpoint's path
	Query   url.Values        // of a REST call
	Body    map[string]any    // of a REST call; empty when there was none, nil when Value is no object
	Value   any               // the same as it came: whatever the JSON text held
	Params  []json.RawMessage // of a method
	Header  map[string]string // canonical names
}

// Endpoint is one REST route under /api/v1/.
type Endpoint struct {
	Path       string // such as "cloud.syncWorkspace" or "settings/:_id"
	Verb       string // GET or POST
	Anonymous  bool   // no login needed; Caller is set all the same when the credentials are good
	Permission string // refused in the shape of the release when the caller lacks it
	AdminOnly  bool   // the role admin, whatever the permissions
	// Declared says that the route itself names the permission, so that the refusal is a whole sentence before 8.3 too
	// (cloud.syncWorkspace, cloud.removeLicense). Otherwise its handler looks, after the body, and says "unauthorized".
	Declared bool
	// Schema says that the route itself names what its Check looks at: it comes before the permission, as long as that is not first.
	Schema    bool
	TwoFactor bool // a second factor is asked for
	EachTime  bool // the second factor is not remembered
	Limit     int  // calls in 60 s for each address; 0 means the usual 10
	Unlimited bool // no limit at all
	// Deprecated holds the headers that announce the end of an endpoint. May be nil.
	Deprecated map[string]string
	// Check looks at the body or the query before Run, in the way of the release: its error is the reply. May be nil.
	Check func(*Request) error
	// Run returns the fields of a success reply beside "success", or an error: *Failure, *MeteorError, *MatchError, or any other for an internal one.
	Run func(*Request) (map[string]any, error)
}

// Method is one Meteor method, reached over method.call and DDP.
type Method struct {
	Name string // such as "cloud:syncWorkspace"
	// Run returns the result (any JSON value, nil for null, Undefined for none), or an error: *MeteorError, *MatchError,
	// or any other for an internal one, of which callers see nothing but the properties that a WireFields method gives.
	// Times become EJSON dates.
	Run func(*Request) (any, error)
}

// Undefined is the result of a method that returns nothing: its reply has no "result" key.
type Undefined struct{}
