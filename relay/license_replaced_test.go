package relay_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/registrationtest/faults"
)

// TestReplacedLicense: a license that was in force when a workspace was given a grant ends without a word of the server (C6), so the notes say it, and the way
// back; where there was none, or nothing may be seen of it, they say no more than that.
func TestReplacedLicense(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		found  *registrationtest.LicenseSpec // in force before
		given  string                        // address of the Cloud's license, when not the workspace's
		user   bool                          // who may register, and see no license
		says   []string
		hidden []string // what it says only below 8.3, from where every user is told whether a license is in force
		lacks  string   // in what the Cloud's license is worse
	}{
		"none before":               {},
		"replaced":                  {found: &registrationtest.LicenseSpec{Modules: []string{"scalability"}}, lacks: "it lacks scalability", says: []string{"modules scalability", "was replaced by", "ApplyLicense"}},
		"replaced by none":          {found: &registrationtest.LicenseSpec{Modules: []string{"scalability"}}, given: "https://elsewhere.example.com", lacks: "it is for https://elsewhere.example.com", says: []string{"not valid here: now none is in force", "ApplyLicense"}},
		"replaced by a shorter one": {found: &registrationtest.LicenseSpec{ValidUntil: time.Date(2120, 1, 1, 0, 0, 0, 0, time.UTC)}, lacks: "it ends on 2099-01-01", says: []string{"until 2120-01-01", "was replaced by", "ApplyLicense"}},
		"none is seen":              {user: true, hidden: []string{"may not see licenses"}},
		"no details are seen":       {user: true, found: &registrationtest.LicenseSpec{Modules: []string{"scalability"}}, lacks: "it lacks scalability", says: []string{"of which this user sees no details"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, v := range []string{"6.13.0", "8.9.0"} {
				r := newRelayed(t, v)
				if tc.found != nil {
					if _, err := clienttest.OpenWithToken(t, r.Workspace, r.clock).ApplyLicense(t.Context(), clienttest.LicenseText(t, r.Workspace, *tc.found)); err != nil {
						t.Fatal(err)
					}
				}
				options := []cloud.Option{}
				if tc.given != "" {
					other := clienttest.LicenseText(t, r.Workspace, registrationtest.LicenseSpec{Address: tc.given})
					options = append(options, edited(t, "/oauth/clients", func(grant map[string]any) { grant["licenseData"].(map[string]any)["license"] = other }))
				}
				client := r.run(t, options...)
				if tc.user {
					client = clienttest.OpenAs(t, r.Workspace, r.clock, r.Manager(), registration.WithTransport(relayTo(t, r.Workspace, r.clock, r.folder)))
				}
				request := registration.Request{Token: r.Cloud().IssueToken()}
				if tc.found != nil {
					result, err := client.Register(t.Context(), request)
					clienttest.Expect(t, "register without consent", result, err, failure.LicenseWorse, false)
					if lacks := fmt.Sprint(err); !strings.Contains(lacks, tc.lacks) {
						t.Errorf("%s: it says %q", v, lacks)
					}
					request.ReplaceLicense = true
				}
				result, err := client.Register(t.Context(), request)
				clienttest.Expect(t, "register", result, err, nil, true)
				if spent := len(r.Cloud().SpentTokens()); spent != 1 {
					t.Errorf("%s: %d tokens were spent", v, spent)
				}
				notes, says := strings.Join(result.Notes, "\n"), tc.says
				if clienttest.Before(t, v, "8.3") {
					says = append(says, tc.hidden...)
				}
				if (len(says) == 0) != (notes == "") {
					t.Errorf("%s: it notes %q", v, notes)
				}
				for _, part := range says {
					if !strings.Contains(notes, part) {
						t.Errorf("%s: the notes do not say %q: %q", v, part, notes)
					}
				}
			}
		})
	}
}

// E2: a registration does not keep a workspace writable, a license that is valid on it does. The license decides, not the countdown, which is computed once a day.
func TestE2NoteOfAWorkspaceThatBecomesReadOnly(t *testing.T) {
	t.Parallel()
	const hidden, none = "shows no license in force to this user", "no valid license is in force"
	for name, tc := range map[string]struct {
		elsewhere, manager bool // the Cloud's license is for another address; who registers sees no license itself
		days               any
		fault              faults.Fault
		says               string // from 8.3, and below it where that is other
		saysBefore         string
	}{
		"licensed":                              {},
		"licensed, seen by a manager":           {manager: true},
		"licensed, an old countdown":            {days: 3.0},
		"for another address":                   {elsewhere: true, says: none, saysBefore: "(it shows: read-only in 10 days"},
		"the same, and over":                    {elsewhere: true, days: 0.0, says: "(it shows: read-only, as computed last)"},
		"the same, a countdown that lags":       {elsewhere: true, days: -1.0, says: "(it shows: kept writable by a license, as computed last)"},
		"the same, seen by a manager":           {elsewhere: true, manager: true, says: none, saysBefore: hidden},
		"the same, an absurd countdown":         {elsewhere: true, days: 1e9, says: "at once where it never made one. Only"},
		"the same, no public settings":          {elsewhere: true, fault: faults.Fault{Call: "settings.public", Kind: faults.Page}, says: "at once where it never made one. Only"},
		"the same, nothing seen by the manager": {elsewhere: true, manager: true, fault: faults.Fault{Call: "settings.public", Kind: faults.Page}, says: none, saysBefore: hidden},
		"the license cannot be read":            {fault: faults.Fault{Call: "licenses.info", Kind: faults.Page}, says: "whether a valid license is in force cannot be read"},
		"nothing is shown of it":                {fault: faults.Fault{Call: "licenses.info", Kind: faults.Object, Body: `{"success":true,"license":{"activeModules":[],"limits":{}}}`}, says: hidden},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, v := range []string{"6.13.0", "7.0.0", "7.7.1", "8.3.0", "9.0.0"} {
				r := newRelayed(t, v)
				if tc.elsewhere {
					r.Cloud().SetLicense(clienttest.LicenseText(t, r.Workspace, registrationtest.LicenseSpec{Address: "https://elsewhere.example.com"}))
				}
				counts, says := !clienttest.Before(t, v, "7.0"), tc.says
				if tc.saysBefore != "" && clienttest.Before(t, v, "8.3") {
					says = tc.saysBefore
				}
				if tc.days != nil && counts {
					r.Set("Cloud_Workspace_AirGapped_Restrictions_Remaining_Days", tc.days)
				}
				if tc.fault.Call != "" {
					r.SetFault(tc.fault)
				}
				user := r.Admin()
				if tc.manager {
					user = r.Manager()
				}
				client := clienttest.OpenAs(t, r.Workspace, r.clock, user, registration.WithTransport(relayTo(t, r.Workspace, r.clock, r.folder)))
				result, err := client.Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
				clienttest.Expect(t, "register", result, err, nil, true)
				notes := strings.Join(result.Notes, "\n")
				if noted := says != "" && counts; noted != strings.Contains(notes, "becomes read-only") || noted && (!strings.Contains(notes, says) || !strings.Contains(notes, "rcreg license apply")) {
					t.Errorf("%s: it notes %q, want %q", v, notes, says)
				}
			}
		})
	}
}
