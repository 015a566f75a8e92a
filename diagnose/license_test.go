package diagnose_test

import (
	"strings"
	"testing"
	"time"

	"github.com/rcreg/registration/diagnose"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/registrationtest/faults"
	"github.com/rcreg/registration/workspace"
)

// TestOfflineLicense: where the license in force forbids the workspace to ask the Cloud, it is not asked to, and the way to register is another transport.
func TestOfflineLicense(t *testing.T) {
	t.Parallel()
	p := start(t, "8.8.0", registrationtest.WithLicense(registrationtest.LicenseSpec{Offline: true}))
	for name, tc := range map[string]struct {
		options []diagnose.Option
		reaches diagnose.Severity
		ways    int
	}{"without consent": {nil, skipped, 2}, "with consent": {[]diagnose.Option{p.askCloud()}, warning, 1}} {
		p.ClearHistory()
		d := p.run(t, tc.options...)
		checkFindings(t, d, severities{diagnose.CheckLicense: info, diagnose.CheckWorkspaceCloud: tc.reaches})
		status, _ := d.Finding(diagnose.CheckStatus)
		if len(status.Remedies) != tc.ways || status.Remedies[0] != (failure.Remedy{Act: failure.RegisterOver, With: "relay"}) {
			t.Errorf("%s: the ways to register are %v", name, status.Remedies)
		}
		for _, exchange := range p.History() {
			if strings.HasSuffix(exchange.Path, "registerPreIntent") {
				t.Errorf("%s: the workspace was asked", name)
			}
		}
	}
}

func TestLicenseInForce(t *testing.T) {
	t.Parallel()
	soon := clienttest.Began().AddDate(0, 0, 20)
	lasting := registrationtest.LicenseSpec{Modules: []string{"auditing"}}
	for name, tc := range map[string]struct {
		version  string
		license  *registrationtest.LicenseSpec
		manager  bool
		fault    faults.Kind
		severity diagnose.Severity
		says     string
		act      failure.Act
	}{
		"no calls":                   {version: "3.1.0", severity: skipped, says: "from 3.10"},
		"none":                       {version: "3.18.0", severity: info, says: "no valid license is in force"},
		"none, of today":             {version: "9.0.0", severity: info, says: "no valid license is in force"},
		"for another address":        {version: "9.0.0", license: &registrationtest.LicenseSpec{Address: "elsewhere.example.com"}, severity: info, says: "no valid license is in force"},
		"valid, second format":       {version: "5.4.0", license: &lasting, severity: ok, says: "modules auditing"},
		"valid":                      {version: "7.7.1", license: &lasting, severity: ok, says: "until 2099-01-01"},
		"ends soon":                  {version: "8.6.1", license: &registrationtest.LicenseSpec{ValidUntil: soon, Ends: true}, severity: warning, says: soon.Format(time.DateOnly) + "), which is soon", act: failure.RenewLicense},
		"offline, ends soon":         {version: "8.8.0", license: &registrationtest.LicenseSpec{Offline: true, ValidUntil: soon, Ends: true}, severity: warning, says: "which is soon. It is an offline license", act: failure.RenewLicense},
		"offline, before 8.7":        {version: "8.6.1", license: &registrationtest.LicenseSpec{Offline: true}, severity: ok, says: "obey from 8.7"},
		"offline":                    {version: "8.8.0", license: &registrationtest.LicenseSpec{Offline: true}, severity: info, says: "asks the Cloud nothing", act: failure.OtherLicense},
		"nothing for this user":      {version: "7.7.1", manager: true, severity: info, says: "not shown to this user", act: failure.AskPermission},
		"refused to this user":       {version: "5.4.0", manager: true, severity: info, says: "not shown to this user", act: failure.AskPermission},
		"valid, no more":             {version: "8.6.1", license: &lasting, manager: true, severity: ok, says: "modules auditing"},
		"none, seen by every user":   {version: "9.0.0", manager: true, severity: info, says: "no valid license is in force"},
		"unreadable":                 {version: "9.0.0", fault: faults.Garbled, severity: info, says: "the license cannot be read"},
		"a page stands in its place": {version: "9.0.0", fault: faults.Page, severity: info, says: "the license cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var options []registrationtest.Option
			if tc.license != nil {
				options = append(options, registrationtest.WithLicense(*tc.license))
			}
			p := start(t, tc.version, options...)
			client := p.client
			if tc.manager {
				client = p.as(t, workspace.Token(p.Manager().UserID, p.Manager().AuthToken))
			}
			if tc.fault != "" {
				p.SetFault(faults.Fault{Call: "licenses.info", Kind: tc.fault})
				p.SetFault(faults.Fault{Call: "licenses.get", Kind: tc.fault})
			}
			found, _ := diagnose.Run(t.Context(), client).Finding(diagnose.CheckLicense)
			if found.Severity != tc.severity || !strings.Contains(found.Evidence, tc.says) {
				t.Errorf("got %s: %s, want %s: %s", found.Severity, found.Evidence, tc.severity, tc.says)
			}
			if tc.act != "" && (len(found.Remedies) == 0 || found.Remedies[0].Act != tc.act || found.Advice() == "") {
				t.Errorf("the ways out are %v, want %s", found.Remedies, tc.act)
			}
		})
	}
}
