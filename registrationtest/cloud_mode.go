package registrationtest

import "github.com/rcreg/registration/registrationtest/internal/rocketcloud"

// Mode is the state of the Cloud as a whole.
type Mode = rocketcloud.Mode

// The states of the Cloud as a whole. A fault for a call goes first.
const (
	CloudUp       = rocketcloud.Up
	CloudDown     = rocketcloud.Down     // every connection is dropped
	CloudSlow     = rocketcloud.Slow     // every answer takes 10 s on the Cloud's clock
	CloudNonsense = rocketcloud.Nonsense // every answer is a web page
)

// SetMode makes the Cloud as a whole fail, or work again.
func (c *Cloud) SetMode(mode Mode) { c.cloud.SetMode(mode) }

// Mode returns the state of the Cloud as a whole.
func (c *Cloud) Mode() Mode { return c.cloud.Mode() }
