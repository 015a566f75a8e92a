package advice

import (
	"strings"

	"github.com/rcreg/registration/failure"
)

// Step is one way out at a command line: a command to type with a word on it, or where there is none a sentence.
type Step struct{ Command, Text string }

// Steps are the ways out at a command line, the likeliest first; a way may be several commands to choose from.
func Steps(remedies []failure.Remedy) []Step {
	var steps []Step
	for _, r := range remedies {
		if found := commandsOf(r); len(found) > 0 {
			steps = append(steps, found...)
			continue
		}
		if text := InFlags([]failure.Remedy{r}); text != "" {
			steps = append(steps, Step{Text: text})
		}
	}
	return steps
}

// commandsOf are the commands that do an act; none for one that takes more than a command.
func commandsOf(r failure.Remedy) []Step {
	const fromConsole = "with a token from the Cloud console"
	switch r.Act {
	case failure.Register:
		return []Step{{"rcreg register --token-file FILE", fromConsole}, {"rcreg register --email ADDRESS", "confirmed by a message"}}
	case failure.RegisterWithToken:
		return []Step{{"rcreg register --token-file FILE", fromConsole}}
	case failure.RegisterOver:
		if strings.HasPrefix(Via(r.With), "--via offline") {
			return []Step{{"rcreg register " + Via(r.With), "writes a request, for a courier to carry"}}
		}
		return []Step{{"rcreg register " + Via(r.With) + " --token-file FILE", fromConsole}}
	case failure.Reconnect:
		command := "rcreg reconnect"
		if r.With != "" {
			command += " --via " + r.With // it takes no folder: the workspace reconnects by itself
		}
		return []Step{{command, "needs no token"}}
	case failure.Sync:
		return []Step{{"rcreg sync", ""}}
	case failure.SayWhatItIs:
		return []Step{{"rcreg deployment confirm new-workspace", "it is a copy"}, {"rcreg deployment confirm updated-configuration", "it was moved"}}
	case failure.EndSetup:
		return []Step{{"rcreg register --complete-setup", "on a registered workspace it needs no token"}, {"", "end it as an administrator in a browser"}}
	case failure.KeepWritable:
		return []Step{{"rcreg license apply --file FILE", "a license that is valid on this workspace"}, {"", "let the workspace reach https://collector.rocket.chat"}}
	case failure.AllowCloud:
		return []Step{{"rcreg doctor --with-cloud", "asks the Cloud"}}
	case failure.AllowSync:
		return []Step{{"rcreg doctor --with-sync", "only a sync asks the Cloud whether it knows the workspace"}}
	}
	return nil
}
