package registration_test

import (
	"net/http"
	"path/filepath"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/diagnose"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/grants"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/internal/secret"
	"github.com/rcreg/registration/internal/zero"
	"github.com/rcreg/registration/offline"
	"github.com/rcreg/registration/relay"
	"github.com/rcreg/registration/watch"
	"github.com/rcreg/registration/workspace"
)

// TestZeroValuesAreErrors calls every exported function and method with empty values. None panics, and what can fail says so.
func TestZeroValuesAreErrors(t *testing.T) {
	t.Parallel()
	for _, p := range []zero.Package{zeroRoot(), zeroWorkspace(), zeroCloud(), zeroGrants(), zeroOffline(), zeroRelay(), zeroDiagnose(), zeroFleet(), zeroWatch()} {
		t.Run(p.Dir, func(t *testing.T) { t.Parallel(); p.Walk(t) })
	}
}

// TestNilContextsAreErrors does the same with what is in order but for the context.
func TestNilContextsAreErrors(t *testing.T) {
	t.Parallel()
	const address = "https://chat.example.com"
	ws, mock := mocked(t, address, map[string]httpmock.Responder{"GET /api/info": httpmock.NewStringResponder(200, `{"version":"6.4.0","success":true}`).HeaderSet(http.Header{"Content-Type": {"application/json"}})})
	client, err := registration.New(t.Context(), ws)
	if err != nil {
		t.Fatal(err)
	}
	toCloud, err := cloud.New()
	if err != nil {
		t.Fatal(err)
	}
	all, err := fleet.New(fleet.List{Workspaces: []fleet.Workspace{{Name: "alpha"}}})
	if err != nil {
		t.Fatal(err)
	}
	folder, err := offline.OpenFolder(filepath.Join(t.TempDir(), "stick"))
	if err != nil {
		t.Fatal(err)
	}
	ledger, err := offline.OpenLedger(filepath.Join(t.TempDir(), "ledger"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ledger.Close() })
	zeroRoot().WithoutContext(t, client, client.Session())
	zeroWorkspace().WithoutContext(t, ws)
	zeroCloud().WithoutContext(t, toCloud)
	zeroFleet().WithoutContext(t, all)
	watching, err := watch.New(fleet.List{Workspaces: []fleet.Workspace{{Name: "alpha"}}})
	if err != nil {
		t.Fatal(err)
	}
	hook, err := watch.NewWebhook(secret.New("https://chat.example.com/hooks/1"))
	if err != nil {
		t.Fatal(err)
	}
	zeroWatch().WithoutContext(t, watching, hook)
	zeroOffline().WithoutContext(t, &offline.Courier{Cloud: toCloud, Folder: folder, Ledger: ledger})
	if n := mock.GetTotalCallCount(); n != 1 { // for the version
		t.Errorf("%d requests were sent", n-1)
	}
}

// TestEmptyFoldersAreInvalidInput: a folder without a name, and one that was not opened, are the caller's mistake and nothing else; no token is spent.
func TestEmptyFoldersAreInvalidInput(t *testing.T) {
	t.Parallel()
	fake, clock := clienttest.Start(t, "6.4.0")
	register := func(transport registration.Transport, r registration.Request) error {
		_, err := open(t, fake, clock, registration.WithTransport(transport)).Register(t.Context(), r)
		return err
	}
	toCloud, err := cloud.New(cloud.WithURL(fake.Cloud().URL()))
	if err != nil {
		t.Fatal(err)
	}
	for name, try := range map[string]func() error{
		"store of grants": func() error { _, err := grants.Open(""); return err },
		"exchange folder": func() error { _, err := offline.OpenFolder(""); return err },
		"state folder":    func() error { _, err := offline.OpenState(""); return err },
		"ledger":          func() error { _, err := offline.OpenLedger(""); return err },
		"relay's store": func() error {
			transport, err := relay.New(toCloud, &grants.Store{})
			if err != nil {
				t.Fatal(err)
			}
			return register(transport, registration.Request{Token: fake.Cloud().IssueToken()})
		},
		"folders of a gap": func() error {
			transport, err := offline.NewTransport(&offline.Folder{}, &offline.State{})
			if err != nil {
				t.Fatal(err)
			}
			return register(transport, registration.Request{})
		},
	} {
		if err := try(); failure.KindOf(err).Name() != "invalid_input" {
			t.Errorf("%s: %v is %s", name, err, failure.KindOf(err).Name())
		}
	}
	if spent := fake.Cloud().SpentTokens(); len(spent) > 0 {
		t.Errorf("%d tokens were spent", len(spent))
	}
}

func zeroRoot() zero.Package {
	return zero.Package{
		Dir:     ".",
		Succeed: []string{"Request.MarshalText", "Ticket.MarshalJSON", "Countdown.MarshalJSON", "Countdown.UnmarshalJSON"},
		Functions: map[string]any{
			"Note": registration.Note, "LostToken": registration.LostToken, "Unspent": registration.Unspent, "New": registration.New,
			"WithVersion": registration.WithVersion, "ForgetIdentity": registration.ForgetIdentity,
			"WithActTimeout": registration.WithActTimeout, "WithCloud": registration.WithCloud, "WithReadTimeout": registration.WithReadTimeout,
			"WithPublicSettings": registration.WithPublicSettings, "WithSettingsLag": registration.WithSettingsLag, "WithSupportKey": registration.WithSupportKey, "WithTransport": registration.WithTransport,
			"ParseTicket": registration.ParseTicket, "Direct": registration.Direct,
		},
		Values: []any{
			registration.Client{}, registration.Session{}, registration.Request{}, registration.Ticket{}, registration.Error{}, registration.PendingError{},
			registration.Capabilities{}, registration.License{}, registration.Result{}, registration.LicenseResult{}, registration.Status{}, registration.Support{},
			registration.Deployment(""), registration.Direct(), registration.Countdown{},
		},
	}
}

func zeroDiagnose() zero.Package {
	return zero.Package{
		Dir: "diagnose",
		Functions: map[string]any{
			"AskCloud": diagnose.AskCloud, "ClientOptions": diagnose.ClientOptions, "Run": diagnose.Run, "TrySync": diagnose.TrySync,
		},
		Values: []any{diagnose.Finding{}, diagnose.Report{}},
	}
}

func zeroWorkspace() zero.Package {
	return zero.Package{
		Dir: "workspace",
		Functions: map[string]any{
			"New": workspace.New, "Record": workspace.Record, "Password": workspace.Password, "Token": workspace.Token, "WithClock": workspace.WithClock,
			"WithLogger": workspace.WithLogger, "WithMaxReply": workspace.WithMaxReply, "WithPlainHTTP": workspace.WithPlainHTTP, "WithRoundTripper": workspace.WithRoundTripper,
			"WithTwoFactor": workspace.WithTwoFactor, "WithUserAgent": workspace.WithUserAgent,
		},
		Values: []any{workspace.Client{}, workspace.Credentials{}, workspace.Error{}, workspace.Calls{}},
	}
}

func zeroCloud() zero.Package {
	return zero.Package{
		Dir:     "cloud",
		Succeed: []string{"New", "Secret.MarshalText"},
		Functions: map[string]any{
			"IsUnspent": cloud.IsUnspent, "New": cloud.New, "ParseBlob": cloud.ParseBlob, "ParseGrant": cloud.ParseGrant, "WithBillingURL": cloud.WithBillingURL,
			"WithClock": cloud.WithClock, "WithLogger": cloud.WithLogger, "WithPlainHTTP": cloud.WithPlainHTTP, "WithReleasesURL": cloud.WithReleasesURL,
			"WithRoundTripper": cloud.WithRoundTripper, "WithURL": cloud.WithURL, "WithUserAgent": cloud.WithUserAgent,
			"ParseRegistrationData": cloud.ParseRegistrationData, "ParseRegistrationText": cloud.ParseRegistrationText,
		},
		Values: []any{cloud.Client{}, cloud.Grant{}, cloud.RegistrationData{}, cloud.Secret{}, cloud.Error{}, cloud.GrantError{}},
	}
}

func zeroOffline() zero.Package {
	return zero.Package{
		Dir:     "offline",
		Succeed: []string{"ParseTokens", "Error.Unwrap"},
		Functions: map[string]any{
			"NewTransport": offline.NewTransport, "OpenFolder": offline.OpenFolder, "OpenLedger": offline.OpenLedger, "ParseRequest": offline.ParseRequest, "OpenState": offline.OpenState,
			"OneToken": offline.OneToken, "ParseTokens": offline.ParseTokens, "ReadTokens": offline.ReadTokens,
		},
		Values: []any{
			&offline.Ledger{}, (*offline.Ledger)(nil), offline.Folder{}, offline.State{}, offline.Courier{}, offline.Requester{}, offline.Answer{}, offline.Request{},
			offline.Report{}, offline.Workspace{}, offline.Error{}, offline.Item{}, offline.Tokens{},
		},
	}
}

func zeroGrants() zero.Package {
	return zero.Package{
		Dir:       "grants",
		Functions: map[string]any{"In": grants.In, "NewTry": grants.NewTry, "Open": grants.Open, "OpenedWith": grants.OpenedWith, "SealedTo": grants.SealedTo},
		Values:    []any{grants.Store{}},
	}
}

func zeroRelay() zero.Package {
	return zero.Package{
		Dir:       "relay",
		Functions: map[string]any{"New": relay.New, "LicensesWith": relay.LicensesWith},
		Values:    []any{},
	}
}

func zeroFleet() zero.Package {
	return zero.Package{
		Dir:     "fleet",
		Succeed: []string{"New", "Fleet.Err", "Journal.Ended"},
		Functions: map[string]any{
			"New": fleet.New, "OpenJournal": fleet.OpenJournal, "Load": fleet.Load, "LoadUnresolved": fleet.LoadUnresolved, "Parse": fleet.Parse, "Reconcile": fleet.Reconcile,
			"Register": fleet.Register, "Status": fleet.Status, "Sync": fleet.Sync, "WithAbandon": fleet.WithAbandon, "WithClient": fleet.WithClient, "WithClock": fleet.WithClock,
			"WithCloudRate": fleet.WithCloudRate, "WithConcurrency": fleet.WithConcurrency, "WithGrace": fleet.WithGrace, "WithJournal": fleet.WithJournal,
			"WithLogger": fleet.WithLogger, "WithPerHost": fleet.WithPerHost, "WithRetries": fleet.WithRetries, "WithRoundTripper": fleet.WithRoundTripper,
			"WithSupport": fleet.WithSupport, "WithTimeout": fleet.WithTimeout, "WithTokens": fleet.WithTokens, "WithWorkspaceOptions": fleet.WithWorkspaceOptions,
			"OpenTokens": fleet.OpenTokens,
		},
		Values: []any{
			fleet.Fleet{}, &fleet.Journal{}, (*fleet.Journal)(nil), &fleet.Tokens{}, (*fleet.Tokens)(nil), fleet.Job{}, fleet.List{}, fleet.Outcome{}, fleet.Problem{},
			fleet.Reference{}, fleet.Workspace{}, fleet.ListError{}, fleet.TokensError{}, fleet.Operation{}, fleet.Claim{}, fleet.Class(""),
		},
	}
}

func zeroWatch() zero.Package {
	return zero.Package{
		Dir:     "watch",
		Succeed: []string{"Memory.Close"},
		Functions: map[string]any{
			"New": watch.New, "NewWebhook": watch.NewWebhook, "OpenMemory": watch.OpenMemory, "Message": watch.Message, "Names": watch.Names,
			"WithClock": watch.WithClock, "WithConcurrency": watch.WithConcurrency, "WithFleet": watch.WithFleet, "WithInterval": watch.WithInterval, "WithMemory": watch.WithMemory,
			"WithNotice": watch.WithNotice, "WithSync": watch.WithSync, "WithTeller": watch.WithTeller, "WithWebhookTransport": watch.WithWebhookTransport,
		},
		Values: []any{&watch.Watch{}, (*watch.Watch)(nil), watch.Webhook{}, &watch.Memory{}, (*watch.Memory)(nil), watch.Event{}, watch.Seen{}, watch.DeliveryError{}},
	}
}
