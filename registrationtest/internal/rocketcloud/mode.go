package rocketcloud

import "github.com/rcreg/registration/registrationtest/faults"

// Mode is the state of the Cloud as a whole.
type Mode string

// The modes. A fault for a call goes before the mode.
const (
	Up       Mode = "up"
	Down     Mode = "down"     // every connection is dropped
	Slow     Mode = "slow"     // every answer takes 10 s
	Nonsense Mode = "nonsense" // every answer is a web page with status 200
)

// SetMode makes the Cloud as a whole fail, or work again.
func (c *Cloud) SetMode(mode Mode) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.mode = mode
}

// Mode returns the state of the Cloud as a whole.
func (c *Cloud) Mode() Mode {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.mode
}

// modeFault is what the mode does to a call.
func (c *Cloud) modeFault() (faults.Fault, bool) {
	kind, fails := map[Mode]faults.Kind{Down: faults.Reset, Slow: faults.Slow, Nonsense: faults.Page}[c.Mode()]
	return faults.Fault{Kind: kind}, fails
}
