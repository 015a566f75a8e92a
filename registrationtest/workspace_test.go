package registrationtest

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/rcreg/registration/registrationtest/faults"

	"github.com/rcreg/registration/registrationtest/internal/calltest"
)

// headers are the credentials of an account.
func headers(a Account) http.Header { return calltest.Headers(a.UserID, a.AuthToken) }

// registered is what the workspace says about itself.
func registered(t *testing.T, w *Workspace) any {
	t.Helper()
	status, _ := calltest.Method(t, w.URL(), headers(w.Admin()), "cloud:checkRegisterStatus").(map[string]any)
	return status["workspaceRegistered"]
}

func TestWorkspaceVersions(t *testing.T) {
	t.Parallel()
	for _, version := range []string{
		"3.0.0", "3.9.4", "4.5.2", "5.0.0", "6.5.0-rc.14", "6.14.0", "7.0.0-develop", "7.13.3", "8.6.1", "8.7.0", "8.9.2", "9.0.0", "9.9.9",
	} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			w := NewWorkspace(t, version)
			reply := calltest.Call(t, http.MethodGet, w.URL()+"/api/info", "", headers(w.Admin()))
			inner, _ := reply.Body["info"].(map[string]any)
			if w.Version() != version || inner["version"] != version {
				t.Errorf("the version is %s, and %v on the wire", w.Version(), inner["version"])
			}
		})
	}
	for _, version := range []string{"", "x", "2.4.14", "1"} {
		w, err := StartWorkspace(version)
		if !errors.Is(err, ErrVersion) {
			t.Errorf("version %q: %v, want ErrVersion", version, err)
		}
		if w != nil {
			w.Close()
		}
	}
}

func TestWorkspaceAccounts(t *testing.T) {
	t.Parallel()
	w, other := NewWorkspace(t, "8.6.1"), NewWorkspace(t, "8.6.1")
	for name, c := range map[string]struct {
		account, elsewhere Account
		status, manage     int
	}{
		"admin":   {w.Admin(), other.Admin(), 200, 200},
		"manager": {w.Manager(), other.Manager(), 200, 403},
		"user":    {w.User(), other.User(), 403, 403},
	} {
		for path, want := range map[string]int{"cloud.registrationStatus": c.status, "settings/Register_Server": c.manage} {
			if got := calltest.Call(t, http.MethodGet, w.URL()+"/api/v1/"+path, "", headers(c.account)).Status; got != want {
				t.Errorf("%s: %s gives %d, want %d", name, path, got, want)
			}
		}
		if got := calltest.Call(t, http.MethodGet, other.URL()+"/api/v1/licenses.info", "", headers(c.account)).Status; got != 401 {
			t.Errorf("%s: another workspace gives %d, want 401", name, got)
		}
		if c.account.Password == c.elsewhere.Password || c.account.AuthToken == c.elsewhere.AuthToken {
			t.Errorf("%s has the same secrets in two workspaces", name)
		}
		body := `{"user":"` + c.account.Username + `","password":"` + c.account.Password + `"}`
		if got := calltest.Call(t, http.MethodPost, w.URL()+"/api/v1/login", body, nil).Status; got != 200 {
			t.Errorf("%s cannot log in: %d", name, got)
		}
	}
}

func TestWorkspaceSettings(t *testing.T) {
	t.Parallel()
	w := NewWorkspace(t, "6.4.0")
	w.Set("Organization_Email", "org@example.test")
	if w.Setting("Organization_Email") != "org@example.test" || w.Setting("No_Such_Setting") != nil {
		t.Errorf("the settings are %v", w.Settings())
	}
	w.Set("Register_Server", true)
	w.Set("No_Such_Setting", true)
	if w.Setting("Register_Server") != true || w.Setting("No_Such_Setting") != nil {
		t.Error("Set writes what is there, and nothing else")
	}
	w.Settings()["Register_Server"] = "changed"
	if w.Setting("Register_Server") != true {
		t.Error("Settings returns the store itself, not a copy")
	}
}

func TestWorkspaceOwner(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		emails []string
		want   any // the e-mail in the status of 4.8; nil for none, false for a failed status
	}{
		{[]string{"ops@example.test", "b@example.test"}, "ops@example.test"}, {nil, nil}, {[]string{""}, false},
	} {
		w := NewWorkspace(t, "4.8.0", WithOwnerEmails(c.emails...))
		status, ok := calltest.Method(t, w.URL(), headers(w.Admin()), "cloud:checkRegisterStatus").(map[string]any)
		if (c.want == false) == ok || (ok && status["email"] != c.want) {
			t.Errorf("with %q the status is %v, want e-mail %v", c.emails, status, c.want)
		}
		w.SetOwnerEmails("new@example.test")
		status, _ = calltest.Method(t, w.URL(), headers(w.Admin()), "cloud:checkRegisterStatus").(map[string]any)
		if status["email"] != "new@example.test" {
			t.Errorf("then it is %v", status)
		}
	}
}

func TestWorkspaceTwoFactor(t *testing.T) {
	t.Parallel()
	w := NewWorkspace(t, "6.13.0", WithTwoFactor(TwoFactorTOTP, "123456"))
	login := func(code string) int {
		body := `{"user":"admin","password":"` + w.Admin().Password + `","code":"` + code + `"}`
		return calltest.Call(t, http.MethodPost, w.URL()+"/api/v1/login", body, nil).Status
	}
	if login("") != 401 || login("000000") != 401 || login("123456") != 200 {
		t.Error("the code is not asked for, or not taken")
	}
	w.SetTwoFactor(w.Admin(), TwoFactorPassword, "")
	if login("") != 200 {
		t.Error("the second factor is still asked for at a login")
	}
}

func TestWorkspacePath(t *testing.T) {
	t.Parallel()
	w := NewWorkspace(t, "6.13.0", WithPath("chat/"))
	if !strings.HasSuffix(w.URL(), "/chat") || w.Setting("Site_Url") != w.URL() {
		t.Errorf("the address is %s, and the server's own idea of it %v", w.URL(), w.Setting("Site_Url"))
	}
	if got := calltest.Call(t, http.MethodGet, w.URL()+"/api/info", "", nil).Body["version"]; got != "6.13" {
		t.Errorf("the version is %v", got)
	}
}

func TestWorkspaceRegToken(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]bool{"3.18.0": false, "4.3.0": true, "8.7.0": true} {
		cloud := NewCloud(t)
		w := NewWorkspace(t, version, WithCloud(cloud), WithRegToken(cloud.IssueToken()))
		if got := registered(t, w); got != want {
			t.Errorf("%s with a REG_TOKEN: registered %v, want %v", version, got, want)
		}
	}
}

func TestWorkspaceUpgrade(t *testing.T) {
	t.Parallel()
	w := NewWorkspace(t, "5.4.0")
	admin := w.Admin()
	if calltest.Method(t, w.URL(), headers(admin), "cloud:connectWorkspace", w.Cloud().IssueToken()) != true {
		t.Fatal("not connected")
	}
	id := w.Setting("uniqueID")
	for _, version := range []string{"6.4.0", "6.13.0", "8.7.0"} {
		if err := w.Upgrade(version); err != nil {
			t.Fatal(err)
		}
		if w.Version() != version || registered(t, w) != true || w.Setting("uniqueID") != id || w.Admin() != admin {
			t.Errorf("after the upgrade to %s the workspace is another one: %v", w.Version(), w.Settings())
		}
		reply := calltest.Call(t, http.MethodGet, w.URL()+"/api/v1/licenses.info", "", headers(admin))
		if version != "6.4.0" && !strings.Contains(reply.Text, `"activeModules":["auditing"]`) {
			t.Errorf("%s has lost the license: %s", version, reply.Text)
		}
	}
	if err := w.Upgrade("2.0.0"); !errors.Is(err, ErrVersion) || w.Version() != "8.7.0" {
		t.Errorf("an upgrade to 2.0.0: %v, now %s", err, w.Version())
	}
}

func TestWorkspaceReset(t *testing.T) {
	t.Parallel()
	w := NewWorkspace(t, "6.13.0")
	if calltest.Method(t, w.URL(), headers(w.Admin()), "cloud:connectWorkspace", w.Cloud().IssueToken()) != true {
		t.Fatal("not connected")
	}
	id := w.Setting("uniqueID")
	if err := w.Reset(); err != nil {
		t.Fatal(err)
	}
	if len(w.History()) != 0 || w.Setting("Cloud_Workspace_Id") != "" || w.Setting("uniqueID") == id || registered(t, w) != false {
		t.Errorf("not a fresh workspace: %v", w.Settings())
	}
}

func TestWorkspaceHistory(t *testing.T) {
	t.Parallel()
	w := NewWorkspace(t, "6.13.0")
	admin := w.Admin()
	calltest.Call(t, http.MethodPost, w.URL()+"/api/v1/login", `{"user":"admin","password":"`+admin.Password+`"}`, headers(admin))
	history := w.History()
	if len(history) != 1 || history[0].Path != "/api/v1/login" || history[0].Status != 200 {
		t.Fatalf("the history is %+v", history)
	}
	shown := string(history[0].Body) + history[0].Header.Get("X-Auth-Token")
	if strings.Contains(shown, admin.Password) || strings.Contains(shown, admin.AuthToken) {
		t.Error("the history shows a secret")
	}
	w.ClearHistory()
	if len(w.History()) != 0 {
		t.Error("the history is not cleared")
	}
}

func TestWorkspaceCannotListen(t *testing.T) {
	t.Parallel()
	w := NewWorkspace(t, "6.13.0")
	taken := strings.TrimPrefix(w.URL(), "http://")
	if second, err := StartWorkspace("6.13.0", WithListenAddress(taken)); err == nil {
		second.Close()
		t.Error("two workspaces listen on one address")
	}
}

func TestWorkspaceCloseEndsAHang(t *testing.T) {
	t.Parallel()
	hangs := make(chan struct{})
	plan := faults.NewPlan(nil)
	plan.Watch(func(step faults.Step) {
		if step.Fault == faults.Hang {
			close(hangs)
		}
	})
	cloud := NewCloud(t, WithFaults(plan))
	w, err := StartWorkspace("6.0.0", WithCloud(cloud))
	if err != nil {
		t.Fatal(err)
	}
	cloud.SetFault(faults.Fault{Call: faults.CallClients, Kind: faults.Hang})
	body := `{"message":"{\"msg\":\"method\",\"id\":\"1\",\"method\":\"cloud:connectWorkspace\",\"params\":[\"x\"]}"}`
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.URL()+"/api/v1/method.call/x", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header = headers(w.Admin())
	request.Header.Set("Content-Type", "application/json")
	request.Close = true
	done := make(chan struct{})
	go func() {
		defer close(done)
		if response, err := http.DefaultClient.Do(request); err == nil {
			response.Body.Close()
		}
	}()
	<-hangs
	w.Close()
	w.Close()
	<-done
}
