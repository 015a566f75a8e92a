package server

import (
	"context"
	"encoding/json"
	"net/url"
)

// User is somebody who may call the server.
type User struct {
	ID          string
	Username    string
	Password    string
	Token       string // the auth token, personal or from a login
	Email       string
	Admin       bool            // has the role admin, and with it every permission
	Permissions map[string]bool // such as "manage-cloud", "register-on-cloud"
}

// Can tells whether the user has a permission.
func (u *User) Can(permission string) bool {
	return u != nil && (u.Admin || u.Permissions[permission])
}

// Request is one call, after authentication, limits and the check of the body's shape.
type Request struct {
	Context context.Context
	Caller  *User             // nil when nobody is logged in
	Query   url.Values        // of a REST call
	Body    map[string]any    // of a REST call; nil when there was none
	Params  []json.RawMessage // of a method
	Header  map[string]string // canonical names
}

// Endpoint is one REST route under /api/v1/.
type Endpoint struct {
	Path       string // such as "cloud.syncWorkspace"
	Verb       string // GET or POST
	Anonymous  bool   // no login needed
	Permission string // refused in the shape of the release when the caller lacks it
	AdminOnly  bool   // the role admin, whatever the permissions
	TwoFactor  bool   // a second factor is asked for, before the permission is looked at
	Limit      int    // calls in 60 s for each caller; 0 means the usual 10
	// Check looks at the body or the query before Run, in the way of the release: its error is the reply. May be nil.
	Check func(*Request) error
	// Run returns the fields of a success reply beside "success", or an error: *Failure, *MeteorError, *MatchError, or any other for an internal one.
	Run func(*Request) (map[string]any, error)
}

// Method is one Meteor method, reached over method.call and DDP.
type Method struct {
	Name string // such as "cloud:syncWorkspace"
	// Run returns the result (any JSON value), or an error: *MeteorError, *MatchError, or any other for an internal one.
	Run func(*Request) (any, error)
}
