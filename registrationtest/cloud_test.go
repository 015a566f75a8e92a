package registrationtest

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/rcreg/registration/registrationtest/faults"

	"github.com/rcreg/registration/registrationtest/internal/calltest"
)

func TestCloudHistoryHoldsNoSecret(t *testing.T) {
	t.Parallel()
	cloud := NewCloud(t)
	token := cloud.IssueToken()
	calltest.Call(t, "POST", cloud.URL()+"/api/oauth/clients", `{"email":"ops@example.test","token":"`+token+`"}`,
		http.Header{"Authorization": {"Bearer " + token}})
	history := cloud.History()
	if len(history) != 1 {
		t.Fatalf("%d exchanges, want 1", len(history))
	}
	got := history[0]
	if got.Method != http.MethodPost || got.Path != "/api/oauth/clients" || got.Status != 201 || got.Time.IsZero() {
		t.Errorf("the exchange is %+v", got)
	}
	if strings.Contains(string(got.Body), token) || strings.Contains(got.Header.Get("Authorization"), token) {
		t.Error("the history shows the token")
	}
	if !strings.Contains(string(got.Body), "ops@example.test") {
		t.Errorf("the body is %s", got.Body)
	}
	cloud.ClearHistory()
	if len(cloud.History()) != 0 {
		t.Error("the history is not cleared")
	}
}

func TestCloudCloseEndsAHang(t *testing.T) {
	t.Parallel()
	hangs := make(chan struct{})
	plan := faults.NewPlan(nil)
	plan.Watch(func(step faults.Step) {
		if step.Fault == faults.Hang {
			close(hangs)
		}
	})
	cloud, err := StartCloud(WithFaults(plan))
	if err != nil {
		t.Fatal(err)
	}
	cloud.SetFault(faults.Fault{Call: faults.CallPreIntent, Kind: faults.Hang})
	failed := make(chan error)
	go func() {
		request, err := http.NewRequest(http.MethodPost, cloud.URL()+"/api/v2/register/workspace/pre-intent", http.NoBody)
		if err != nil {
			failed <- err
			return
		}
		request.Close = true
		response, err := http.DefaultClient.Do(request)
		if err == nil {
			response.Body.Close()
		}
		failed <- err
	}()
	<-hangs
	cloud.Close()
	if <-failed == nil {
		t.Error("the call that hung was answered")
	}
	cloud.Close() // again: no harm
}

func TestCloudDeviceExpiresOnItsClock(t *testing.T) {
	t.Parallel()
	clock := NewClock(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	cloud := NewCloud(t, WithClock(clock))
	intent := calltest.Call(t, "POST", cloud.URL()+"/api/v2/register/workspace/intent", `{"contactEmail":"ops@example.test"}`, nil)
	code, _ := intent.Body["device_code"].(string)
	if got := cloud.Devices(); len(got) != 1 || got[0].Code != code || got[0].State != DevicePending {
		t.Fatalf("devices are %+v", got)
	}
	clock.Advance(time.Hour)
	if got := cloud.Devices(); got[0].State != DeviceExpired {
		t.Errorf("after an hour the code is %s", got[0].State)
	}
	if err := cloud.DenyDevice(code); err == nil {
		t.Error("an expired code was denied")
	}
}

func TestCloudReset(t *testing.T) {
	t.Parallel()
	cloud := NewCloud(t)
	cloud.SetMode(CloudNonsense)
	calltest.Call(t, "GET", cloud.URL()+"/v2/server/supportedVersions", "", nil)
	cloud.Reset()
	if len(cloud.History()) != 0 {
		t.Error("the history is not cleared")
	}
	if got := calltest.Call(t, "GET", cloud.URL()+"/v2/server/supportedVersions", "", nil); got.Body["signed"] == nil {
		t.Errorf("after a reset the Cloud answers %d %s", got.Status, got.Text)
	}
}

func TestCloudsHaveSecretsOfTheirOwn(t *testing.T) {
	t.Parallel()
	one, other := NewCloud(t), NewCloud(t)
	if one.IssueToken() == other.IssueToken() || one.URL() == other.URL() {
		t.Error("two Clouds share a token or an address")
	}
}

func TestStartCloudFailsOnABadAddress(t *testing.T) {
	t.Parallel()
	if cloud, err := StartCloud(WithListenAddress("256.0.0.1:0")); err == nil {
		cloud.Close()
		t.Error("started")
	}
}
