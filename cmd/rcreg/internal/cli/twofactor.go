package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/rcreg/registration/workspace"
)

// secondFactor answers a workspace that asks for a second factor: from RCREG_2FA_CODE, or by asking on the terminal.
func (a *app) secondFactor(ctx context.Context, challenge workspace.Challenge) (string, error) {
	source, text := "RCREG_2FA_CODE", a.system.Getenv("RCREG_2FA_CODE")
	if challenge.Method == "password" {
		// What is asked for then is no code, but the user's password once more.
		source, text = "RCREG_PASSWORD", a.system.Getenv("RCREG_PASSWORD")
	}
	if text != "" {
		return secretText(source, text)
	}
	if a.system.Ask == nil {
		return "", errors.New("no terminal to ask at: set " + source)
	}
	return a.system.Ask(ctx, factorQuestion(challenge), false)
}

func factorQuestion(challenge workspace.Challenge) string {
	what := "the code of your authenticator app"
	switch {
	case challenge.Method == "password":
		what = "your password once more"
	case challenge.Method == "email" && challenge.CodeSent:
		what = "the code that it has just sent you by e-mail"
	case challenge.Method == "email":
		what = "the code that it sent you by e-mail"
	}
	return fmt.Sprintf("The workspace wants %s (%s): ", what, challenge.Operation)
}
