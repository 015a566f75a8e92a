package registration_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/registrationtest/faults"
	"github.com/rcreg/registration/workspace"
)

// replyDropper drops replies: the request is carried out, and its reply never arrives.
type replyDropper struct {
	drops   func(n int) bool // of the n-th request since it was armed, from 1
	armed   atomic.Bool
	n       atomic.Int64
	dropped atomic.Int64
}

func (f *replyDropper) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil || !f.armed.Load() || !f.drops(int(f.n.Add(1))) {
		return resp, err
	}
	f.dropped.Add(1)
	_ = resp.Body.Close()
	return nil, errors.New("the connection was reset")
}

// TestLostReplyOfAnAct drops the answer to the act alone: the status decides, and nothing but a sync is sent twice.
func TestLostReplyOfAnAct(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.1", "", func(t *testing.T, v string) {
		ws, clock := clienttest.Start(t, v)
		f := &replyDropper{drops: func(n int) bool { return n == 2 }} // after the status before
		client := clienttest.OpenOver(t, ws, clock, f)
		f.armed.Store(true)
		result, err := client.Register(t.Context(), registration.Request{Token: ws.Cloud().IssueToken()})
		clienttest.Expect(t, "register", result, err, nil, true)
		if f.dropped.Load() != 1 || len(ws.Cloud().SpentTokens()) != 1 || len(result.Notes) == 0 {
			t.Errorf("%d replies were dropped, %d tokens spent, notes %q", f.dropped.Load(), len(ws.Cloud().SpentTokens()), result.Notes)
		}
		f.n.Store(0)
		if !clienttest.Before(t, v, "8.7") {
			f.n.Store(-1) // the license is read as well
		}
		result, err = client.Sync(t.Context())
		clienttest.Expect(t, "sync", result, err, nil, false)
		if len(result.Notes) != 1 || !strings.Contains(result.Notes[0], "asked for again") {
			t.Errorf("notes of the sync: %q", result.Notes)
		}
		if !clienttest.Before(t, v, "6.5") {
			return
		}
		f.n.Store(0)
		result, err = client.Disconnect(t.Context())
		clienttest.Expect(t, "disconnect", result, err, nil, true)
	})
}

// TestUnreadableStatus drops every answer from the act on, or from the look after it on: nobody can know then.
func TestUnreadableStatus(t *testing.T) {
	t.Parallel()
	for name, from := range map[string]int{"the act's reply too": 2, "only the status": 3, "a later look": 4} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clienttest.EachVersion(t, "3.1", "", func(t *testing.T, v string) {
				ws, clock := clienttest.Start(t, v)
				f := &replyDropper{drops: func(n int) bool { return n >= from }}
				client := clienttest.OpenOver(t, ws, clock, f)
				f.armed.Store(true)
				result, err := client.Register(t.Context(), registration.Request{Token: ws.Cloud().IssueToken()})
				clienttest.Expect(t, "register", result, err, registration.ErrOutcomeUnknown, from == 4) // it was seen once
				if text := fmt.Sprint(err); !strings.Contains(text, "status cannot be read") || strings.Contains(text, ws.Cloud().SpentTokens()[0]) {
					t.Errorf("the error is %v", err)
				}
				f.armed.Store(false)
				result, err = client.Register(t.Context(), registration.Request{Token: ws.Cloud().IssueToken()})
				clienttest.Expect(t, "register again", result, err, nil, false)
				if n := len(ws.Cloud().SpentTokens()); n != 1 {
					t.Errorf("%d tokens were spent", n)
				}
			})
		})
	}
}

// aged lets every answer from the n-th on look like one of a cache.
type aged struct {
	from, n int64
	header  http.Header
}

func (a *aged) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := http.DefaultTransport.RoundTrip(r)
	if a.n++; err == nil && a.n >= a.from && r.Method == http.MethodGet {
		maps.Copy(resp.Header, a.header)
	}
	return resp, err
}

// TestStatusOfACache: it proves nothing. Before the act nothing is spent, after it nobody can know, and there is no word of another token.
func TestStatusOfACache(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		from   int64 // of GET api/info, the status before, the act, the status after
		spent  int
		kind   string
		header http.Header
	}{
		"the version":       {1, 0, "bad_reply", http.Header{"Age": {"40"}}},
		"the status before": {2, 0, "bad_reply", http.Header{"X-Cache": {"HIT"}}},
		"the status after":  {4, 1, "outcome_unknown", http.Header{"Cache-Status": {"edge; hit; ttl=5"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ws, clock := clienttest.Start(t, "8.8.0")
			w, err := workspace.New(ws.URL(), workspace.Token(ws.Admin().UserID, ws.Admin().AuthToken), workspace.WithClock(clock),
				workspace.WithRoundTripper(&aged{from: tc.from, header: tc.header}))
			if err != nil {
				t.Fatal(err)
			}
			client, err := registration.New(t.Context(), w)
			if err == nil {
				_, err = client.Register(t.Context(), registration.Request{Token: ws.Cloud().IssueToken()})
			}
			text := fmt.Sprint(err)
			if failure.KindOf(err).Name() != tc.kind || !strings.Contains(text, "cache") || !strings.Contains(text, "let GET /api/v1/*") || strings.Contains(text, "new") {
				t.Errorf("got %s, %v", failure.KindOf(err).Name(), err)
			}
			if n := len(ws.Cloud().SpentTokens()); n != tc.spent {
				t.Errorf("%d tokens were spent", n)
			}
		})
	}
}

// TestUnreadableStatusBefore: nothing is tried on a workspace whose status cannot be read.
func TestUnreadableStatusBefore(t *testing.T) {
	t.Parallel()
	ws, clock := clienttest.Start(t, "6.0.0")
	f := &replyDropper{drops: func(int) bool { return true }}
	client := clienttest.OpenOver(t, ws, clock, f)
	ticket := clienttest.PendingTicket(t, client)
	f.armed.Store(true)
	for name, run := range map[string]func() (registration.Result, error){
		"register": func() (registration.Result, error) {
			return client.Register(t.Context(), registration.Request{Token: ws.Cloud().IssueToken()})
		},
		"resume":     func() (registration.Result, error) { return client.Resume(t.Context(), ticket) },
		"sync":       func() (registration.Result, error) { return client.Sync(t.Context()) },
		"disconnect": func() (registration.Result, error) { return client.Disconnect(t.Context()) },
		"reconnect":  func() (registration.Result, error) { return client.Reconnect(t.Context()) },
	} {
		if _, err := run(); err == nil || errors.Is(err, registration.ErrOutcomeUnknown) || !strings.Contains(err.Error(), "nothing was changed") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if len(ws.Cloud().SpentTokens()) != 0 {
		t.Error("a token was spent")
	}
	newer, clock := clienttest.Start(t, "6.5.0")
	id := newer.Setting("uniqueID")
	f.armed.Store(false)
	client = clienttest.OpenOver(t, newer, clock, f)
	f.armed.Store(true)
	if _, err := client.Disconnect(t.Context(), registration.ForgetIdentity()); err == nil || newer.Setting("uniqueID") != id {
		t.Errorf("forget the identity: got %v", err)
	}
}

// TestImpatience: a server that does not answer an act in time is asked for its status instead.
func TestImpatience(t *testing.T) {
	t.Parallel()
	ws, clock := clienttest.Start(t, "5.4.0")
	client := clienttest.OpenWithToken(t, ws, clock, registration.WithActTimeout(50e6))
	ws.Cloud().SetFault(faults.Fault{Call: faults.CallClients, Kind: faults.Hang, Times: 1})
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second) // less than an act may take of which nothing is said
	defer cancel()
	result, err := client.Register(ctx, registration.Request{Token: ws.Cloud().IssueToken()})
	clienttest.Expect(t, "register", result, err, workspace.ErrReplyLost, false)
	if ctx.Err() != nil {
		t.Error("it waited for the end of the context")
	}
	// Reading takes as long as it takes.
	clienttest.ExpectState(t, clienttest.OpenWithToken(t, ws, clock, registration.WithActTimeout(1)), registration.Unregistered)
	patient := clienttest.OpenWithToken(t, ws, clock)
	result, err = patient.Register(t.Context(), registration.Request{Token: ws.Cloud().IssueToken()})
	clienttest.Expect(t, "register again", result, err, nil, true)
}

func TestCancelledBeforeItBegan(t *testing.T) {
	t.Parallel()
	ws, clock := clienttest.Start(t, "6.5.0")
	client := clienttest.OpenWithToken(t, ws, clock)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	asked := len(ws.History())
	if _, err := client.Register(ctx, registration.Request{Token: "some-token"}); !errors.Is(err, context.Canceled) || errors.Is(err, registration.ErrOutcomeUnknown) {
		t.Errorf("got %v, want context.Canceled and no doubt", err)
	}
	if n := len(ws.History()); n != asked {
		t.Errorf("%d requests were sent", n-asked)
	}
}

// TestLostReplyOfAMessage drops the answer to the request for a message: no status reports whether it was sent.
func TestLostReplyOfAMessage(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "4.4", "", func(t *testing.T, v string) {
		ws, clock := clienttest.Start(t, v)
		f := &replyDropper{drops: func(n int) bool { return n == 2 }} // after the status before
		client := clienttest.OpenOver(t, ws, clock, f)
		f.armed.Store(true)
		request := registration.Request{Email: "ops@example.com"}
		result, err := client.Register(t.Context(), request)
		clienttest.Expect(t, "register", result, err, registration.ErrOutcomeUnknown, false)
		result, err = client.Register(t.Context(), request)
		clienttest.Expect(t, "register again", result, err, registration.ErrPending, false)
	})
}

// TestNeitherYesNorNo: what is no answer to an act proves nothing, neither over method.call nor over REST.
func TestNeitherYesNorNo(t *testing.T) {
	t.Parallel()
	for answer, kind := range map[string]error{`"yes"`: workspace.ErrReplyLost, `42`: workspace.ErrReplyLost, `{}`: workspace.ErrReplyLost, `false`: workspace.ErrRefused, `true`: nil} {
		for version, call := range map[string]string{"6.0.0": "method.call/cloud%3AsyncWorkspace", "8.7.0": "cloud.syncWorkspace"} {
			body := `{"success":` + answer + `}`
			if version == "6.0.0" {
				body = fmt.Sprintf(`{"success":true,"message":%q}`, `{"msg":"result","id":"1","result":`+answer+`}`)
			}
			ws, _ := mocked(t, "https://chat.example.com", map[string]httpmock.Responder{
				"GET /api/info": jsonReply(`{"version":"` + version + `","success":true}`), "POST /api/v1/" + call: jsonReply(body),
			})
			client := clienttest.ClientOf(t, ws)
			if err := client.Session().Sync(t.Context()); !errors.Is(err, kind) || err != nil && errors.Is(err, workspace.ErrRefused) != errors.Is(kind, workspace.ErrRefused) {
				t.Errorf("%s of %s: got %v, want %v", answer, version, err, kind)
			}
		}
	}
}
