package rocketcloud

import "net/http"

// noteCaller reads the registration data of a registered workspace and keeps it. It answers the request itself and
// returns nil when the caller is none. The lock must be held.
func (c *Cloud) noteCaller(w http.ResponseWriter, r *http.Request) *Registration {
	workspace := c.caller(w, r)
	if workspace == nil {
		return nil
	}
	var data registrationData
	if !read(w, r, &data) {
		return nil
	}
	workspace.note(data)
	return workspace
}

// syncClient is the legacy sync: up to 6.4, and the fallback of later versions.
func (c *Cloud) syncClient(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	workspace := c.noteCaller(w, r)
	if workspace == nil {
		return
	}
	workspace.Syncs++
	answer(w, http.StatusOK, map[string]any{
		"workspaceId": workspace.ID,
		"publicKey":   c.syncedKey(workspace),
	})
}

// syncedKey is the public key as the legacy sync tells it: the one of the grant, unless the names say otherwise.
// The lock must be held.
func (c *Cloud) syncedKey(workspace *Registration) string {
	for i, known := range c.workspaces {
		if known == workspace {
			if key := c.names(NameSyncedKey, i+1); key != "" {
				return key
			}
		}
	}
	return workspace.publicKey
}

// sync is the sync of 6.5 and later.
func (c *Cloud) sync(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	workspace := c.noteCaller(w, r)
	if workspace == nil {
		return
	}
	workspace.Syncs++
	answer(w, http.StatusOK, map[string]any{
		"workspaceId": workspace.ID,
		"publicKey":   workspace.publicKey,
		"license":     c.licenseFor(workspace),
	})
}

// licenseOf hands out the license of a workspace.
func (c *Cloud) licenseOf(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if workspace := c.caller(w, r); workspace != nil {
		answer(w, http.StatusOK, c.licenseData(workspace))
	}
}

// downgrade takes the license away from a workspace.
func (c *Cloud) downgrade(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if workspace := c.caller(w, r); workspace != nil {
		answer(w, http.StatusOK, map[string]any{})
	}
}

// comms has announcements for a workspace of 6.5 and later: none, here.
func (c *Cloud) comms(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	workspace := c.noteCaller(w, r)
	if workspace == nil {
		return
	}
	answer(w, http.StatusOK, map[string]any{
		"workspaceId":   workspace.ID,
		"publicKey":     workspace.publicKey,
		"announcements": map[string]any{"create": []any{}, "delete": []any{}},
	})
}

// checkout makes a link to buy a license. A real Cloud has it on another host.
func (c *Cloud) checkout(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if workspace := c.caller(w, r); workspace != nil {
		answer(w, http.StatusOK, map[string]string{"url": c.baseURL + "/billing/checkout/" + workspace.ID})
	}
}
