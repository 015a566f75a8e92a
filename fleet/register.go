package fleet

import (
	"context"
	"errors"
	"fmt"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/failure"
)

// Token returns a registration token for the workspace: the one that an earlier try has left in doubt, else the next one of the pool. It is only asked for when
// the workspace is seen unregistered, and what became of it is told with Settle. Errors: [ErrNoTokens], and those of the pool.
func (j *Job) Token() (Claim, error) {
	if err := j.hasPool(); err != nil {
		return Claim{}, err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.abandoned {
		return Claim{}, errAbandoned
	}
	claim, err := j.tokens.claim(j.owner(), j.uniqueID)
	if err != nil && !errors.Is(err, ErrNoTokens) {
		j.broken = err
	}
	return claim, err
}

// hasPool refuses to work without a pool, as an empty or nil job does.
func (j *Job) hasPool() error {
	if j != nil && j.tokens != nil {
		return nil
	}
	refused := &registration.Error{Op: "register", Kind: failure.NoPool, Err: registration.ErrInvalidInput, Remedies: failure.Ways(failure.NamePool), Certain: "nothing was sent"}
	if j != nil {
		refused.Workspace = j.Workspace.URL
	}
	return refused
}

// Settle tells the pool what became of the workspace's token. Errors: those of the pool, which end the run.
func (j *Job) Settle(how Settlement) error {
	if err := j.hasPool(); err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.abandoned { // it is told as in doubt already, and another run may be at it
		return errAbandoned
	}
	err := j.tokens.Settle(j.owner(), how)
	if err != nil {
		j.broken = err
	}
	return err
}

// owner is the name to which the pool has bound the workspace's token: another one where it had another in the list before.
func (j *Job) owner() string { return j.tokens.owner(j.Workspace.Name, j.uniqueID) }

// inDoubt reports whether an earlier try has left a token for the workspace in doubt.
func (j *Job) inDoubt() bool { return j.tokens != nil && j.tokens.InDoubt(j.owner()) }

// tellLost notes the tokens that were handed over for the workspace, unanswered, and refused later. Another one has taken their place, and nothing else
// tells of what they may have registered.
func (j *Job) tellLost(now registration.Status) {
	if j.tokens == nil {
		return
	}
	ours := ""
	if now.WorkspaceID != "" {
		ours = "; this workspace is " + now.WorkspaceID + " there"
	}
	for _, claimed := range j.tokens.lostOf(j.Workspace.Name, j.uniqueID) {
		j.notes = append(j.notes, fmt.Sprintf("the registration token that was claimed for it at %s was handed over, its answer was lost, and it was refused when it was tried again: "+
			"Rocket.Chat Cloud may hold a registration from that time that no workspace uses. Look for it in the Cloud console and remove it%s",
			claimed.UTC().Format("2006-01-02 15:04 UTC"), ours))
	}
}

// errRefusedInDoubt is the refusal of a token that was handed over before, perhaps for this very workspace: another look, then another token.
var errRefusedInDoubt = failure.RefusedInDoubt

// register registers a workspace whose status was just read.
func (j *Job) register(ctx context.Context, status registration.Status) (registration.Result, error) {
	asItIs := registration.Result{Operation: "register", Before: status, After: status}
	if status.State != registration.Unregistered && !j.inDoubt() {
		if j.resumes {
			j.tellLost(status)
		}
		return asItIs, j.disconnected(status)
	}
	claim, err := j.Token()
	if err != nil {
		return asItIs, err
	}
	result, err := j.Client.Register(ctx, registration.Request{Token: claim.Token.Reveal(), ReplaceLicense: j.replaces})
	if result.LostTokens == 0 { // otherwise a relay remembers them as well, and its notes tell of them
		defer func() { j.tellLost(result.After) }()
	}
	how := settlement(claim, result, err)
	if how == "" {
		return result, err
	}
	if settleErr := j.Settle(how); settleErr != nil {
		return result, errors.Join(err, settleErr)
	}
	if how == Refused {
		return result, errors.Join(errRefusedInDoubt, err)
	}
	return result, err
}

// disconnected is the error for a workspace that needs no token to be brought back.
func (j *Job) disconnected(status registration.Status) error {
	if status.State != registration.Disconnected {
		return nil
	}
	return &registration.Error{
		Op: "register", Workspace: j.Workspace.URL, Kind: registration.ErrAlreadyRegistered, Err: errors.New("it is disconnected and still holds its credentials"),
		Remedies: failure.Ways(failure.Reconnect), Certain: "no token was taken",
	}
}

// settlement is what became of a token: the status decides, and after it what proves that the token was not handed over. Otherwise it stays in doubt.
func settlement(claim Claim, result registration.Result, err error) Settlement {
	before, after := result.Before.State, result.After.State
	switch {
	case before == registration.Unregistered && after == registration.Registered && result.Unspent && !claim.InDoubt:
		return Returned
	case before == registration.Unregistered && after == registration.Registered:
		return Spent
	case before != registration.Unregistered && claim.InDoubt && after == registration.Registered:
		return Spent // by the earlier try, as far as anybody can tell
	case claim.InDoubt && before == registration.Unregistered && errors.Is(err, registration.ErrRejected):
		return Refused
	case claim.InDoubt:
		return "" // what this try has not done, an earlier one may have
	case before != registration.Unregistered, isUnspent(err):
		return Returned
	}
	return ""
}

// isUnspent reports whether a registration failed in a way of which the transport, or the client before it, says that the token was not used.
func isUnspent(err error) bool {
	var failed *registration.Error
	return errors.As(err, &failed) && failed.Unspent
}
