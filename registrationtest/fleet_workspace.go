package registrationtest

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"

	"github.com/rcreg/registration/registrationtest/faults"
	"github.com/rcreg/registration/registrationtest/internal/server"
)

// maxFleet is how many workspaces a fleet has at most: their names have six digits then.
const maxFleet = 999_999

// secretMark begins the auth tokens of a fleet, so that a file with one of them tells where it comes from.
const secretMark = "simulated-"

func nameOf(i int) string { return fmt.Sprintf("w%05d", i+1) }

// Admin is the administrator of the i-th workspace, from 0, who is known before the workspace is made: the user id is
// the same in every fleet, the secrets are random for each fleet and each workspace.
func (f *Fleet) Admin(i int) Account {
	token := secretMark + f.secret("token", i)
	return Account{UserID: "rcreg", AuthToken: token[:43], Username: "admin", Password: f.secret("password", i)}
}

// secret derives a secret of a workspace, so that none of them has to be kept for 100,000. It has 43 characters, as a real auth
// token.
func (f *Fleet) secret(kind string, i int) string {
	sum := sha256.Sum256(append(f.seed[:len(f.seed):len(f.seed)], kind+nameOf(i)...))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// make starts a workspace that waits for requests to be handed to it.
func (f *Fleet) make(i int) *Workspace {
	o := f.options
	o.known, o.path = f.place(i)
	o.noHistory = o.noHistory || f.front != nil
	if o.faults == nil {
		o.faults = faults.NewPlan(o.clock)
	}
	w := &Workspace{options: o, cloud: f.cloud, people: f.peopleOf(i), transport: f.toCloud()}
	if err := w.open(f.versions[i%len(f.versions)]); err != nil {
		panic(err) // it does not listen, and the Cloud's key has signed before
	}
	return w
}

// peopleOf are the users of a workspace. Those who are no administrators are the same everywhere, and so are their secrets.
func (f *Fleet) peopleOf(i int) people {
	p := f.people
	account := f.Admin(i)
	p.admin = &server.User{
		ID: account.UserID, Username: account.Username, Password: account.Password, Token: account.AuthToken, Email: ownerEmail,
		Admin: !f.options.limited,
	}
	if f.options.limited {
		permit("manage-cloud", "register-on-cloud", "view-privileged-setting", "edit-privileged-setting", "view-statistics")(p.admin)
	}
	return p
}

// toCloud is the way from a workspace to the Cloud.
func (f *Fleet) toCloud() http.RoundTripper {
	if f.options.cloudFaults == nil {
		return f.transport
	}
	return f.options.cloudFaults.WorkspaceRoundTripper(f.transport)
}
