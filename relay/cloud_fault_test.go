package relay_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/registrationtest/faults"
)

// between puts what a test does on the way to one call of the Cloud, by the end of its path.
func between(t *testing.T, call string, does func(*http.Request) (*http.Response, error)) cloud.Option {
	t.Helper()
	t.Cleanup(http.DefaultTransport.(*http.Transport).CloseIdleConnections)
	return cloud.WithRoundTripper(clienttest.RoundTrip(func(r *http.Request) (*http.Response, error) {
		if strings.HasSuffix(r.URL.Path, call) {
			return does(r)
		}
		return http.DefaultTransport.RoundTrip(r)
	}))
}

// edited lets the Cloud answer a call with something else in its JSON.
func edited(t *testing.T, call string, edit func(map[string]any)) cloud.Option {
	t.Helper()
	return between(t, call, func(r *http.Request) (*http.Response, error) {
		response, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			return nil, err
		}
		defer response.Body.Close()
		var object map[string]any
		if err := json.NewDecoder(response.Body).Decode(&object); err != nil {
			return nil, err
		}
		edit(object)
		text, err := json.Marshal(object)
		if err != nil {
			return nil, err
		}
		response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
		response.Header.Del("Content-Length")
		return response, nil
	})
}

// cloudFault is a Cloud that fails at one call, and what a relay makes of it.
type cloudFault struct {
	name string
	kind faults.Kind                                 // the Cloud fails, or
	does func(*http.Request) (*http.Response, error) // something on the way
	want map[faults.Call]error                       // by the call that fails; the kinds of a *registration.Error, or of a *cloud.Error
	says string
}

func cloudFaults() []cloudFault {
	all := func(write, read error) map[faults.Call]error {
		return map[faults.Call]error{
			faults.CallClients: write, faults.CallIntent: write,
			faults.CallToken: read, faults.CallLicense: read, faults.CallPoll: read,
		}
	}
	refused := all(registration.ErrRejected, registration.ErrRejected)
	unheard := all(registration.ErrOutcomeUnknown, registration.ErrRejected) // of, as a code of the Cloud
	gateway := func(status int, media, body string) func(*http.Request) (*http.Response, error) {
		return func(r *http.Request) (*http.Response, error) {
			header := http.Header{"Content-Type": {media}}
			return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
		}
	}
	inFront := all(registration.ErrOutcomeUnknown, cloud.ErrBadReply)
	return []cloudFault{
		{name: "500", kind: faults.ServerError, want: all(registration.ErrOutcomeUnknown, cloud.ErrUnavailable)},
		{name: "a proxy's 500", kind: faults.HTML, want: all(registration.ErrOutcomeUnknown, cloud.ErrUnavailable)},
		{name: "a portal's page", kind: faults.Page, want: all(registration.ErrOutcomeUnknown, cloud.ErrBadReply), says: "web page"},
		{name: "cut off", kind: faults.Malformed, want: all(registration.ErrOutcomeUnknown, cloud.ErrBadReply)},
		{name: "empty", kind: faults.Empty, want: all(registration.ErrOutcomeUnknown, cloud.ErrBadReply)},
		{name: "reset", kind: faults.Reset, want: all(registration.ErrOutcomeUnknown, cloud.ErrUnreachable)},
		{name: "400", kind: faults.BadRequest, want: unheard, says: "invalid_request"},
		{name: "401", kind: faults.Unauthorized, want: unheard},
		{name: "dropped", kind: faults.InvalidClient, want: refused},
		{name: "a gateway's 401", does: gateway(401, "text/plain", "Unauthorized"), want: inFront, says: "in front"},
		{name: "a gateway's 403", does: gateway(403, "text/html", "<title>Blocked</title>"), want: inFront, says: `web page "Blocked"`},
		{name: "a gateway's 404", does: gateway(404, "application/json", `{"message":"no Route matched"}`), want: inFront, says: "in front"},
		{name: "a gateway's 413", does: gateway(413, "", ""), want: inFront, says: "an empty reply"},
		{name: "unreachable", does: func(*http.Request) (*http.Response, error) {
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
		}, want: all(cloud.ErrUnreachable, cloud.ErrUnreachable)},
		{name: "429", does: func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: http.StatusTooManyRequests, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
		}, want: all(registration.ErrRateLimited, registration.ErrRateLimited)},
	}
}

// breakCall makes one call fail, from now on.
func (f cloudFault) breakCall(t *testing.T, r relayed, call faults.Call) []cloud.Option {
	t.Helper()
	if f.does != nil {
		return []cloud.Option{between(t, "/"+string(call), f.does)}
	}
	r.Cloud().SetFault(faults.Fault{Call: call, Kind: f.kind})
	return nil
}

// expect checks what the failure of a call is told as, and that the workspace was not asked to change anything.
func (f cloudFault) expect(t *testing.T, r relayed, call faults.Call, result registration.Result, err error, notes ...string) {
	t.Helper()
	want := f.want[call]
	clienttest.Expect(t, string(call), result, err, want, false)
	if !strings.Contains(err.Error(), f.says) {
		t.Errorf("%s: the error does not say %q: %v", call, f.says, err)
	}
	if errors.Is(want, registration.ErrOutcomeUnknown) != errors.Is(err, registration.ErrOutcomeUnknown) {
		t.Errorf("%s: what is known is said wrongly: %v", call, err)
	}
	r.expectNotes(t, string(call), result, err, notes...)
	for _, exchange := range r.History() {
		if strings.Contains(exchange.Path, "manualRegister") || strings.Contains(exchange.Path, "settings/") {
			t.Errorf("%s: the workspace was asked to change something: %s", call, exchange.Path)
		}
	}
}

// eachFault runs a test for each way in which a call may fail, on the dialects that differ.
func eachFault(t *testing.T, run func(t *testing.T, v string, f cloudFault)) {
	t.Helper()
	for _, f := range cloudFaults() {
		for _, v := range []string{"3.0.0", "5.4.0", "8.9.0"} {
			t.Run(f.name+"/"+v, func(t *testing.T) { t.Parallel(); run(t, v, f) })
		}
	}
}

// TestRelayTokenIsNotLostWithTheCloud: whichever call fails, the next run ends registered, and no second token is spent.
func TestRelayTokenIsNotLostWithTheCloud(t *testing.T) {
	t.Parallel()
	for _, call := range []faults.Call{faults.CallClients, faults.CallToken, faults.CallLicense} {
		t.Run(strings.ReplaceAll(string(call), "/", " "), func(t *testing.T) {
			t.Parallel()
			eachFault(t, func(t *testing.T, v string, f cloudFault) {
				r := newRelayed(t, v)
				var notes []string
				if call == faults.CallLicense {
					r.keep(t, clienttest.Without(t, r.grant(t), "licenseData"))
					notes = []string{noteOfKept}
				}
				token := r.Cloud().IssueToken()
				result, err := r.run(t, f.breakCall(t, r, call)...).Register(t.Context(), registration.Request{Token: token})
				f.expect(t, r, call, result, err, notes...)
				if _, kept := r.kept(t, "grants"); kept != (call != faults.CallClients) {
					t.Errorf("a grant is kept: %t", kept)
				}
				r.Cloud().ClearFaults()
				result, err = r.run(t).Register(t.Context(), registration.Request{Token: token})
				clienttest.Expect(t, "register again", result, err, nil, true)
				r.expectSpent(t, 1)
				r.expectPutAway(t)
			})
		})
	}
}

// TestRelayByEmailWithAFailingCloud: a message that nobody knows of may be asked for again, and a look that fails may be repeated.
func TestRelayByEmailWithAFailingCloud(t *testing.T) {
	t.Parallel()
	eachFault(t, func(t *testing.T, v string, f cloudFault) {
		r := newRelayed(t, v)
		result, err := r.run(t, f.breakCall(t, r, faults.CallIntent)...).Register(t.Context(), registration.Request{Email: "ops@example.com"})
		f.expect(t, r, faults.CallIntent, result, err)
		if errors.Is(err, registration.ErrOutcomeUnknown) && !strings.Contains(err.Error(), "a message that was sent already does no harm") {
			t.Errorf("the error is not about a message: %v", err)
		}
		r.Cloud().ClearFaults()
		ticket := clienttest.PendingTicket(t, r.run(t))
		if err := r.Cloud().ConfirmDevice(ticket.DeviceCode); err != nil {
			t.Fatal(err)
		}
		result, err = r.run(t, f.breakCall(t, r, faults.CallPoll)...).Resume(t.Context(), ticket)
		f.expect(t, r, faults.CallPoll, result, err)
		r.Cloud().ClearFaults()
		result, err = r.run(t).Resume(t.Context(), ticket)
		clienttest.Expect(t, "resume again", result, err, nil, true)
		r.expectPutAway(t)
	})
}

// TestRelayLosesTheReplyOfTheExchange: the token is spent and its grant is lost, which nobody but the Cloud console can mend.
func TestRelayLosesTheReplyOfTheExchange(t *testing.T) {
	t.Parallel()
	r := newRelayed(t, "6.13.0")
	dropped := 0
	dropper := clienttest.RoundTrip(func(q *http.Request) (*http.Response, error) {
		response, err := http.DefaultTransport.RoundTrip(q)
		if err != nil {
			return nil, err
		}
		dropped++
		return nil, errors.Join(response.Body.Close(), errors.New("the connection was reset"))
	})
	t.Cleanup(http.DefaultTransport.(*http.Transport).CloseIdleConnections)
	token := r.Cloud().IssueToken()
	result, err := r.run(t, cloud.WithRoundTripper(dropper)).Register(t.Context(), registration.Request{Token: token})
	clienttest.Expect(t, "register", result, err, registration.ErrOutcomeUnknown, false)
	r.expectNotes(t, "register", result, err)
	if dropped != 1 {
		t.Errorf("the token was sent %d times", dropped)
	}
	result, err = r.run(t).Register(t.Context(), registration.Request{Token: token})
	clienttest.Expect(t, "register again", result, err, cloud.ErrTokenUsed, false)
	if !errors.Is(err, registration.ErrRejected) || !strings.Contains(err.Error(), "has been in doubt since") || !strings.Contains(err.Error(), "with a new token") {
		t.Errorf("the error is %v", err)
	}
	r.expectNotes(t, "register again", result, err)
	result, err = r.run(t).Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
	clienttest.Expect(t, "register with a new token", result, err, nil, true)
	r.expectNotes(t, "register with a new token", result, err, "this workspace is "+result.After.WorkspaceID+" there")
	result, err = r.run(t).Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
	r.expectNotes(t, "register once more", result, err)
}

// TestRelayForgetsATokenThatIsSettled: of a token of which the Cloud or a status has told what became of it, nothing is said later.
func TestRelayForgetsATokenThatIsSettled(t *testing.T) {
	t.Parallel()
	for name, first := range map[string]func(relayed) faults.Fault{
		"not the Cloud's": func(relayed) faults.Fault {
			return faults.Fault{Call: faults.CallClients, Kind: faults.Unauthorized, Times: 1}
		},
		"reset before it": func(relayed) faults.Fault {
			return faults.Fault{Call: faults.CallClients, Kind: faults.Reset, Times: 1}
		},
		"license lost": func(relayed) faults.Fault { return faults.Fault{Call: faults.CallToken, Kind: faults.ServerError} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRelayed(t, "9.0.0")
			r.Cloud().SetFault(first(r))
			request := registration.Request{Token: r.Cloud().IssueToken()}
			if _, err := r.run(t).Register(t.Context(), request); err == nil {
				t.Fatal("it was registered at once")
			}
			r.Cloud().ClearFaults()
			result, err := r.run(t).Register(t.Context(), request)
			clienttest.Expect(t, "register again", result, err, nil, true)
			if result.LostTokens != 0 || strings.Contains(strings.Join(result.Notes, " "), "answer was lost") {
				t.Errorf("it tells of a lost token: %q", result.Notes)
			}
			r.expectSpent(t, 1)
		})
	}
}

// TestRelayWaitsThroughFailuresThatPass: a Cloud that is away for a moment ends no wait, one that refuses does.
func TestRelayWaitsThroughFailuresThatPass(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		kind  faults.Kind
		times int // more than one look repeats by itself
		want  error
	}{
		{faults.ServerError, 12, nil},
		{faults.Reset, 12, nil},
		{faults.Unauthorized, 1, registration.ErrRejected},
		{faults.Page, 1, cloud.ErrBadReply},
	} {
		t.Run(string(tc.kind), func(t *testing.T) {
			t.Parallel()
			r := newRelayed(t, "6.13.0")
			client := r.run(t)
			ticket := clienttest.PendingTicket(t, client)
			if err := r.Cloud().ConfirmDevice(ticket.DeviceCode); err != nil {
				t.Fatal(err)
			}
			r.Cloud().SetFault(faults.Fault{Call: faults.CallPoll, Kind: tc.kind, Times: tc.times})
			result, err := client.Wait(t.Context(), ticket)
			clienttest.Expect(t, "wait", result, err, tc.want, tc.want == nil)
		})
	}
}
