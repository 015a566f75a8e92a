package registrationtest

import (
	"cmp"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"maps"

	"github.com/rcreg/registration/registrationtest/internal/cloudmodule"
	"github.com/rcreg/registration/registrationtest/internal/info"
	"github.com/rcreg/registration/registrationtest/internal/licenses"
	"github.com/rcreg/registration/registrationtest/internal/release"
	"github.com/rcreg/registration/registrationtest/internal/server"
	"github.com/rcreg/registration/registrationtest/internal/settings"
	"github.com/rcreg/registration/registrationtest/internal/settingsapi"
)

// running is a workspace between two restarts.
type running struct {
	release  release.Release
	server   *server.Server
	settings *settings.Store
	module   *cloudmodule.Module
	built    cloudmodule.Support // the list of supported versions that the server was built with
}

// close ends the work of the server; its handlers return.
func (r *running) close() {
	r.module.Close()
	r.server.Close()
}

// takeUpLicense puts the license in force that the settings of an older server hold.
func (r *running) takeUpLicense(kept map[string]any) {
	for _, id := range []string{"Cloud_Workspace_License", "Enterprise_License"} {
		if text, ok := kept[id].(string); ok {
			_ = r.module.ApplyLicense(text) // one that does not verify stays out of force
		}
	}
}

// newRunning puts a server of a release together.
func (w *Workspace) newRunning(rel release.Release, kept map[string]any) (*running, error) {
	built, err := w.builtSupport(rel)
	if err != nil {
		return nil, err
	}
	run := &running{release: rel, built: built}
	initial, err := w.initialSettings(rel, kept)
	if err != nil {
		return nil, err
	}
	run.settings = settings.New(w.options.clock, w.options.settingsLag, initial)
	run.server = server.New(server.Config{
		Release:  rel,
		Clock:    w.options.clock,
		Accounts: w.accounts,
		Path:     w.options.path,
	})
	run.module, err = cloudmodule.New(cloudmodule.Config{
		Release:       rel,
		Settings:      run.settings,
		Clock:         w.options.clock,
		Transport:     w.transport,
		VerifyLicense: w.cloud.cloud.VerifyLicense,
		ReadLicense: func(text string) cloudmodule.LicenseFacts {
			license := licenses.Parse(text)
			return cloudmodule.LicenseFacts{
				Void: !license.Counts(run.settings.String("Site_Url"), w.options.clock.Now()), Offline: license.Offline(),
			}
		},
		Owner:        func() cloudmodule.Owner { return cloudmodule.Owner{Name: "ADMIN", Emails: w.ownerEmails()} },
		Seats:        len(w.people.all()),
		BuildSupport: built,
		DeploymentID: w.options.deploymentID,
	})
	if err != nil {
		return nil, err
	}
	run.module.Register(run.server)
	w.addOthers(run)
	return run, nil
}

// addOthers adds what the server does beside the Cloud.
func (w *Workspace) addOthers(run *running) {
	manager := licenses.New(licenses.Config{
		Release:     run.release,
		Settings:    run.settings,
		Clock:       w.options.clock,
		Verify:      w.cloud.cloud.VerifyLicense,
		Current:     run.module.License,
		Apply:       run.module.ApplyLicense,
		ActiveUsers: len(w.people.all()),
	})
	manager.Register(run.server)
	settingsapi.New(settingsapi.Config{
		Release:  run.release,
		Settings: run.settings,
		Computed: map[string]func() any{"Enterprise_License_Status": manager.Status},
	}).Register(run.server)
	info.Register(run.server, info.Config{
		Release:           run.release,
		SupportedVersions: run.module.SupportedVersions,
		WorkspaceID:       func() any { return run.settings.Get("Cloud_Workspace_Id") },
		SiteURL:           func() string { return run.settings.String("Site_Url") },
	})
}

// initialSettings are those of a fresh workspace, under those that are kept from an older one.
func (w *Workspace) initialSettings(rel release.Release, kept map[string]any) (map[string]any, error) {
	var list string
	if rel.Since(knowsSupport) {
		var err error
		if list, err = w.cloud.SignedSupport(); err != nil {
			return nil, fmt.Errorf("the list of supported versions: %w", err)
		}
	}
	all := settings.Initial(rel, settings.Fresh{
		CloudURL:          w.cloud.URL(),
		BillingURL:        w.cloud.URL() + "/billing",
		SiteURL:           w.URL(),
		UniqueID:          cmp.Or(w.options.deploymentID, uniqueID(rel)),
		SupportedVersions: list,
		FingerprintHash:   fingerprint(),
		Now:               w.options.clock.Now(),
	})
	for id, value := range otherSettings(rel) {
		if _, known := all[id]; !known {
			all[id] = value
		}
	}
	if days := w.options.readOnlyIn; days != nil && rel.Has(release.AirGapCountdown) {
		all[settings.AirGapDays] = float64(*days)
	}
	maps.Copy(all, kept)
	return all, nil
}

// knowsSupport is the first release that has a list of supported versions.
const knowsSupport = "6.5"

// builtSupport is the Cloud's list as it was a month ago, when the server was built.
func (w *Workspace) builtSupport(rel release.Release) (cloudmodule.Support, error) {
	if rel.Before(knowsSupport) {
		return cloudmodule.Support{}, nil
	}
	list := w.cloud.cloud.Support()
	list.Timestamp = list.Timestamp.AddDate(0, -1, 0)
	signed, err := w.cloud.cloud.SignSupport(list)
	if err != nil {
		return cloudmodule.Support{}, fmt.Errorf("the list of supported versions: %w", err)
	}
	return cloudmodule.Support{Signed: signed, Timestamp: list.Timestamp}, nil
}

// uniqueID names the deployment: 17 characters up to 6.4, then a UUID.
func uniqueID(rel release.Release) string {
	if rel.Before("6.5") {
		return randomID()
	}
	var raw [16]byte
	rand.Read(raw[:]) // never fails: crypto/rand ends the program instead
	raw[6] = raw[6]&0x0f | 0x40
	raw[8] = raw[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", raw[:4], raw[4:6], raw[6:8], raw[8:10], raw[10:])
}

// fingerprint is the SHA-256 of where the deployment runs, in base64.
func fingerprint() string {
	var raw [32]byte
	rand.Read(raw[:]) // never fails: crypto/rand ends the program instead
	return base64.StdEncoding.EncodeToString(raw[:])
}
