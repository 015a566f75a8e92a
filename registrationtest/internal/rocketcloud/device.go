package rocketcloud

import (
	"fmt"
	"time"
)

// DeviceState is what a person did about a device code.
type DeviceState string

// The states of a device code.
const (
	DevicePending   DeviceState = "pending"   // the e-mail was sent and is not answered
	DeviceConfirmed DeviceState = "confirmed" // the next poll registers the workspace
	DeviceDenied    DeviceState = "denied"    // polls say that it was not successful
	DeviceExpired   DeviceState = "expired"   // polls are refused
)

// How long a device code lives and how often it may be polled.
const (
	deviceLifetime = 15 * time.Minute
	deviceInterval = 5 * time.Second
)

// Device is a registration that waits for the confirmation of an e-mail.
type Device struct {
	Code     string      // what the workspace polls with
	UserCode string      // what the e-mail shows
	Email    string      // where it was sent
	Resent   bool        // whether the workspace asked to have it sent again
	State    DeviceState // as of now
	Expires  time.Time
	Polls    int // how often the workspace asked

	applicant applicant
	grant     *grant // once polled after the confirmation
}

// Devices returns the device codes that were handed out, the oldest first.
func (c *Cloud) Devices() []Device {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := make([]Device, 0, len(c.devices))
	for _, device := range c.devices {
		c.age(device)
		list = append(list, *device)
	}
	return list
}

// SetDevice tells what a person did about a device code. It fails with ErrNotFound for an unknown code, and for an
// expired one unless it is to expire.
func (c *Cloud) SetDevice(code string, state DeviceState) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	device := c.device(code)
	if device == nil {
		return fmt.Errorf("device code: %w", ErrNotFound)
	}
	if device.State == DeviceExpired && state != DeviceExpired {
		return fmt.Errorf("device code has expired: %w", ErrNotFound)
	}
	device.State = state
	return nil
}

// AddDevice adds or replaces a device code that no workspace asked for, for one of the given name and address.
func (c *Cloud) AddDevice(code, name, address string, state DeviceState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.putDevice(&Device{Code: code, State: state, applicant: registrationData{SiteName: name, Address: address}.applicant()})
}

// putDevice adds a device code. The lock must be held.
func (c *Cloud) putDevice(device *Device) {
	device.Expires = c.clock.Now().Add(deviceLifetime)
	for i, old := range c.devices {
		if old.Code == device.Code {
			c.devices[i] = device
			return
		}
	}
	c.devices = append(c.devices, device)
}

// device finds a device code, or returns nil. The lock must be held.
func (c *Cloud) device(code string) *Device {
	for _, device := range c.devices {
		if device.Code == code {
			c.age(device)
			return device
		}
	}
	return nil
}

// age lets a device code expire. One that was used already stays as it is. The lock must be held.
func (c *Cloud) age(device *Device) {
	if device.grant == nil && !c.clock.Now().Before(device.Expires) {
		device.State = DeviceExpired
	}
}
