package cli

import (
	"github.com/spf13/pflag"
)

// transportFlags say how a workspace is registered.
type transportFlags struct {
	tokenFile string
	email     string
	airGap    bool
	// replaceLicense is the consent to a worse license than the one in force.
	replaceLicense bool
}

func (f *transportFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.tokenFile, "token-file", "", "`FILE` with the registration token, on the workers; {name} in it stands for the workspace")
	flags.StringVar(&f.email, "email", "", "register by e-mail: a message to this `ADDRESS`")
	flags.BoolVar(&f.airGap, "air-gap", false, "register over the exchange folder of the worker, which is carried")
	flags.BoolVar(&f.replaceLicense, "replace-license", false, "over a relay or an air gap: let a worse license replace the one in force")
}

// check refuses what cannot be meant together.
func (f *transportFlags) check() error {
	asked := 0
	for _, given := range []bool{f.tokenFile != "", f.email != "", f.airGap} {
		if given {
			asked++
		}
	}
	if asked > 1 {
		return usage("--token-file, --email and --air-gap are three ways to register", "pass one of them; none takes a token from the pool of the worker")
	}
	return nil
}
