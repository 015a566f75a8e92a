package cli

import (
	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/screen"
)

type style = screen.Style

// paintState colours a registration state by how it is.
func paintState(s style, state registration.State) string {
	if state == registration.Registered {
		return s.Good(string(state))
	}
	return s.Warn(string(state))
}
