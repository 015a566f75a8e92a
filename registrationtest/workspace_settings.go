package registrationtest

import (
	"slices"

	"github.com/rcreg/registration/registrationtest/internal/release"
)

// Settings returns a copy of the workspace's settings that have to do with the Cloud, by id, as its database has them.
func (w *Workspace) Settings() map[string]any { return w.running().settings.Snapshot() }

// Setting returns one setting as the database has it, or nil when it is null or the version does not have it.
func (w *Workspace) Setting(name string) any { return w.running().settings.Stored(name) }

// Set writes a setting that the version has, past every check. The server sees it after the lag of [WithSettingsLag].
func (w *Workspace) Set(name string, value any) { w.running().settings.Set(name, value) }

// SetOwnerEmails replaces the addresses of the oldest user: see [WithOwnerEmails].
func (w *Workspace) SetOwnerEmails(emails ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.emails = emailList(emails)
}

func (w *Workspace) ownerEmails() []string {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return slices.Clone(w.emails)
}

// otherSettings are those that the registration does not touch, and that are read and written over REST all the same.
func otherSettings(rel release.Release) map[string]any {
	all := map[string]any{}
	if rel.Since("3.1") {
		all["Enterprise_License"] = ""
		all["Enterprise_License_Status"] = ""
	}
	return all
}
