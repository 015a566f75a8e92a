package reliability_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/registrationtest/faults"
	"github.com/rcreg/registration/workspace"
)

// mostSteps is how many remedies may lie between a failure and its end.
const mostSteps = 4

// robot follows the ways out of one failure, and plays the person where one has to act. It reads no sentence.
type robot struct {
	*world

	goal    operation
	current operation // that ran last: what "again" means
	before  truth
	cause   cause // what stands in the way until an act ends it; the zero one for nothing
	tokens  int   // that were fetched from the console
	story   []string
}

// arrives follows the first remedy of an error, and of the errors after it, until the goal is reached. It returns the number of remedies, and what is wrong with them; empty for nothing.
func (r *robot) arrives(t *testing.T, err error) (steps int, wrong string) {
	t.Helper()
	seen := map[string]int{} // how many of its remedies were taken
	for {
		if err == nil && r.current.name != r.goal.name {
			if r.goal.done(r.before, r.truth(t)) {
				return steps, ""
			}
			err = r.run(t, r.goal)
			continue
		}
		if err == nil {
			if now := r.truth(t); !r.goal.done(r.before, now) {
				wrong = fmt.Sprintf("%s succeeded, and what it is for is not so: %+v", r.goal.name, now)
			}
			return steps, wrong
		}
		ways := failure.Remedies(err)
		sign := r.sign(t, err)
		switch {
		case len(ways) == 0:
			return steps, "there is no way out: " + sign
		case seen[sign] > 0 && (seen[sign] == len(ways) || !r.isHidden(err)):
			return steps, "a ring: " + sign
		case steps == mostSteps:
			return steps, "more than four steps: " + sign
		}
		ways = ways[seen[sign]:] // who cannot know what is wrong tries one after the other
		seen[sign]++
		steps++
		var over bool
		if over, wrong, err = r.follow(t, err, ways); over || wrong != "" {
			return steps, wrong
		}
	}
}

// follow takes the first remedy that is about the cause: the first one has to be, where anything tells the cause. over reports that it says that nothing can be done, and the model agrees.
func (r *robot) follow(t *testing.T, err error, ways []failure.Remedy) (over bool, wrong string, next error) {
	t.Helper()
	for i, way := range ways {
		does, known := deeds()[way.Act]
		if !known {
			return false, fmt.Sprintf("the robot does not know how to %s", way.Act), err
		}
		r.tell("%s %s", way.Act, way.With)
		switch {
		case does.over != nil && does.over(r.fresh(t)):
			return true, "", err
		case !does.fits(r.fresh(t), way):
			if i+1 < len(ways) && r.isHidden(err) {
				continue
			}
			return false, fmt.Sprintf("%s is not about the cause (%s)", way.Act, r.describe(t)), err
		}
		if does.ends != nil && does.ends(r.cause) {
			r.end()
		}
		op := r.current
		if does.do != nil {
			if then := does.do(t, r, way.With); then != nil {
				op = *then
			}
		}
		return false, "", r.run(t, op)
	}
	return false, "no remedy is left", err
}

// isHidden reports whether nothing that can be seen tells the cause from another one, so that the person has to try.
func (r *robot) isHidden(err error) bool {
	// What makes no sense may be of the Cloud, and what says nothing may be true.
	ways := acts(failure.Remedies(err))
	either := slices.Contains(ways, string(failure.ServerReachCloud)) || slices.Contains(ways, string(failure.CheckCloudWay))
	return r.cause.sort == posing || r.cause.sort == between && either
}

// end ends what stands in the way.
func (r *robot) end() {
	r.faults.Clear()
	r.faults.Settle()
	r.cause = cause{}
}

// run runs an operation, which is the one to run again from now on.
func (r *robot) run(t *testing.T, op operation) error {
	t.Helper()
	r.current = op
	_, err := op.run(context.Background(), t, r.world)
	if pending := (*registration.PendingError)(nil); errors.As(err, &pending) {
		r.ticket = pending.Ticket
	}
	r.tell("%s: %v", op.name, err)
	return err
}

// sign is what makes a failure another one than before: its kind, its ways out, what is wrong, and where the workspace stands.
func (r *robot) sign(t *testing.T, err error) string {
	t.Helper()
	return fmt.Sprintf("%s: %s %v; %s", r.current.name, failure.KindOf(err).Name(), acts(failure.Remedies(err)), r.describe(t))
}

func (r *robot) describe(t *testing.T) string {
	t.Helper()
	now := r.truth(t)
	return strings.TrimSpace(fmt.Sprintf("%s %s; %s, known: %t, token gone: %t, kept: %t", r.cause.sort, r.cause.where, now.state, r.isKnown(), r.isTokenGone(), r.hasKept(t)))
}

func acts(ways []failure.Remedy) []string {
	all := make([]string, 0, len(ways))
	for _, way := range ways {
		all = append(all, strings.TrimSpace(string(way.Act)))
	}
	return all
}

func (r *robot) tell(format string, args ...any) {
	r.story = append(r.story, plain(fmt.Sprintf(format, args...)))
}

// fresh is the robot with where things stand now.
func (r *robot) fresh(t *testing.T) standing {
	t.Helper()
	return standing{robot: r, truth: r.truth(t), kept: r.hasKept(t), known: r.isKnown(), gone: r.isTokenGone()}
}

// standing is where things stand when a remedy is weighed.
type standing struct {
	*robot
	truth

	kept  bool // a grant is on its way to the workspace
	known bool // the Cloud knows the registration that the workspace has
	gone  bool // the token at hand is spent
}

// hasKept reports whether a grant is kept that the Cloud still takes.
func (r *robot) hasKept(t *testing.T) bool {
	t.Helper()
	unique, _ := r.ws.Setting("uniqueID").(string)
	return r.transport == relay && r.isGrantKept(t, unique)
}

// isKnown reports whether the Cloud knows the registration of the workspace.
func (r *robot) isKnown() bool {
	id, _ := r.ws.Setting("Cloud_Workspace_Client_Id").(string)
	for _, known := range r.ws.Cloud().Workspaces() {
		if known.ClientID == id {
			return !known.Removed
		}
	}
	return false
}

// isTokenGone reports whether the token at hand is spent.
func (r *robot) isTokenGone() bool { return slices.Contains(r.ws.Cloud().SpentTokens(), r.token) }

// over goes on over another transport. What is wrong with the Cloud's answers to this machine is then wrong with those to the workspace.
func (r *robot) over(t *testing.T, transport string) {
	t.Helper()
	if r.cause.where == toCloud && transport == direct {
		r.cause.where = serverWay
	}
	r.transport = transport
	r.client = r.open(t, r.newTransport(t), workspace.WithRoundTripper(r.faults.RoundTripper(r.wire)))
}

// freshToken gets another registration token from the console.
func (r *robot) freshToken() {
	r.token = r.ws.Cloud().IssueToken()
	r.tokens++
}

// step is what a fault has hit.
func (r *robot) hit() (faults.Step, bool) {
	fired := r.faults.Fired()
	if len(fired) == 0 {
		return faults.Step{}, false
	}
	return fired[len(fired)-1], true
}
