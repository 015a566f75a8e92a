package registrationtest

import (
	"time"

	"github.com/rcreg/registration/registrationtest/internal/rocketcloud"
)

// ErrNotFound is the error for a device code or a workspace that the Cloud does not know.
var ErrNotFound = rocketcloud.ErrNotFound

// Registration is a workspace as the Cloud knows it.
type Registration struct {
	ID       string
	ClientID string
	Name     string
	Email    string
	Address  string // as the workspace told it; empty until the first sync
	UniqueID string // likewise
	Version  string // likewise
	Created  time.Time
	Syncs    int  // how often it synced
	Removed  bool // in the Cloud console; its credentials are refused since
}

// Workspaces returns the workspaces that were ever registered, the oldest first, removed ones included.
func (c *Cloud) Workspaces() []Registration {
	known := c.cloud.Workspaces()
	list := make([]Registration, len(known))
	for i, w := range known {
		list[i] = Registration{w.ID, w.ClientID, w.Name, w.Email, w.Address, w.UniqueID, w.Version, w.Created, w.Syncs, w.Removed}
	}
	return list
}

// Remove drops a workspace as its owner can in the Cloud console: its credentials are refused from now on, which the
// workspace notices at its next sync, if at all. It fails with [ErrNotFound] for an unknown id.
func (c *Cloud) Remove(workspaceID string) error { return c.cloud.Remove(workspaceID) }

// RegisterOffline registers a workspace by hand, as its owner can in the Cloud console: it takes the text that
// cloud:getWorkspaceRegisterData or GET cloud.workspaceRegisterData gave, and returns the code for cloud.manualRegister.
func (c *Cloud) RegisterOffline(registerData string) (cloudBlob string, err error) {
	return c.cloud.RegisterOffline(registerData)
}

// DeviceState is the answer of a person to a device code.
type DeviceState string

// The states of a device code.
const (
	DevicePending   DeviceState = "pending"   // the e-mail was sent, and not answered
	DeviceConfirmed DeviceState = "confirmed" // the next poll registers the workspace
	DeviceDenied    DeviceState = "denied"    // polls say that it was not successful
	DeviceExpired   DeviceState = "expired"   // polls are refused; by itself after 15 minutes on the Cloud's clock
)

// Device is a registration by e-mail that waits for its confirmation.
type Device struct {
	Code     string      // what the workspace polls with
	UserCode string      // what the e-mail shows
	Email    string      // where it was sent
	Resent   bool        // whether the workspace asked to have it sent again
	State    DeviceState // as of now
	Expires  time.Time
	Polls    int // how often the workspace asked
}

// Devices returns the device codes that were handed out, the oldest first.
func (c *Cloud) Devices() []Device {
	known := c.cloud.Devices()
	list := make([]Device, len(known))
	for i, d := range known {
		list[i] = Device{d.Code, d.UserCode, d.Email, d.Resent, DeviceState(d.State), d.Expires, d.Polls}
	}
	return list
}

// ConfirmDevice does what the link in the e-mail does: the next poll registers the workspace. It fails with
// [ErrNotFound] for a code that is unknown or has expired.
func (c *Cloud) ConfirmDevice(code string) error {
	return c.cloud.SetDevice(code, rocketcloud.DeviceConfirmed)
}

// DenyDevice makes polls with the code say that the registration was not successful. It fails with [ErrNotFound] for a
// code that is unknown or has expired.
func (c *Cloud) DenyDevice(code string) error {
	return c.cloud.SetDevice(code, rocketcloud.DeviceDenied)
}

// ExpireDevice lets the code expire now. It fails with [ErrNotFound] for an unknown code.
func (c *Cloud) ExpireDevice(code string) error {
	return c.cloud.SetDevice(code, rocketcloud.DeviceExpired)
}
