package command

import (
	"fmt"
	"time"

	"github.com/spf13/pflag"

	"github.com/rcreg/registration"
)

// SettingsLag is the flag --settings-lag.
type SettingsLag struct{ text string }

// Add adds the flag.
func (f *SettingsLag) Add(flags *pflag.FlagSet) {
	flags.StringVar(&f.text, "settings-lag", "", "a settings cache trails by this `TIME` at most (RCREG_SETTINGS_LAG; default 10s)")
}

// Options are what the flag, or its variable, says; none where neither is given. Errors: *UsageError.
func (f *SettingsLag) Options(getenv func(name string) string) ([]registration.Option, error) {
	text := f.text
	if text == "" {
		text = getenv("RCREG_SETTINGS_LAG")
	}
	if text == "" {
		return nil, nil
	}
	lag, err := time.ParseDuration(text)
	if err != nil || lag < 0 {
		return nil, &UsageError{fmt.Sprintf("%.40q is no time by which a settings cache trails", text), "pass a duration such as --settings-lag 2s, or leave it out; RCREG_SETTINGS_LAG likewise"}
	}
	return []registration.Option{registration.WithSettingsLag(lag)}, nil
}
