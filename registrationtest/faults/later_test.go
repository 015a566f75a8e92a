package faults

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// A request that is put off is carried out before the first exchange after its time, or when somebody looks, and once.
func TestPutOff(t *testing.T) {
	t.Parallel()
	for _, fault := range []Fault{{Kind: GatewayTimeout, Later: 5 * time.Second}, {Kind: Timeout, Later: 5 * time.Second}, {Kind: Reset, Later: 5 * time.Second}} {
		t.Run(fault.String(), func(t *testing.T) {
			t.Parallel()
			var behind actor
			clock := newStillClock()
			plan := NewPlan(clock)
			client := &http.Client{Transport: newTransport(plan, &inProcess{Handler: &behind}, AnySide)}
			const address = "https://chat.example.test/api/v1/cloud.syncWorkspace"
			expect := func(when string, want int64) {
				t.Helper()
				if got := behind.acts.Load(); got != want {
					t.Errorf("%s it was carried out %d times", when, got)
				}
			}
			plan.At(1, fault)
			got := ask(t, client, address)
			if (got.status == 504) != (fault.Kind == GatewayTimeout) || (got.err == nil) != (got.status == 504) {
				t.Errorf("the client got %+v", got)
			}
			if step := plan.Steps()[0]; !step.CarriedOut || step.Later != fault.Later {
				t.Errorf("the plan says %+v", step)
			}
			plan.Settle()
			expect("at once", 0)
			_ = clock.Sleep(t.Context(), 4*time.Second)
			ask(t, client, address)
			expect("with the next call, before its time,", 1)
			plan.Clear() // does not take back what was sent
			_ = clock.Sleep(t.Context(), time.Second)
			plan.Settle()
			expect("after its time", 2)
			plan.Settle()
			expect("twice", 2)
		})
	}
}

func TestGateGoesOnLater(t *testing.T) {
	t.Parallel()
	for kind, status := range map[Kind]int{GatewayTimeout: 504, Timeout: 0} {
		var behind actor
		gate := Gate{Plan: newPlan(), Side: Workspace, Clock: newStillClock()}
		gate.Plan.Set(Fault{Kind: kind, Later: 20 * time.Second})
		recorder := httptest.NewRecorder()
		began := gate.Clock.Now()
		func() {
			defer func() { _ = recover() }() // the connection is reset in the end
			gate.Handler(&behind).ServeHTTP(recorder, httptest.NewRequestWithContext(t.Context(), "POST", "/api/v1/x", strings.NewReader("{}")))
		}()
		if took := gate.Clock.Now().Sub(began); took < 20*time.Second || behind.acts.Load() != 1 {
			t.Errorf("%s: carried out %d times after %s", kind, behind.acts.Load(), took)
		}
		if status != 0 && (recorder.Code != status || recorder.Header().Get("Connection") != "close") {
			t.Errorf("%s: the client got %d %v", kind, recorder.Code, recorder.Header())
		}
	}
}

// A cache in front gives what was read before, marked as such, in both places; without it the fault is used up.
func TestCached(t *testing.T) {
	t.Parallel()
	counts := func() http.Handler {
		n := 0
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			n++
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, strings.Repeat("x", n))
		})
	}
	read := func(client *http.Client, address string) outcome {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		response, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		return outcome{response.StatusCode, response.Header, string(body), err}
	}
	check := func(place string, plan *Plan, client *http.Client, address string) {
		plan.Set(Fault{Kind: Cached, Times: 1})
		plan.Set(Fault{Kind: Cached, Nth: 3, Times: 2})
		for i, want := range []string{"x", "xx", "xx", "xx", "xxx"} {
			got := read(client, address)
			if isOld := i == 2 || i == 3; got.body != want || (got.header.Get("Age") == "40") != isOld || (got.header.Get("X-Cache") == "HIT") != isOld {
				t.Errorf("%s, read %d: %+v", place, i+1, got)
			}
		}
	}
	plan := newPlan()
	check("on the way", plan, &http.Client{Transport: newTransport(plan, &inProcess{Handler: counts()}, AnySide)}, "https://chat.example.test/api/info")
	server, plan, client := newGate(t, counts(), nil)
	check("at the server", plan, client, server.URL+"/api/info")
}

// A plain request is answered with the connection itself, and nothing more.
func TestSwitching(t *testing.T) {
	t.Parallel()
	for _, fault := range []Fault{{Kind: Switching}, {Kind: Switching, After: true}} {
		var behind actor
		server, plan, client := newGate(t, &behind, nil)
		plan.At(1, fault)
		for place, client := range map[string]*http.Client{"at the server": client, "on the way": {Transport: newTransport(planned(fault), &inProcess{Handler: &behind}, AnySide)}} {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/api/v1/x", strings.NewReader("{}"))
			if err != nil {
				t.Fatal(err)
			}
			behind.acts.Store(0)
			response, err := client.Do(request)
			if err != nil {
				t.Fatal(place, err)
			}
			_, isConnection := response.Body.(io.Writer)
			if response.StatusCode != http.StatusSwitchingProtocols || !isConnection || (behind.acts.Load() == 1) != fault.After {
				t.Errorf("%s, %s: %d, a connection %t, carried out %d times", fault, place, response.StatusCode, isConnection, behind.acts.Load())
			}
			if err := response.Body.Close(); err != nil {
				t.Error(place, err)
			}
		}
	}
}

// net/http sends again, behind the back of its caller, what it is told was not processed; not what it cannot send again.
func TestNotProcessed(t *testing.T) {
	t.Parallel()
	const address = "https://chat.example.test/api/v1/cloud.connectWorkspace"
	for _, test := range []struct {
		name       string
		fault      Fault
		rewinds    bool
		exchanges  int
		acts       int64
		isAnswered bool
	}{
		{"once", Fault{Kind: NotProcessed, Times: 1}, true, 2, 1, true},
		{"once, and a lie", Fault{Kind: NotProcessed, After: true, Times: 1}, true, 2, 2, true},
		{"for ever", Fault{Kind: NotProcessed}, true, maxTries, 0, false},
		{"a body that is sent once", Fault{Kind: NotProcessed, Times: 1}, false, 1, 0, false},
	} {
		var behind actor
		plan := planned(test.fault)
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		if !test.rewinds {
			request.GetBody = nil
		}
		response, err := newTransport(plan, &inProcess{Handler: &behind}, AnySide).RoundTrip(request)
		if err == nil {
			_ = response.Body.Close()
		}
		if (err == nil) != test.isAnswered || plan.Count() != test.exchanges || behind.acts.Load() != test.acts {
			t.Errorf("%s: %v, %d exchanges, carried out %d times", test.name, err, plan.Count(), behind.acts.Load())
		}
	}
}

// planned is a plan with a fault.
func planned(fault Fault) *Plan {
	plan := newPlan()
	plan.Set(fault)
	return plan
}
