package registration_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/workspace"
)

// sessionOf is the dialect of a server that is nothing but its version and some replies.
func sessionOf(t *testing.T, version string, responders map[string]httpmock.Responder) *registration.Session {
	t.Helper()
	responders["GET /api/info"] = jsonReply(`{"success":true,"version":"` + version + `"}`)
	ws, _ := mocked(t, "https://chat.example.com", responders)
	client := clienttest.ClientOf(t, ws)
	return client.Session()
}

// counting answers as the replies do, one after the other and the last one from then on, and counts.
func counting(count *int, replies ...httpmock.Responder) httpmock.Responder {
	return func(r *http.Request) (*http.Response, error) {
		*count++
		return replies[min(*count, len(replies))-1](r)
	}
}

func replying(status int, contentType, body string) httpmock.Responder {
	return httpmock.NewStringResponder(status, body).HeaderSet(http.Header{"Content-Type": {contentType}})
}

// TestTheOtherCallOfAnAct is taken only where the first call cannot have run.
func TestTheOtherCallOfAnAct(t *testing.T) {
	t.Parallel()
	const overMethod, overREST = "POST /api/v1/method.call/cloud%3AsyncWorkspace", "POST /api/v1/cloud.syncWorkspace"
	yes := methodReply(`{"msg":"result","id":"1","result":true}`)
	for name, tc := range map[string]struct {
		version, first, other string
		answer, otherAnswer   httpmock.Responder
		others                int // how often the other call is asked
		want                  error
	}{
		"no endpoint":            {"6.5.0", overREST, overMethod, replying(404, "text/plain", "404 Not Found"), yes, 1, nil},
		"no method":              {"4.5.0", overMethod, overREST, methodReply(`{"msg":"result","id":"1","error":{"error":404}}`), jsonReply(`{"success":true}`), 1, nil},
		"a page, of whomever":    {"4.5.0", overMethod, overREST, replying(200, "text/html", "<html>"), jsonReply(`{"success":true}`), 0, workspace.ErrReplyLost},
		"forbidden":              {"6.5.0", overREST, overMethod, replying(403, "application/json", `{"success":false,"error":"unauthorized"}`), yes, 0, workspace.ErrForbidden},
		"nothing in return":      {"4.5.0", overMethod, overREST, methodReply(`{"msg":"result","id":"1","result":null}`), jsonReply(`{"success":true}`), 0, workspace.ErrRefused},
		"neither of them exists": {"6.5.0", overREST, overMethod, replying(404, "text/plain", "404 Not Found"), methodReply(`{"msg":"result","id":"1","error":{"error":404}}`), 1, workspace.ErrNoSuchCall},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			others := 0
			s := sessionOf(t, tc.version, map[string]httpmock.Responder{tc.first: tc.answer, tc.other: counting(&others, tc.otherAnswer)})
			if err := s.Sync(t.Context()); !errors.Is(err, tc.want) {
				t.Errorf("got %v, want %v", err, tc.want)
			}
			if others != tc.others {
				t.Errorf("the other call was asked %d times, want %d", others, tc.others)
			}
		})
	}
}

// TestOnlyReadingIsRepeated: after a proxy's error a question that changes nothing is asked again, whatever its protocol; one that acts is not, a GET neither.
func TestOnlyReadingIsRepeated(t *testing.T) {
	t.Parallel()
	status := func(ctx context.Context, s *registration.Session) error { _, err := s.Status(ctx); return err }
	poll := func(ctx context.Context, s *registration.Session) error { _, err := s.PollEmail(ctx, "s"); return err }
	sync := func(ctx context.Context, s *registration.Session) error { return s.Sync(ctx) }
	for name, tc := range map[string]struct {
		version, call string
		good          httpmock.Responder
		ask           func(context.Context, *registration.Session) error
		asked         int
	}{
		"status over a GET": {"6.5.0", "GET /api/v1/cloud.registrationStatus", jsonReply(`{"success":true,"registrationStatus":{"workspaceRegistered":false}}`), status, 2},
		"status over a method": {"4.5.0", "POST /api/v1/method.call/cloud%3AcheckRegisterStatus",
			methodReply(`{"msg":"result","id":"1","result":{"workspaceRegistered":false}}`), status, 2},
		"poll over a GET":    {"6.5.0", "GET /api/v1/cloud.confirmationPoll", jsonReply(`{"success":true,"pollData":{"successful":true}}`), poll, 1},
		"sync over a POST":   {"6.5.0", "POST /api/v1/cloud.syncWorkspace", jsonReply(`{"success":true}`), sync, 1},
		"sync over a method": {"4.5.0", "POST /api/v1/method.call/cloud%3AsyncWorkspace", methodReply(`{"msg":"result","id":"1","result":true}`), sync, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked := 0
			s := sessionOf(t, tc.version, map[string]httpmock.Responder{tc.call: counting(&asked, replying(502, "text/html", "<html>"), tc.good)})
			err := tc.ask(t.Context(), s)
			if asked != tc.asked || (err == nil) != (tc.asked > 1) || err != nil && !errors.Is(err, workspace.ErrReplyLost) {
				t.Errorf("asked %d times, want %d: %v", asked, tc.asked, err)
			}
		})
	}
}

// ownContext is a context of the caller's own kind: whoever derives one from it has a goroutine until the derived one is cancelled.
type ownContext struct {
	context.Context
	done chan struct{}
}

func (c ownContext) Done() <-chan struct{} { return c.done }

// TestNothingWatchesTheContextOfACallThatIsOver: goleak looks for who does, when all tests have run.
func TestNothingWatchesTheContextOfACallThatIsOver(t *testing.T) {
	t.Parallel()
	s := sessionOf(t, "6.5.0", map[string]httpmock.Responder{"POST /api/v1/cloud.syncWorkspace": jsonReply(`{"success":true}`)})
	if err := s.Sync(ownContext{t.Context(), make(chan struct{})}); err != nil {
		t.Error(err)
	}
}

// TestTextsOfAStatus: a text is what JSON says, however it is written, and what is none is shown as it came.
func TestTextsOfAStatus(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		`"ops@example.com"`: "ops@example.com", `""`: "", `"\u00e9\n"`: "é\n", "\"\xff\"": "\ufffd", `null`: "", `42`: "42", `{"a":1}`: `{"a":1}`,
	} {
		s := sessionOf(t, "6.5.0", map[string]httpmock.Responder{
			"GET /api/v1/cloud.registrationStatus": jsonReply(`{"success":true,"registrationStatus":{"workspaceRegistered":false,"email":` + value + `}}`),
		})
		if status, err := s.Status(t.Context()); err != nil || status.Email != want {
			t.Errorf("%s: got %q, %v", value, status.Email, err)
		}
	}
}
