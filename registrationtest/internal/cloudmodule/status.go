package cloudmodule

// registration is what the server believes about itself, from its settings cache.
type registration struct {
	wish       any // Register_Server, up to 6.4: whatever was stored there
	registered bool
	id         any // the workspace id: null after a drop up to 6.0
	email      any // undefined up to 6.0 when no user has one
}

// registration reads the status. It fails up to 4.8 when the oldest user has an empty list of addresses.
func (m *Module) registration() (registration, error) {
	r := registration{
		wish:       m.settings.Get("Register_Server"),
		registered: truthy(m.settings.Get("Cloud_Workspace_Client_Id")),
		id:         m.settings.Get("Cloud_Workspace_Id"),
	}
	if m.rel.Since("5.4") {
		r.registered = r.registered && truthy(m.settings.Get("Cloud_Workspace_Client_Secret"))
	}
	email, err := m.ownerEmail("5.4")
	if err != nil {
		return registration{}, err
	}
	r.email = email
	if organization := m.settings.Get("Organization_Email"); truthy(organization) {
		r.email = organization
	}
	if _, absent := r.email.(undefined); absent && m.rel.Since("6.4") {
		r.email = ""
	}
	return r, nil
}

// ownerEmail is the first address of the oldest user. Before the given release, an empty list of addresses is a
// TypeError.
func (m *Module) ownerEmail(careful string) (any, error) {
	emails := m.owner().Emails
	switch {
	case len(emails) > 0:
		return emails[0], nil
	case emails != nil && m.rel.Before(careful):
		_, err := m.readProperty(undefined{}, "address")
		return nil, err
	}
	return undefined{}, nil
}

// connected reports whether the workspace may talk to the Cloud: up to 6.4 it must also wish to.
func (m *Module) connected(r registration) bool {
	return r.registered && (!m.hasWish() || truthy(r.wish))
}

// hasWish reports whether Register_Server decides about the connection. From 6.5 it is stored and changes nothing.
func (m *Module) hasWish() bool { return m.rel.Before("6.5") }

// fields is the status as callers see it.
func (m *Module) statusFields(r registration) map[string]any {
	fields := map[string]any{
		"workspaceRegistered": r.registered,
		"workspaceId":         r.id,
		"uniqueId":            m.settings.Get("uniqueID"),
		"token":               "",
	}
	if _, absent := r.email.(undefined); !absent {
		fields["email"] = r.email
	}
	if m.hasWish() {
		fields["connectToCloud"] = r.wish
	}
	return fields
}

// Status answers cloud:checkRegisterStatus and cloud.registrationStatus. It fails up to 4.8 when the oldest user has an
// empty list of e-mail addresses.
func (m *Module) Status() (map[string]any, error) {
	r, err := m.registration()
	if err != nil {
		return nil, err
	}
	return m.statusFields(r), nil
}
