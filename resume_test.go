package registration_test

import (
	"context"
	"errors"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/mock/gomock"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/registrationtest/faults"
)

func TestResumeRefusesTickets(t *testing.T) {
	t.Parallel()
	ws, clock := clienttest.Start(t, "6.5.0")
	client := clienttest.OpenWithToken(t, ws, clock)
	good := clienttest.PendingTicket(t, client)
	cases := map[string]struct {
		change func(*registration.Ticket)
		kind   error
		says   string
	}{
		"of another workspace": {func(k *registration.Ticket) { k.UniqueID = "other" }, registration.ErrInvalidInput, "another workspace"},
		"of another transport": {func(k *registration.Ticket) { k.Transport = "offline" }, registration.ErrInvalidInput, "transport"},
		"from a newer version": {func(k *registration.Ticket) { k.TicketFormat = 99 }, registration.ErrInvalidInput, "format 99"},
		"empty":                {func(k *registration.Ticket) { *k = registration.Ticket{} }, registration.ErrInvalidInput, "no format"},
		"expired":              {func(k *registration.Ticket) { k.Expires = testStart.Add(-time.Second) }, registration.ErrExpired, "ran out"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ticket := good
			tc.change(&ticket)
			_, err := client.Resume(t.Context(), ticket)
			if !errors.Is(err, tc.kind) || !strings.Contains(err.Error(), tc.says) {
				t.Errorf("got %v, want %v that says %q", err, tc.kind, tc.says)
			}
			if _, err := client.Wait(t.Context(), ticket); !errors.Is(err, tc.kind) {
				t.Errorf("Wait: got %v, want %v", err, tc.kind)
			}
		})
	}
	t.Cleanup(func() {
		for _, exchange := range ws.History() {
			if strings.Contains(exchange.Path, "confirmationPoll") {
				t.Error("a refused ticket was polled")
			}
		}
	})
}

func TestWaitEndsWithTheTicket(t *testing.T) {
	t.Parallel()
	ws, clock := clienttest.Start(t, "6.5.0")
	client := clienttest.OpenWithToken(t, ws, clock)
	ticket := clienttest.PendingTicket(t, client)
	began := clock.Now()
	if _, err := client.Wait(t.Context(), ticket); !errors.Is(err, registration.ErrExpired) {
		t.Errorf("got %v, want ErrExpired", err)
	}
	if waited := clock.Now().Sub(began); waited < ticket.Expires.Sub(began) || waited > ticket.Expires.Sub(began)+time.Minute {
		t.Errorf("waited %s for a ticket of %s", waited, ticket.Expires.Sub(began))
	}
}

// TestWaitLeavesTheInterval between two looks, and takes a last one when the ticket ends.
func TestWaitLeavesTheInterval(t *testing.T) {
	t.Parallel()
	for interval, polls := range map[int]int{7: 3, 1: 20, 0: 4, -3: 4, math.MaxInt: 1} {
		t.Run(strconv.Itoa(interval), func(t *testing.T) {
			t.Parallel()
			ws, clock := clienttest.Start(t, "6.5.0")
			client := clienttest.OpenWithToken(t, ws, clock)
			ticket := clienttest.PendingTicket(t, client)
			began := clock.Now()
			ticket.Interval, ticket.Expires = interval, began.Add(20*time.Second)
			ws.ClearHistory()
			if _, err := client.Wait(t.Context(), ticket); !errors.Is(err, registration.ErrExpired) {
				t.Errorf("got %v, want ErrExpired", err)
			}
			asked := 0
			for _, exchange := range ws.History() {
				if strings.HasSuffix(exchange.Path, "confirmationPoll") {
					asked++
				}
			}
			if waited := clock.Now().Sub(began); waited != 20*time.Second || asked != polls {
				t.Errorf("asked %d times in %s, want %d", asked, waited, polls)
			}
		})
	}
}

// TestWaitStoppedBetweenTwoLooks says until when the ticket is good.
func TestWaitStoppedBetweenTwoLooks(t *testing.T) {
	t.Parallel()
	ws, clock := clienttest.Start(t, "6.5.0")
	ticket := clienttest.PendingTicket(t, clienttest.OpenWithToken(t, ws, clock))
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	_, err := clienttest.OpenByClock(t, ws, clienttest.StoppingClock{Clock: clock, Stop: stop}).Wait(ctx, ticket)
	if !errors.Is(err, registration.ErrPending) || !errors.Is(err, context.Canceled) ||
		!strings.Contains(err.Error(), "before "+ticket.Expires.Format(time.RFC3339)) || strings.Contains(err.Error(), "the last look failed") {
		t.Errorf("got %v", err)
	}
}

func TestWaitLivesThroughFailuresThatPass(t *testing.T) {
	t.Parallel()
	eachOf := map[string]faults.Fault{
		"the Cloud answers 500": {Call: faults.CallPoll, Kind: faults.ServerError, Times: 3},
		"the Cloud is a page":   {Call: faults.CallPoll, Kind: faults.HTML, Times: 3},
		"the Cloud hangs up":    {Call: faults.CallPoll, Kind: faults.Reset, Times: 3},
	}
	for name, fault := range eachOf {
		for _, v := range []string{"4.8.0", "6.0.0", "6.4.0", "6.5.0", "8.6.1", "9.0.0"} {
			t.Run(name+"/"+v, func(t *testing.T) {
				t.Parallel()
				ws, clock := clienttest.Start(t, v)
				client := clienttest.OpenWithToken(t, ws, clock)
				ticket := clienttest.PendingTicket(t, client)
				ws.Cloud().SetFault(fault)
				if err := ws.Cloud().ConfirmDevice(ticket.DeviceCode); err != nil {
					t.Fatal(err)
				}
				result, err := client.Wait(t.Context(), ticket)
				clienttest.Expect(t, "wait", result, err, nil, true)
			})
		}
	}
}

// A server that restarts answers in any way for a while: its own JSON 500 is no end, and neither is the page of a proxy.
func TestWaitLivesThroughARestart(t *testing.T) {
	t.Parallel()
	for _, kind := range []faults.Kind{
		faults.ServerError, faults.HTML, faults.BadGateway, faults.Reset,
	} {
		for _, v := range []string{"4.8.0", "6.4.0", "9.0.0"} {
			t.Run(string(kind)+"/"+v, func(t *testing.T) {
				t.Parallel()
				ws, clock := clienttest.Start(t, v)
				client := clienttest.OpenWithToken(t, ws, clock)
				ticket := clienttest.PendingTicket(t, client)
				if err := ws.Cloud().ConfirmDevice(ticket.DeviceCode); err != nil {
					t.Fatal(err)
				}
				ws.SetFault(faults.Fault{Call: "cloud.registrationStatus", Kind: kind, Times: 6})
				result, err := client.Wait(t.Context(), ticket)
				clienttest.Expect(t, "wait", result, err, nil, true)
			})
		}
	}
}

// TestWaitEndsOnADeniedMessage: what was answered and not accepted is not pending (A13).
func TestWaitEndsOnADeniedMessage(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "4.4", "", func(t *testing.T, v string) {
		ws, clock := clienttest.Start(t, v)
		client := clienttest.OpenWithToken(t, ws, clock)
		ticket := clienttest.PendingTicket(t, client)
		if err := ws.Cloud().DenyDevice(ticket.DeviceCode); err != nil {
			t.Fatal(err)
		}
		began := clock.Now()
		result, err := client.Wait(t.Context(), ticket)
		clienttest.Expect(t, "wait", result, err, registration.ErrRejected, false)
		if errors.Is(err, registration.ErrPending) || clock.Now().Sub(began) > time.Minute {
			t.Errorf("it waited %s for what does not change: %v", clock.Now().Sub(began), err)
		}
	})
}

func TestWaitEndsOnACodeThatTheCloudForgot(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "4.4", "", func(t *testing.T, v string) {
		ws, clock := clienttest.Start(t, v)
		client := clienttest.OpenWithToken(t, ws, clock)
		ticket := clienttest.PendingTicket(t, client)
		began := clock.Now()
		ws.Cloud().Reset()
		result, err := client.Wait(t.Context(), ticket)
		clienttest.Expect(t, "wait", result, err, registration.ErrRejected, false)
		if clock.Now().Sub(began) > time.Minute {
			t.Error("it waited for a code that cannot come good")
		}
	})
}

func TestWaitEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ws, clock := clienttest.Start(t, "6.5.0")
	client := clienttest.OpenWithToken(t, ws, clock)
	ticket := clienttest.PendingTicket(t, client)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	over, cancelOver := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer cancelOver()
	for ctx, want := range map[context.Context]error{ctx: context.Canceled, over: context.DeadlineExceeded} {
		if _, err := client.Wait(ctx, ticket); !errors.Is(err, want) || errors.Is(err, registration.ErrPending) {
			t.Errorf("got %v, want %v of a look", err, want)
		}
	}
}

// A transport without abilities says so, before anything is sent.
func TestTransportWithoutAbilities(t *testing.T) {
	t.Parallel()
	transport := NewMockTransport(gomock.NewController(t))
	transport.EXPECT().Info().Return(mockInfo()).AnyTimes()
	ws, clock := clienttest.Start(t, "5.4.0")
	client := clienttest.OpenWithToken(t, ws, clock, registration.WithTransport(transport))
	asked := len(ws.History())
	ticket := registration.Ticket{TicketFormat: 1, Transport: "mock", UniqueID: "u", DeviceCode: "d", Expires: testStart.Add(time.Hour)}
	forLicense := ticket
	forLicense.Operation = "sync"
	for name, run := range map[string]func() (registration.Result, error){
		"resume":               func() (registration.Result, error) { return client.Resume(t.Context(), ticket) },
		"resume for a license": func() (registration.Result, error) { return client.Resume(t.Context(), forLicense) },
	} {
		result, err := run()
		clienttest.Expect(t, name, result, err, registration.ErrUnsupported, false)
	}
	if n := len(ws.History()); n != asked {
		t.Errorf("%d requests were sent", n-asked)
	}
}
