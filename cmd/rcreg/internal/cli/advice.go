package cli

import (
	"iter"
	"slices"
	"strings"
	"unicode"

	"github.com/rcreg/registration/fleet"
)

// translation says in terms of commands and flags what an advice of the library says in terms of its options.
type translation struct{ of, advice string }

func translations() []translation {
	return []translation{
		{"disconnect with ForgetIdentity", "remove the workspace in the Cloud console, then run rcreg sync: it forgets its registration. " +
			"Or run rcreg disconnect --forget-identity, which also gives it a new unique id"},
		{"a relay with LicensesWith", "only the grant of its registration fetches a workspace's license: register over the relay with --keep-grants, " +
			"or sync with the --state folder of then; or apply a license that Rocket.Chat sent, with rcreg license apply"},
		{"start the registration again by e-mail", "start again with rcreg register --email ADDRESS, which sends a new message"},
		{"start the registration again with an address", "the Cloud gives no reason, and may refuse addresses of free-mail providers: start again with " +
			"rcreg register --email ADDRESS and an address of the organization, or with rcreg register --token-file FILE"},
		{"an option of cloud.New", "ask the Cloud that gave it, with --cloud-url; what it gave is kept"},
	}
}

// adviceOver is what to do about a failure of this kind, of which the library says what to do in its own terms.
func (k failureKind) adviceOver(library string) string {
	for _, t := range translations() {
		if strings.Contains(library, t.of) {
			return t.advice
		}
	}
	if library == "" || k.ours || namesCode(library) {
		return k.advice
	}
	return library
}

// namesCode reports whether a text names something of the library that only a program can use: an option such as WithTokens, or a function of a package.
func namesCode(text string) bool {
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return r != '.' && !unicode.IsLetter(r) }) {
		of, name, qualified := strings.Cut(word, ".")
		if qualified && slices.Contains([]string{"cloud", "fleet", "offline", "registration", "workspace"}, of) && name != "" && unicode.IsUpper(rune(name[0])) {
			return true
		}
		option, found := strings.CutPrefix(word, "With")
		if found && option != "" && unicode.IsUpper(rune(option[0])) || word == "GrantsIn" || word == "LicensesWith" || word == "ForgetIdentity" {
			return true
		}
	}
	return false
}

// inFlags gives the outcomes of a fleet the advice that the other commands give.
func inFlags(outcomes iter.Seq[fleet.Outcome]) iter.Seq[fleet.Outcome] {
	return func(yield func(fleet.Outcome) bool) {
		for o := range outcomes {
			if o.Err != nil {
				o.Advice = fleetAdvice(o)
			}
			if !yield(o) {
				return
			}
		}
	}
}

func fleetAdvice(o fleet.Outcome) string {
	kind := kindOf(o.Err)
	if kind.name == "two_factor_required" {
		return "use a personal access token that needs no second factor: nobody is there to give a code"
	}
	return kind.adviceOver(o.Advice)
}
