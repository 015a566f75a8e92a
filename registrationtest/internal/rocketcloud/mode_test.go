package rocketcloud

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/rcreg/registration/registrationtest/faults"
)

const preIntentPath = "/api/v2/register/workspace/pre-intent"

// dropped reports whether the Cloud drops the connection of a call.
func dropped(ctx context.Context, cloud *Cloud) (gone bool) {
	defer func() {
		err, _ := recover().(error)
		gone = errors.Is(err, http.ErrAbortHandler)
	}()
	r := httptest.NewRequestWithContext(ctx, "POST", preIntentPath, http.NoBody)
	cloud.ServeHTTP(httptest.NewRecorder(), r)
	return false
}

func TestMode(t *testing.T) {
	t.Parallel()
	clock := newStillClock()
	plan := faults.NewPlan(clock)
	cloud, err := New(Config{Clock: clock, Faults: plan})
	if err != nil {
		t.Fatal(err)
	}
	cloud.SetMode(Down)
	if !dropped(t.Context(), cloud) {
		t.Error("a Cloud that is down answered")
	}
	cloud.SetMode(Nonsense)
	if got := ask(t, cloud, "POST", preIntentPath, "", map[string]any{}); got.status != 200 || got.text != "<html><body><h1>It works!</h1></body></html>" {
		t.Errorf("nonsense is %d %q", got.status, got.text)
	}
	cloud.SetMode(Slow)
	before := clock.Now()
	ask(t, cloud, "POST", preIntentPath, "", map[string]any{}).want(t, 200, "")
	if clock.Now().Sub(before) != 10*time.Second {
		t.Errorf("a slow Cloud took %s", clock.Now().Sub(before))
	}
	plan.Set(faults.Fault{Kind: faults.ServerError})
	ask(t, cloud, "POST", preIntentPath, "", map[string]any{}).want(t, 500, "internal_error")
	plan.Drop(faults.AnySide)
	if cloud.SetMode(Up); dropped(t.Context(), cloud) || plan.Count() != 5 {
		t.Errorf("a Cloud that is up drops a call, or %d calls were counted", plan.Count())
	}
}
