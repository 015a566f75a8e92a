package registrationtest

import (
	"strings"

	"github.com/rcreg/registration/registrationtest/faults"
)

// setup is what a recording was made with, beside what its exchanges show. Transcripts name it only in words.
type setup struct {
	scenario string // a prefix ending in "*", or the whole name
	step     string // from this step on (a prefix); "" from the start
	reason   string
	apply    func(*play)
}

// setups is the whole table, in the order of application.
func setups() []setup {
	return []setup{
		{"organization-email", "", "the status prefers the organization's e-mail", func(p *play) {
			p.workspace.Set("Organization_Email", "org@mail.test")
		}},
		{"oldest-user-without-email", "", "the status falls back to the oldest user", func(p *play) {
			p.workspace.SetOwnerEmails()
		}},
		{"oldest-user-empty-emails", "", "an empty list is not the same as none", func(p *play) {
			p.workspace.SetOwnerEmails("")
		}},
		{"manual*", "", "3.0 tests the wish to be connected, which is true by default there", func(p *play) {
			if p.scene.version == "3.0.0" && p.scene.scenario != "manual-defaults-3.0" {
				p.workspace.Set("Register_Server", false)
			}
		}},
		{"bad-license-*", "", "the Cloud hands out a license that does not verify", func(p *play) {
			p.cloud.SetLicense("not-a-real-license")
		}},
		{"empty-license-*", "", "the Cloud hands out an empty license", func(p *play) { p.cloud.SetLicense("") }},
		{"null-license-*", "", "the Cloud hands out null for a license", func(p *play) { p.cloud.cloud.SetLicense(nil) }},
		{"offline-licence-from-cloud", "", "the Cloud hands out an offline license", func(p *play) {
			p.cloud.SetLicense(p.licenses()[offlinePlace])
		}},
		{"licence-kept-*", "connect: the cloud hands out a licence that does not verify", "as it says",
			func(p *play) { p.cloud.SetLicense("not-a-real-license") }},
		{"licence-kept-*", "sync: the cloud hands out an empty licence", "as it says", func(p *play) { p.cloud.SetLicense("") }},
		{"public-settings", "removeLicense", "the Cloud hands out no license any more", func(p *play) { p.cloud.SetLicense("") }},
		{"licence-connect", "removeLicense, the cloud then hands out an empty license",
			"the Cloud hands out an empty license", func(p *play) { p.cloud.SetLicense("") }},
		{"ddp-ws", "connect: cloud answers without licenseData", "these recordings do not name the Cloud's faults",
			func(p *play) {
				p.cloud.SetFault(faults.Fault{Call: faults.CallClients, Kind: faults.Body, Body: grantWithoutLicense(p), Times: 1})
			}},
	}
}

// faultBody is the body of a recorded fault that is named "body" or has a body of its own.
func faultBody(p *play, kind, scenario string, call faults.Call) string {
	switch {
	case kind == "500":
		return `{"error":"stub_fault_500"}`
	case kind == "html500":
		return "<html>oops</html>"
	case kind == "400" && call == faults.CallIntent:
		return `{"error":"invalid_email"}`
	case kind != "body":
		return ""
	case scenario == "connect-no-licenseData":
		return grantWithoutLicense(p)
	case scenario == "connect-no-client-id":
		return `{"workspaceId":"ws-x","licenseData":{"license":"x"}}`
	case scenario == "removed-in-cloud-200":
		return `{"error":"oauth_invalid_client_credentials"}`
	case scenario == "nps-banner" && call == faults.CallClient:
		return `{"workspaceId":"ws-1","trial":{"trialing":true,"trialId":"t"},"nps":{"id":"n","startAt":"2024-01-01","expireAt":"2099-01-01"}}`
	case scenario == "nps-banner":
		return `{"workspaceId":"ws-1","nps":{"id":"n","startAt":"2024-01-01","expireAt":"2099-01-01"},"announcements":{"create":[],"delete":[]}}`
	default:
		return "{}" // an answer without what was asked for: an id, a url
	}
}

func grantWithoutLicense(p *play) string {
	return `{"workspaceId":"ws-x","client_name":"n","client_id":"cid-x","client_secret":"csec-x",` +
		`"client_secret_expires_at":0,"publicKey":"pk","registration_client_uri":"` + p.cloud.URL() + `/api/v2/workspaces/ws-x"}`
}

// matches reports whether a setup is for the scenario.
func (s setup) matches(scenario string) bool {
	if prefix, ok := strings.CutSuffix(s.scenario, "*"); ok {
		return strings.HasPrefix(scenario, prefix)
	}
	return s.scenario == scenario
}
