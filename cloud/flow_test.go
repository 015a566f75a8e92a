package cloud_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/registrationtest/faults"
	"github.com/rcreg/registration/workspace"
)

// side is a fake Cloud and a client of it, on one clock.
type side struct {
	*registrationtest.Cloud
	client *cloud.Client
	clock  *registrationtest.Clock
}

func newSide(t *testing.T) side {
	t.Helper()
	clock := registrationtest.NewClock(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	fake := registrationtest.NewCloud(t, registrationtest.WithClock(clock))
	client, err := cloud.New(
		cloud.WithURL(fake.URL()), cloud.WithBillingURL(fake.URL()+"/billing"), cloud.WithReleasesURL(fake.URL()), cloud.WithClock(clock),
	)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdleConnections)
	return side{fake, client, clock}
}

func (s side) exchange(t *testing.T) cloud.Grant {
	t.Helper()
	grant, err := s.client.ExchangeToken(t.Context(), s.IssueToken(), data(t))
	if err != nil {
		t.Fatal(err)
	}
	return grant
}

// TestRelayByHand registers workspaces of each dialect over the connection of this machine.
func TestRelayByHand(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"3.1.0", "4.8.0", "6.4.0", "6.13.0", "8.7.0"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			s := newSide(t)
			fake := registrationtest.NewWorkspace(t, version, registrationtest.WithCloud(s.Cloud), registrationtest.WithClock(s.clock))
			ws, err := workspace.New(fake.URL(), workspace.Token(fake.Admin().UserID, fake.Admin().AuthToken), workspace.WithClock(s.clock))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = ws.Close(t.Context()) })
			var text string
			if err := ws.ReadMethod(t.Context(), "cloud:getWorkspaceRegisterData", &text); err != nil {
				t.Fatal(err)
			}
			described, err := cloud.ParseRegistrationText(text)
			if err != nil || described.Version != version || described.UniqueID == "" || described.Text() != text {
				t.Fatalf("got %v, %v", described, err)
			}
			grant, err := s.client.ExchangeToken(t.Context(), s.IssueToken(), described)
			if err != nil || grant.Check() != nil {
				t.Fatalf("got %v, %v", grant, err)
			}
			if err := ws.Post(t.Context(), "cloud.manualRegister", map[string]string{"cloudBlob": grant.Blob()}, nil); err != nil {
				t.Fatal(err)
			}
			var status struct {
				WorkspaceRegistered bool   `json:"workspaceRegistered"`
				WorkspaceID         string `json:"workspaceId"`
			}
			if err := ws.ReadMethod(t.Context(), "cloud:checkRegisterStatus", &status); err != nil || !status.WorkspaceRegistered || status.WorkspaceID != grant.WorkspaceID {
				t.Errorf("got %+v, %v", status, err)
			}
			if _, err := cloud.ParseBlob(text); !errors.Is(err, cloud.ErrRegistrationData) {
				t.Errorf("pasted back: %v", err)
			}
		})
	}
}

func TestTokensWorkOnce(t *testing.T) {
	t.Parallel()
	s := newSide(t)
	token := s.IssueToken()
	if _, err := s.client.ExchangeToken(t.Context(), token, data(t)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.client.ExchangeToken(t.Context(), token, data(t)); !errors.Is(err, cloud.ErrTokenUsed) {
		t.Errorf("got %v", err)
	}
	if _, err := s.client.ExchangeToken(t.Context(), "unknown-token", data(t)); !errors.Is(err, cloud.ErrInvalidToken) {
		t.Errorf("got %v", err)
	}
	if got := s.Workspaces(); len(got) != 1 || got[0].Name != "Example" || got[0].Email != "ops@example.com" {
		t.Errorf("got %v", got)
	}
}

func TestTokensAreNotRiskedTwice(t *testing.T) {
	t.Parallel()
	for _, kind := range []faults.Kind{
		faults.Reset, faults.ServerError, faults.HTML, faults.Page,
		faults.Empty, faults.Null, faults.Malformed,
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			s := newSide(t)
			s.SetFault(faults.Fault{Kind: kind})
			if _, err := s.client.ExchangeToken(t.Context(), s.IssueToken(), data(t)); !errors.Is(err, cloud.ErrOutcomeUnknown) {
				t.Errorf("got %v", err)
			}
			if n := len(s.History()); n != 1 {
				t.Errorf("sent %d times", n)
			}
		})
	}
}

func TestEveryCallOfARegisteredWorkspace(t *testing.T) {
	t.Parallel()
	s := newSide(t)
	grant, ctx, d := s.exchange(t), t.Context(), data(t)
	if reply, err := s.client.Sync(ctx, grant, d); err != nil || reply.WorkspaceID != grant.WorkspaceID || reply.License.IsEmpty() || reply.RemoveLicense {
		t.Errorf("got %v, %v", reply, err)
	}
	if reply, err := s.client.SyncLegacy(ctx, grant, d); err != nil || reply.WorkspaceID != grant.WorkspaceID || reply.PublicKey == "" {
		t.Errorf("got %v, %v", reply, err)
	}
	if license, err := s.client.License(ctx, grant, 3); err != nil || license.License.IsEmpty() || license.ExpireAt.Year() != 2099 || len(license.Modules) != 1 {
		t.Errorf("got %v, %v", license, err)
	}
	if news, err := s.client.Communications(ctx, grant, d); err != nil || news.WorkspaceID != grant.WorkspaceID || len(news.Create) != 0 {
		t.Errorf("got %v, %v", news, err)
	}
	if err := s.client.Downgrade(ctx, grant); err != nil {
		t.Error(err)
	}
	link, err := s.client.Checkout(ctx, grant, "https://chat.example.com/yes", "https://chat.example.com/no")
	if err != nil || !strings.HasPrefix(link, s.URL()) {
		t.Errorf("got %v, %v", link, err)
	}
	if list, err := s.client.SupportedVersions(ctx, "chat.example.com", "u-1"); err != nil || list.Signed == "" {
		t.Errorf("got %v, %v", list, err)
	}
	registered := s.Workspaces()[0]
	if registered.Syncs != 2 || registered.UniqueID != "u-1" || registered.Version != "6.13.0" {
		t.Errorf("got %+v", registered)
	}
	if n := s.asked("/api/oauth/token"); n != 2 {
		t.Errorf("asked for %d access tokens, want one for each scope", n)
	}
}

// asked counts the requests for a path.
func (s side) asked(path string) int {
	n := 0
	for _, exchange := range s.History() {
		if exchange.Path == path {
			n++
		}
	}
	return n
}

func TestAccessTokensEnd(t *testing.T) {
	t.Parallel()
	s := newSide(t)
	grant := s.exchange(t)
	sync := func() {
		t.Helper()
		if _, err := s.client.Sync(t.Context(), grant, data(t)); err != nil {
			t.Error(err)
		}
	}
	sync()
	s.clock.Advance(23*time.Hour + 59*time.Minute + 30*time.Second) // the Cloud would still take it
	sync()
	if n := s.asked("/api/oauth/token"); n != 2 {
		t.Errorf("asked for %d access tokens", n)
	}
	token, err := s.client.AccessToken(t.Context(), grant, cloud.ScopeWorkspace)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.client.Revoke(t.Context(), grant, token); err != nil {
		t.Fatal(err)
	}
	sync()
	if n := s.asked("/api/oauth/token"); n != 3 {
		t.Errorf("asked for %d access tokens", n)
	}
}

func TestARemovedWorkspaceIsToldSo(t *testing.T) {
	t.Parallel()
	s := newSide(t)
	grant := s.exchange(t)
	if _, err := s.client.Sync(t.Context(), grant, data(t)); err != nil {
		t.Fatal(err)
	}
	if err := s.Remove(grant.WorkspaceID); err != nil {
		t.Fatal(err)
	}
	// The access token is still remembered here, and refused there.
	if _, err := s.client.Sync(t.Context(), grant, data(t)); !errors.Is(err, cloud.ErrInvalidClient) {
		t.Errorf("got %v", err)
	}
}

func TestALicenseThatTheGrantLacks(t *testing.T) {
	t.Parallel()
	s := newSide(t)
	s.SetLicense("")
	grant := s.exchange(t)
	if err := grant.Check(); !errors.Is(err, cloud.ErrInvalidGrant) {
		t.Fatalf("got %v", err)
	}
	text, err := s.License(registrationtest.LicenseSpec{})
	if err != nil {
		t.Fatal(err)
	}
	s.SetLicense(text)
	license, err := s.client.License(t.Context(), grant, 2)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := grant.WithLicense(license)
	if err != nil || whole.Check() != nil || whole.LicenseData.License.Reveal() != text || whole.ClientSecret.Reveal() != grant.ClientSecret.Reveal() {
		t.Errorf("got %v, %v", whole, err)
	}
}

func TestReadsOutlastACloudThatStumbles(t *testing.T) {
	t.Parallel()
	s := newSide(t)
	grant := s.exchange(t)
	for _, fault := range []faults.Fault{
		{Call: faults.CallToken, Kind: faults.ServerError, Times: 2},
		{Call: faults.CallLicense, Kind: faults.Reset, Times: 2},
	} {
		s.SetFault(fault)
	}
	if _, err := s.client.License(t.Context(), grant, 2); err != nil {
		t.Error(err)
	}
	s.SetMode(registrationtest.CloudDown)
	if _, err := s.client.License(t.Context(), grant, 2); !errors.Is(err, cloud.ErrUnreachable) {
		t.Errorf("got %v", err)
	}
	s.SetMode(registrationtest.CloudNonsense)
	if err := s.client.PreIntent(t.Context(), data(t)); !errors.Is(err, cloud.ErrBadReply) {
		t.Errorf("got %v", err)
	}
}

func TestConsoleCodesOfTheCloud(t *testing.T) {
	t.Parallel()
	s := newSide(t)
	code, err := s.RegisterOffline(data(t).Text())
	if err != nil {
		t.Fatal(err)
	}
	grant, err := cloud.ParseBlob("\ufeff" + code[:50] + "\r\n" + code[50:] + "\r\n")
	if err != nil || grant.Check() != nil || grant.Blob() != code {
		t.Errorf("got %v, %v", grant, err)
	}
	if _, err := s.client.Sync(t.Context(), grant, data(t)); err != nil {
		t.Error(err)
	}
}
