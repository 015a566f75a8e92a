package cli

import (
	"context"
	"errors"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/advice"
	"github.com/rcreg/registration/workspace"
)

// setupSetting is where the setup wizard stands: pending, in_progress or completed. It is a setting like others, in every version.
const setupSetting = "settings/Show_Setup_Wizard"

// completingSetup makes a registration end the setup wizard of the workspace that it has registered, or has found registered.
func completingSetup(register func(context.Context, session) (registration.Result, error)) func(context.Context, session) (registration.Result, error) {
	return func(ctx context.Context, s session) (registration.Result, error) {
		result, err := register(ctx, s)
		if err != nil {
			return result, err
		}
		note, err := s.completeSetup(ctx)
		if err != nil {
			return result, &setupError{err}
		}
		result.Notes = append(result.Notes, note)
		return result, nil
	}
}

// foundRegistered ends as the registration of a registered workspace does, for which no token is needed; that of another one fails with missing.
func foundRegistered(missing error) func(context.Context, session) (registration.Result, error) {
	return func(ctx context.Context, s session) (registration.Result, error) {
		result := registration.Result{Operation: "register"}
		ctx, calls := workspace.Record(ctx)
		status, err := s.Status(ctx)
		if result.Before, result.After, result.Calls = status, status, calls.List(); err == nil && status.State != registration.Registered {
			err = missing
		}
		return result, err
	}
}

// completeSetup ends the setup wizard, and looks that it has ended. It returns a note of what was done.
func (s session) completeSetup(ctx context.Context) (note string, err error) {
	done, err := s.isSetUp(ctx)
	if err == nil && done {
		return "the setup wizard had ended before", nil
	}
	if err := s.workspace.Post(ctx, setupSetting, map[string]string{"value": "completed"}, nil); err != nil {
		return "", lackingSettings(err)
	}
	switch done, err = s.isSetUp(ctx); {
	case err != nil:
		return "the workspace says that the setup wizard has ended; that could not be read back", nil //nolint:nilerr // the act succeeded, and the note says what is not known
	case !done:
		return "", errors.New("the workspace says that the setup wizard has ended, and still shows it")
	}
	return "the setup wizard was ended", nil
}

func (s session) isSetUp(ctx context.Context) (bool, error) {
	var reply struct {
		Value any `json:"value"`
	}
	err := s.workspace.Get(ctx, setupSetting, nil, &reply)
	return reply.Value == "completed", err
}

// lackingSettings says in a refusal which permission a setting takes.
func lackingSettings(err error) error {
	failed := (*workspace.Error)(nil)
	if !errors.As(err, &failed) || !errors.Is(failed.Kind, workspace.ErrForbidden) {
		return err
	}
	refused := *failed
	refused.Permission = "edit-privileged-setting"
	return &refused
}

// setupError is a setup wizard that could not be ended after a registration.
type setupError struct{ error }

// Error tells the failure without its advice.
func (e *setupError) Error() string {
	return "the workspace is registered, and its setup wizard could not be ended: " + summary(e.error)
}

func (e *setupError) Unwrap() error { return e.error }

func (e *setupError) advice() string {
	if ways := failure.Remedies(e.error); len(ways) > 0 {
		return advice.InFlags(ways)
	}
	return "run the same command again: a registered workspace is not registered twice"
}
