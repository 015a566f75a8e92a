package registrationtest

import "github.com/rcreg/registration/registrationtest/internal/rocketcloud"

// Device is a registration by e-mail that waits for its confirmation.
type Device = rocketcloud.Device

// DeviceState is what a person did about a device code.
type DeviceState = rocketcloud.DeviceState

// The states of a device code.
const (
	DevicePending   = rocketcloud.DevicePending   // the e-mail was sent, nobody has answered
	DeviceConfirmed = rocketcloud.DeviceConfirmed // the next poll registers the workspace
	DeviceDenied    = rocketcloud.DeviceDenied    // polls say that it was not successful
	DeviceExpired   = rocketcloud.DeviceExpired   // polls are refused; by itself after 15 minutes on the Cloud's clock
)

// ErrNotFound is the error for a device code or a workspace that the Cloud does not know.
var ErrNotFound = rocketcloud.ErrNotFound

// Devices returns the device codes that were handed out, the oldest first.
func (c *Cloud) Devices() []Device { return c.cloud.Devices() }

// ConfirmDevice does what the link in the e-mail does: the next poll registers the workspace. It fails with
// [ErrNotFound] for a code that is unknown or has expired.
func (c *Cloud) ConfirmDevice(code string) error { return c.cloud.SetDevice(code, DeviceConfirmed) }

// DenyDevice makes polls with the code say that the registration was not successful. It fails with [ErrNotFound] for a
// code that is unknown or has expired.
func (c *Cloud) DenyDevice(code string) error { return c.cloud.SetDevice(code, DeviceDenied) }

// ExpireDevice lets the code expire now. It fails with [ErrNotFound] for an unknown code.
func (c *Cloud) ExpireDevice(code string) error { return c.cloud.SetDevice(code, DeviceExpired) }
