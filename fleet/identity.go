package fleet

import (
	"context"
	"fmt"
	"sync"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/httpclient"
)

// ErrSameWorkspace means that a workspace stands in the list under another name as well, and its part is done under that. Leave one of the two out of the list.
var ErrSameWorkspace = failure.SameWorkspace

// identities are the workspaces that are worked on, by their unique ids: the address does not tell who a workspace is. A name of DNS, a path with a slash or a
// proxy leads to the same one, and each of two would spend a token on it.
type identities struct {
	mu    sync.Mutex
	names map[string]string // by unique id
}

func newIdentities() *identities { return &identities{names: map[string]string{}} }

// take gives a unique id to a name, unless another one has it, which is returned then.
func (i *identities) take(uniqueID, name string) (other string) {
	if uniqueID == "" {
		return ""
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	switch holder := i.names[uniqueID]; holder {
	case "", name:
		i.names[uniqueID] = name
		return ""
	default:
		return holder
	}
}

// release lets another name have a unique id.
func (i *identities) release(uniqueID, name string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.names[uniqueID] == name {
		delete(i.names, uniqueID)
	}
}

// identityOf is the unique id that a status tells; empty when it tells none, or something that no server makes.
func identityOf(status registration.Status) string {
	const longest = 64
	if !httpclient.IsVisible(status.UniqueID, longest) {
		return ""
	}
	return status.UniqueID
}

// look reads the status before anything is done, and refuses a workspace that is worked on under another name.
func (j *Job) look(ctx context.Context) (registration.Status, error) {
	status, err := j.Client.Status(ctx)
	if err != nil {
		return status, err
	}
	other := j.identify(status)
	if other == "" {
		return status, nil
	}
	return status, &registration.Error{
		Op: j.op, Workspace: j.Workspace.URL, Err: sameWorkspaceError{other, identityOf(status)}, Unspent: true,
		Remedies: failure.Way(failure.LeaveOut, other),
	}
}

// identify notes who the workspace is, and returns the other name under which it is worked on, if any.
func (j *Job) identify(status registration.Status) (other string) {
	id := identityOf(status)
	j.mu.Lock()
	j.uniqueID = id
	j.mu.Unlock()
	return j.identities.take(id, j.Workspace.Name)
}

// sameWorkspaceError is an [ErrSameWorkspace] that names the other.
type sameWorkspaceError struct{ other, uniqueID string }

func (e sameWorkspaceError) Error() string {
	return fmt.Sprintf("it is the same workspace as %s: both have the unique id %s", e.other, e.uniqueID)
}

func (sameWorkspaceError) Unwrap() error { return ErrSameWorkspace }
