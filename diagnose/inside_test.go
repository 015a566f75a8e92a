package diagnose_test

import (
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/rcreg/registration/diagnose"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/registrationtest"
)

func TestStatusThatCannotBeRead(t *testing.T) {
	t.Parallel()
	const status = "GET /api/v1/cloud.registrationStatus"
	limited := answers(429, "application/json", `{"success":false,"error":"please wait 900 seconds [error-too-many-requests]"}`)
	totp := answers(400, "application/json", `{"success":false,"error":"TOTP Required [totp-required]","errorType":"totp-required","details":{"method":"totp"}}`)
	cases := map[string]struct {
		status httpmock.Responder
		want   severities
	}{
		"401":       {answers(401, "application/json", `{"status":"error","message":"You must be logged in to do this."}`), severities{diagnose.CheckCredentials: problem, diagnose.CheckPermissions: skipped, diagnose.CheckStatus: skipped}},
		"2FA":       {totp, severities{diagnose.CheckCredentials: problem, diagnose.CheckPermissions: skipped}},
		"403":       {answers(403, "application/json", `{"success":false,"error":"unauthorized"}`), severities{diagnose.CheckCredentials: ok, diagnose.CheckPermissions: problem, diagnose.CheckStatus: skipped}},
		"500":       {answers(500, "application/json", `{"success":false,"error":"broken"}`), severities{diagnose.CheckCredentials: skipped, diagnose.CheckStatus: problem}},
		"502":       {answers(502, "text/html", "<html>"), severities{diagnose.CheckCredentials: skipped, diagnose.CheckStatus: problem}},
		"429":       {limited, severities{diagnose.CheckCredentials: skipped, diagnose.CheckStatus: problem}},
		"no status": {jsonReply(`{"success":true}`), severities{diagnose.CheckCredentials: skipped, diagnose.CheckStatus: problem}},
		"dead line": {httpmock.NewErrorResponder(errors.New("dead")), severities{diagnose.CheckStatus: problem}},
	}
	odd := askMocked(t, answers(500, "application/json", `{"error":"broken"}`))
	for name, tc := range cases {
		for _, version := range []string{"4.8.0", "8.7.0"} {
			t.Run(name+" by "+version, func(t *testing.T) {
				t.Parallel()
				ws, _ := mocked(t, "https://chat.example.com", map[string]httpmock.Responder{
					"GET /api/info": jsonReply(`{"version":"` + version + `","success":true}`), status: tc.status,
					"POST /api/v1/method.call/cloud%3AcheckRegisterStatus": tc.status,
				})
				d := diagnose.Run(t.Context(), ws, diagnose.TrySync(), odd)
				want := maps.Clone(tc.want)
				want[diagnose.CheckSync], want[diagnose.CheckTransport], want[diagnose.CheckWorkspaceCloud] = skipped, skipped, skipped
				checkFindings(t, d, want)
				for _, id := range []diagnose.Check{diagnose.CheckWorkspaceCloud, diagnose.CheckSync, diagnose.CheckTransport} {
					if f, _ := d.Finding(id); !strings.HasSuffix(f.Evidence, " failed first") {
						t.Errorf("without a status: %+v", f)
					}
				}
				f, _ := d.Finding(diagnose.CheckStatus)
				if strings.Contains(f.Advice(), "oldest user") != (name == "500" && version == "4.8.0") || name == "dead line" && !strings.Contains(f.Advice(), "check address, network") {
					t.Errorf("got %+v", f)
				}
				if f, _ := d.Finding(diagnose.CheckCredentials); name == "401" && !strings.Contains(f.Advice(), "check the user id and the token") {
					t.Errorf("got %+v", f)
				}
				for _, call := range d.Calls {
					if call.Name == "POST cloud.registerPreIntent" || call.Name == "POST cloud.syncWorkspace" {
						t.Errorf("it asked on without a status: %+v", call)
					}
				}
			})
		}
	}
}

func TestOldestUserWithoutEmail(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.0", "5.4", func(t *testing.T, v string) {
		d := start(t, v, registrationtest.WithOwnerEmails("")).run(t)
		checkFindings(t, d, severities{diagnose.CheckStatus: problem})
		if f, _ := d.Finding(diagnose.CheckStatus); !strings.Contains(f.Advice(), "e-mail address") {
			t.Errorf("got %+v", f)
		}
	})
}

func TestSupport(t *testing.T) {
	t.Parallel()
	later, soon, past := clienttest.Began().AddDate(0, 3, 0), clienttest.Began().AddDate(0, 0, 7), clienttest.Began().AddDate(0, -3, 0)
	for name, tc := range map[string]struct {
		version string
		list    []registrationtest.SupportedVersion
		ask     bool
		want    diagnose.Severity
	}{
		"supported, by its own list":   {"6.13.0", []registrationtest.SupportedVersion{entry("6.13.0", later)}, false, ok},
		"not in its own list":          {"6.13.0", []registrationtest.SupportedVersion{entry("6.12.0", later)}, false, info},
		"supported, by the Cloud's":    {"5.4.0", []registrationtest.SupportedVersion{entry("5.4.0", later)}, true, ok},
		"ends soon":                    {"6.13.0", []registrationtest.SupportedVersion{entry("6.13.0", soon)}, false, warning},
		"ended, by its own list":       {"6.13.0", []registrationtest.SupportedVersion{entry("6.13.0", past)}, false, warning},
		"ended, by the Cloud's":        {"6.13.0", []registrationtest.SupportedVersion{entry("6.13.0", past)}, true, problem},
		"not in the list":              {"5.4.0", []registrationtest.SupportedVersion{entry("5.3.0", later)}, true, info},
		"no list, and no consent":      {"5.4.0", []registrationtest.SupportedVersion{entry("5.4.0", later)}, false, skipped},
		"an end that nobody can read":  {"5.4.0", []registrationtest.SupportedVersion{{Version: "5.4.0"}}, true, info},
		"supported by both, and asked": {"8.7.0", []registrationtest.SupportedVersion{entry("8.7.0", later)}, true, ok},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := registrationtest.NewCloud(t, registrationtest.WithClock(registrationtest.NewClock(clienttest.Began())))
			fake.SetSupport(registrationtest.Support{Timestamp: past, EnforcementStartDate: past, Versions: tc.list})
			ws := start(t, tc.version, registrationtest.WithCloud(fake))
			var consent []diagnose.Option
			if tc.ask {
				consent = append(consent, ws.askCloud())
			}
			d := ws.run(t, consent...)
			checkFindings(t, d, severities{diagnose.CheckSupport: tc.want})
			if f, _ := d.Finding(diagnose.CheckSupport); tc.want == ok && !strings.Contains(f.Evidence, " is supported until 2026-") {
				t.Errorf("got %+v", f)
			}
		})
	}
}

// TestSupportSaysWhatToDo: what a list says is told with its dates, and with a next step.
func TestSupportSaysWhatToDo(t *testing.T) {
	t.Parallel()
	at := func(days int) time.Time { return clienttest.Began().AddDate(0, 0, days) }
	day := func(days int) string { return at(days).Format(time.DateOnly) }
	for name, tc := range map[string]struct {
		version        string
		issued, counts int // days from now
		list           []registrationtest.SupportedVersion
		want           diagnose.Severity
		says, next     string
		not            string
	}{
		"enforced later, ended":      {"6.3.12", -5, 27, []registrationtest.SupportedVersion{entry("6.3.0", at(-5)), entry("6.4.0", at(90))}, warning, "counts from " + day(27) + " on", "before " + day(27), "refuses"},
		"enforced later, by the own": {"6.13.0", -5, 27, []registrationtest.SupportedVersion{entry("6.13.0", at(-5))}, warning, "counts from " + day(27) + " on", "before " + day(27), "refuses"},
		"enforced later, moved past": {"6.3.12", -5, 27, []registrationtest.SupportedVersion{entry("6.4.0", at(90))}, warning, "counts from " + day(27) + " on", "before " + day(27), "refuses"},
		"enforced later, ends soon":  {"6.13.0", -5, 60, []registrationtest.SupportedVersion{entry("6.13.0", at(7))}, warning, "until " + day(7), "before " + day(60), ""},
		"enforced now":               {"6.3.12", -5, -1, []registrationtest.SupportedVersion{entry("6.3.0", at(-5))}, problem, "refuses its services", "upgrade the server", "counts"},
		"ends soon":                  {"6.13.0", -5, -900, []registrationtest.SupportedVersion{entry("6.13.0", at(7))}, warning, "until " + day(7), "before " + day(7), ""},
		"an old list":                {"6.13.0", -60, -900, []registrationtest.SupportedVersion{entry("6.12.0", at(30))}, info, "does not say whether 6.13.0", "sync it if it is registered", ""},
		"an old list of the Cloud":   {"5.4.0", -60, -900, []registrationtest.SupportedVersion{entry("5.3.0", at(30))}, info, "does not say whether 5.4.0", "wait", "sync"},
		"a clock that is behind":     {"6.13.0", 5 * 365, -900, []registrationtest.SupportedVersion{entry("6.13.0", at(5*365-30))}, warning, "the clock of this machine is wrong: it shows " + day(0), "set the clock", "supported"},
		"a clock of a minute behind": {"6.13.0", 0, -900, []registrationtest.SupportedVersion{entry("6.13.0", at(90))}, ok, "is supported until " + day(90), "", "clock"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := registrationtest.NewCloud(t, registrationtest.WithClock(registrationtest.NewClock(clienttest.Began())))
			fake.SetSupport(registrationtest.Support{Timestamp: at(tc.issued).Add(time.Minute), EnforcementStartDate: at(tc.counts), Versions: tc.list})
			ws := start(t, tc.version, registrationtest.WithCloud(fake))
			f, _ := ws.run(t, ws.askCloud()).Finding(diagnose.CheckSupport)
			if f.Severity != tc.want || !strings.Contains(f.Evidence, tc.says) || !strings.Contains(f.Advice(), tc.next) || tc.next == "" && f.Advice() != "" ||
				tc.not != "" && strings.Contains(f.Evidence, tc.not) {
				t.Errorf("got %+v", f)
			}
		})
	}
}

// TestOddClouds: what this machine sees of the Cloud, and a workspace whose answers make no sense.
func TestOddClouds(t *testing.T) {
	t.Parallel()
	const info8 = `{"version":"12.0.0","success":true}`
	odd := askMocked(t, answers(500, "application/json", `{"error":"broken"}`))
	for name, tc := range map[string]struct {
		preIntent httpmock.Responder
		sync      httpmock.Responder
		reaches   diagnose.Severity
		syncs     diagnose.Severity
	}{
		"no answer about it": {jsonReply(`{"success":true}`), jsonReply(`{"success":true}`), unseen, ok},
		"may not be asked":   {answers(403, "application/json", `{"success":false,"error":"unauthorized"}`), answers(403, "application/json", `{"success":false,"error":"unauthorized"}`), unseen, problem},
		"a page of a proxy":  {answers(403, "text/html", "<html>"), jsonReply(`{"success":true}`), problem, ok},
		"a lost sync":        {jsonReply(`{"success":true,"offline":false}`), httpmock.NewErrorResponder(errors.New("dead")), ok, unseen},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ws, _ := mocked(t, "https://chat.example.com", map[string]httpmock.Responder{
				"GET /api/info":                        jsonReply(info8),
				"GET /api/v1/cloud.registrationStatus": jsonReply(`{"registrationStatus":{"workspaceRegistered":true,"workspaceId":"w","uniqueId":"u","email":"ops@example.com"},"success":true}`),
				"POST /api/v1/cloud.registerPreIntent": tc.preIntent,
				"POST /api/v1/cloud.syncWorkspace":     tc.sync,
			})
			d := diagnose.Run(t.Context(), ws, diagnose.TrySync(), odd)
			checkFindings(t, d, severities{
				diagnose.CheckVersion: info, diagnose.CheckWorkspaceCloud: tc.reaches, diagnose.CheckSync: tc.syncs, diagnose.CheckMachineCloud: info,
				diagnose.CheckSupport: info,
			})
			if f, _ := d.Finding(diagnose.CheckSupport); strings.Contains(d.Transport, "relay") || !strings.Contains(f.Evidence, "not known") {
				t.Errorf("a guess: %+v", d)
			}
		})
	}
}

// TestVersionThatIsReadOnce: the second look, for the full version, fails, and what is known stays.
func TestVersionThatIsReadOnce(t *testing.T) {
	t.Parallel()
	responders := registeredAnswers()
	responders["GET /api/info"] = jsonReply(`{"version":"8.7","success":true}`).Then(answers(403, "text/html", "<html>"))
	ws, _ := mocked(t, "https://chat.example.com", responders)
	d := diagnose.Run(t.Context(), ws)
	checkFindings(t, d, severities{diagnose.CheckVersion: ok, diagnose.CheckPermissions: info, diagnose.CheckStatus: ok})
	if d.Version != "8.7" {
		t.Errorf("the version is %q", d.Version)
	}
}

func TestReadOnlyAndUnconfirmed(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		version         string
		days, confirmed any
		want            severities
		evidence        string
	}{
		"3.0 has neither":      {"3.0.0", nil, nil, severities{diagnose.CheckReadOnly: skipped, diagnose.CheckDeployment: skipped}, "no countdown"},
		"6.5 has no countdown": {"6.5.0", nil, false, severities{diagnose.CheckReadOnly: skipped, diagnose.CheckDeployment: warning}, "no countdown"},
		"ten days":             {"7.0.0", 10.0, true, severities{diagnose.CheckReadOnly: info, diagnose.CheckDeployment: ok}, "read-only in 10 days"},
		"seven days":           {"7.7.1", 7.0, true, severities{diagnose.CheckReadOnly: warning, diagnose.CheckDeployment: ok}, "read-only in 7 days"},
		"over":                 {"8.6.1", 0.0, false, severities{diagnose.CheckReadOnly: problem, diagnose.CheckDeployment: warning}, "nobody can write"},
		"licensed":             {"9.0.0", -1.0, true, severities{diagnose.CheckReadOnly: ok, diagnose.CheckDeployment: ok}, "kept writable"},
		"absurd":               {"9.0.0", -7.0, "no", severities{diagnose.CheckReadOnly: skipped, diagnose.CheckDeployment: ok}, "no countdown"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ws := start(t, tc.version)
			if tc.days != nil {
				ws.Set("Cloud_Workspace_AirGapped_Restrictions_Remaining_Days", tc.days)
			}
			if tc.confirmed != nil {
				ws.Set("Deployment_FingerPrint_Verified", tc.confirmed)
			}
			d := ws.run(t)
			checkFindings(t, d, tc.want)
			f, _ := d.Finding(diagnose.CheckReadOnly)
			if urgent := f.Severity == warning || f.Severity == problem; !strings.Contains(f.Evidence, tc.evidence) || urgent != (len(f.Remedies) > 0) {
				t.Errorf("got %+v", f)
			}
			if f, _ := d.Finding(diagnose.CheckDeployment); (f.Severity == warning) != strings.Contains(f.Advice(), "ConfirmDeployment") {
				t.Errorf("got %+v", f)
			}
		})
	}
}
