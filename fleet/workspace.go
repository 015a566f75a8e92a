package fleet

import (
	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/workspace"
)

// The transports that a list can name, see [Workspace.Via].
const (
	// ViaDirect: the workspace has a connection to the Cloud of its own. It is the default.
	ViaDirect = "direct"
	// ViaRelay: the machine that runs the fleet asks the Cloud for the workspace.
	ViaRelay = "relay"
)

// Workspace is one entry of a [List]. It holds no secret, only where its secrets are, so that it may be logged and kept. Its JSON has the keys of the list.
type Workspace struct {
	// Name is what outcomes, journals and pools know the workspace by.
	Name string `json:"name"`
	// URL is the base address, without a slash at the end.
	URL string `json:"url"`
	// UserID and AuthToken are a personal access token, User and Password a login. A workspace has one of the two pairs.
	UserID    string    `json:"user_id,omitempty"`
	AuthToken Reference `json:"auth_token,omitzero"`
	User      string    `json:"user,omitempty"`
	Password  Reference `json:"password,omitzero"`
	// Via is the transport to the Cloud: ViaDirect or ViaRelay.
	Via string `json:"via"`
	// PlainHTTP allows an http address that is not of this machine.
	PlainHTTP bool `json:"plain_http,omitempty"`
	// Labels are for [List.Select]. Workspaces with the same labels share one map: do not change it.
	Labels map[string]string `json:"labels,omitempty"`
	// Line is where the entry begins in the list.
	Line int `json:"line,omitempty"`
}

// Open reads the references, as they are at this moment, and makes a client; nothing is sent. The options come before what the list says. The caller closes
// the client. Errors: [*registration.Error] of kind [registration.ErrInvalidInput].
func (w Workspace) Open(options ...workspace.Option) (*workspace.Client, error) {
	client, err := w.open(options)
	if err != nil {
		return nil, &registration.Error{
			Op: "open", Workspace: w.URL, Kind: registration.ErrInvalidInput, Err: err, Remedies: failure.Way(failure.CorrectEntry, w.Name),
		}
	}
	return client, nil
}

func (w Workspace) open(options []workspace.Option) (*workspace.Client, error) {
	credentials, err := w.credentials(Reference.Read)
	if err != nil {
		return nil, err
	}
	if w.PlainHTTP {
		options = append(options[:len(options):len(options)], workspace.WithPlainHTTP())
	}
	return workspace.New(w.URL, credentials, options...)
}

// credentials resolves the references of a workspace.
func (w Workspace) credentials(read func(Reference) (cloud.Secret, error)) (workspace.Credentials, error) {
	if w.User != "" {
		password, err := read(w.Password)
		return workspace.Password(w.User, password.Reveal()), err
	}
	token, err := read(w.AuthToken)
	return workspace.Token(w.UserID, token.Reveal()), err
}
