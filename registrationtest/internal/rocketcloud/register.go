package rocketcloud

import "net/http"

// registerWorkspace takes a one-way notice: it gives an id, but no credentials.
func (c *Cloud) registerWorkspace(w http.ResponseWriter, r *http.Request) {
	var data registrationData
	if !read(w, r, &data) {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	answer(w, http.StatusOK, map[string]string{"id": c.name(NameNotice)})
}

// createIntent starts a registration by e-mail.
func (c *Cloud) createIntent(w http.ResponseWriter, r *http.Request) {
	var data registrationData
	if !read(w, r, &data) {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	device := &Device{
		Code:      c.name(NameDevice),
		UserCode:  c.name(NameUser),
		Email:     data.ContactEmail,
		Resent:    r.URL.Query().Get("resent") == "true",
		State:     DevicePending,
		applicant: data.applicant(),
	}
	c.putDevice(device)
	answer(w, http.StatusOK, map[string]any{
		"device_code":      device.Code,
		"user_code":        device.UserCode,
		"verification_url": c.baseURL + "/verify",
		"interval":         int(deviceInterval.Seconds()),
		"expires_in":       int(deviceLifetime.Seconds()),
	})
}

// preIntent only proves that the Cloud can be reached.
func (c *Cloud) preIntent(w http.ResponseWriter, r *http.Request) {
	var data registrationData
	if !read(w, r, &data) {
		return
	}
	answer(w, http.StatusOK, map[string]any{})
}

// poll tells a workspace whether its e-mail was confirmed. Asked again after a success, it repeats the same grant: a
// workspace may have lost the first answer.
func (c *Cloud) poll(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	device := c.device(r.URL.Query().Get("token"))
	if device == nil {
		refuse(w, http.StatusBadRequest, "invalid_device_code")
		return
	}
	device.Polls++
	switch device.State {
	case DeviceExpired:
		refuse(w, http.StatusBadRequest, "expired_token")
	case DeviceDenied:
		answer(w, http.StatusOK, map[string]any{"successful": false})
	case DeviceConfirmed:
		if device.grant == nil {
			device.grant = c.enrol(device.applicant)
		}
		answer(w, http.StatusOK, map[string]any{"successful": true, "payload": device.grant})
	default:
		answer(w, http.StatusOK, map[string]any{"status": "authorization_pending"})
	}
}
