package workspace_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"

	kinds "github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/workspace"
)

const (
	password     = "correct horse battery"
	sessionToken = "session-token-1"
	loginReply   = `{"status":"success","data":{"userId":"admin-id","authToken":"session-token-1","me":{"_id":"admin-id"}}}`
	success      = `{"success":true}`
)

// newLogin makes a client that logs in with a password.
func newLogin(t *testing.T, options ...workspace.Option) *mocked {
	t.Helper()
	return newMockedAs(t, workspace.Password("admin", password), "6.4.0", options...)
}

func TestLoginOnFirstNeed(t *testing.T) {
	t.Parallel()
	m := newLogin(t)
	var login, call, logout sent
	m.answer(http.MethodPost, "/api/v1/login", keep(&login, respond(http.StatusOK, jsonType, loginReply)))
	m.answer(http.MethodGet, "/api/v1/x", keep(&call, respond(http.StatusOK, jsonType, success)))
	m.answer(http.MethodPost, "/api/v1/logout", keep(&logout, respond(http.StatusOK, jsonType, `{"status":"success","data":{"message":"You've been logged out!"}}`)))

	for range 2 {
		if err := m.Get(t.Context(), "x", nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	if login.body != `{"password":"correct horse battery","user":"admin"}` || login.request.Header.Get("X-Auth-Token") != "" {
		t.Errorf("logged in with %s", login.body)
	}
	if call.request.Header.Get("X-Auth-Token") != sessionToken || call.request.Header.Get("X-User-Id") != "admin-id" {
		t.Errorf("called with %v", call.request.Header)
	}
	if got := m.calls(http.MethodPost, "/api/v1/login"); got != 1 {
		t.Errorf("logged in %d times", got)
	}
	for range 2 {
		if err := m.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if logout.request.Header.Get("X-Auth-Token") != sessionToken || m.calls(http.MethodPost, "/api/v1/logout") != 1 {
		t.Errorf("logged out %d times", m.calls(http.MethodPost, "/api/v1/logout"))
	}
}

func TestLogoutFailures(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		reply httpmock.Responder
		kind  error
	}{
		"forgotten by the workspace": {respond(401, jsonType, `{"status":"error","message":"You must be logged in to do this."}`), nil},
		"lost":                       {httpmock.NewErrorResponder(io.ErrUnexpectedEOF), workspace.ErrReplyLost},
		"empty, from 7.6":            {respond(200, jsonType, ""), nil},
		"empty, of something else":   {respond(200, "", ""), workspace.ErrNotRocketChat},
		"empty, cut off":             {respond(200, jsonType, "{"), workspace.ErrBadReply},
		"empty, and failed":          {respond(500, jsonType, ""), workspace.ErrInternal},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newLogin(t)
			m.answer(http.MethodPost, "/api/v1/login", respond(http.StatusOK, jsonType, loginReply))
			m.answer(http.MethodGet, "/api/v1/x", respond(http.StatusOK, jsonType, success))
			m.answer(http.MethodPost, "/api/v1/logout", test.reply)
			if err := m.Get(t.Context(), "x", nil, nil); err != nil {
				t.Fatal(err)
			}
			if err := m.Close(t.Context()); !errors.Is(err, test.kind) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestLoginFailures(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		reply httpmock.Responder
		kind  error
	}{
		"wrong password up to 6.13": {respond(401, jsonType, `{"status":"error","error":"Unauthorized","message":"Unauthorized"}`), kinds.LoginRefused},
		"wrong password by 8.6":     {respond(401, jsonType, `{"success":false,"error":"Unauthorized","status":"error","message":"Unauthorized"}`), kinds.LoginRefused},
		"wrong password from 9.0":   {respond(401, jsonType, `{"success":false,"error":"unauthorized"}`), kinds.LoginUnexplained},
		"a user blocked":            {respond(401, jsonType, `{"status":"error","error":"error-login-blocked-for-user","message":"Login has been temporarily blocked For User [error-login-blocked-for-user]"}`), kinds.LoginBlocked},
		"an address blocked":        {respond(401, jsonType, `{"status":"error","error":"error-login-blocked-for-ip","message":"Login has been temporarily blocked For IP [error-login-blocked-for-ip]"}`), kinds.LoginBlocked},
		"no password":               {respond(401, jsonType, `{"status":"error","error":403,"message":"User has no password set [403]"}`), kinds.NoPassword},
		"an app":                    {respond(401, jsonType, `{"status":"error","error":"error-app-user-is-not-allowed-to-login","message":"App user is not allowed to login [error-app-user-is-not-allowed-to-login]"}`), kinds.NoPassword},
		"not active":                {respond(401, jsonType, `{"success":false,"error":"error-user-is-not-activated","status":"error","message":"User is not activated [error-user-is-not-activated]"}`), kinds.UserNotActive},
		"not verified":              {respond(401, jsonType, `{"status":"error","error":"error-invalid-email","message":"Invalid email __email__ [error-invalid-email]"}`), kinds.EmailUnproven},
		"second factor":             {respond(401, jsonType, `{"status":"error","error":"totp-required","message":"TOTP Required","details":{"method":"totp"}}`), workspace.ErrTwoFactorRequired},
		"lost":                      {httpmock.NewErrorResponder(io.ErrUnexpectedEOF), workspace.ErrNotSent},
		"a web page":                {respond(200, htmlType, somePage), workspace.ErrNotRocketChat},
		"no token":                  {respond(200, jsonType, `{"status":"success","data":{"userId":"x"}}`), workspace.ErrBadReply},
		"no user id":                {respond(200, jsonType, `{"status":"success","data":{"authToken":"x"}}`), workspace.ErrBadReply},
		"a token of two lines":      {respond(200, jsonType, `{"status":"success","data":{"userId":"x","authToken":"a\nb"}}`), workspace.ErrBadReply},
		"data of another type":      {respond(200, jsonType, `{"status":"success","data":[]}`), workspace.ErrBadReply},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newLogin(t)
			m.answer(http.MethodPost, "/api/v1/login", test.reply)
			failed := failure(t, m.Post(t.Context(), "x", nil, nil))
			if !errors.Is(failed.Kind, test.kind) || failed.Operation != "POST login" {
				t.Errorf("got %v", failed)
			}
			if errors.Is(failed, workspace.ErrReplyLost) {
				t.Error("a call that was never sent reads as if it may have been carried out")
			}
			if strings.Contains(failed.Error(), password) {
				t.Errorf("the password shows: %v", failed)
			}
			if m.calls(http.MethodPost, "/api/v1/x") != 0 {
				t.Error("the call was sent without a login")
			}
		})
	}
}

func TestExpiredLoginIsRenewedOnce(t *testing.T) {
	t.Parallel()
	expired := respond(401, jsonType, `{"status":"error","message":"You must be logged in to do this."}`)
	good := respond(http.StatusOK, jsonType, success)
	tests := map[string]struct {
		replies httpmock.Responder
		logins  int
		kind    error
	}{
		"expired":    {expired.Then(good), 2, nil},
		"locked out": {expired, 2, kinds.TokenNotSeen},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newLogin(t)
			m.answer(http.MethodPost, "/api/v1/login", respond(http.StatusOK, jsonType, loginReply))
			m.answer(http.MethodGet, "/api/v1/x", test.replies)
			if err := m.Get(t.Context(), "x", nil, nil); !errors.Is(err, test.kind) {
				t.Errorf("got %v", err)
			}
			if got := m.calls(http.MethodPost, "/api/v1/login"); got != test.logins {
				t.Errorf("logged in %d times", got)
			}
		})
	}
}

// A gateway that has passed a write on may answer in these words: the next call logs in.
func TestWriteIsNotSentAgainAfterAFreshLogin(t *testing.T) {
	t.Parallel()
	m := newLogin(t)
	m.answer(http.MethodPost, "/api/v1/login", respond(http.StatusOK, jsonType, loginReply))
	m.answer(http.MethodPost, "/api/v1/x", respond(401, jsonType, `{"status":"error","message":"You must be logged in to do this."}`))
	m.answer(http.MethodGet, "/api/v1/x", respond(http.StatusOK, jsonType, success))
	failed := failure(t, m.Post(t.Context(), "x", nil, nil))
	if sent := m.calls(http.MethodPost, "/api/v1/x"); !errors.Is(failed, workspace.ErrUnauthorized) || !failed.Plain || sent != 1 {
		t.Errorf("sent %d times: %v", sent, failed)
	}
	if err := m.Get(t.Context(), "x", nil, nil); err != nil || m.calls(http.MethodPost, "/api/v1/login") != 2 {
		t.Errorf("logged in %d times: %v", m.calls(http.MethodPost, "/api/v1/login"), err)
	}
}

func TestExpiredLoginWhoseRenewalFails(t *testing.T) {
	t.Parallel()
	m := newLogin(t)
	m.answer(http.MethodPost, "/api/v1/login", respond(http.StatusOK, jsonType, loginReply).
		Then(respond(401, jsonType, `{"success":false,"error":"unauthorized"}`)))
	m.answer(http.MethodGet, "/api/v1/x", respond(401, jsonType, `{"status":"error","message":"You must be logged in to do this."}`))
	if failed := failure(t, m.Get(t.Context(), "x", nil, nil)); failed.Operation != "POST login" {
		t.Errorf("got %v", failed)
	}
}

func TestLoginWithASecondFactor(t *testing.T) {
	t.Parallel()
	var challenges []workspace.Challenge
	m := newLogin(t, workspace.WithTwoFactor(func(_ context.Context, c workspace.Challenge) (string, error) {
		challenges = append(challenges, c)
		return " 123456\n", nil
	}))
	required := respond(401, jsonType, `{"status":"error","error":"totp-required","message":"TOTP Required","details":{"method":"email","codeGenerated":true,"availableMethods":["totp","email"]}}`)
	var second sent
	m.answer(http.MethodPost, "/api/v1/login", required.Then(keep(&second, respond(http.StatusOK, jsonType, loginReply))))
	m.answer(http.MethodGet, "/api/v1/x", respond(http.StatusOK, jsonType, success))
	if err := m.Get(t.Context(), "x", nil, nil); err != nil {
		t.Fatal(err)
	}
	if len(challenges) != 1 || challenges[0].Method != "email" || !challenges[0].CodeSent || len(challenges[0].Methods) != 2 || challenges[0].Operation != "POST login" {
		t.Errorf("asked %+v", challenges)
	}
	var body map[string]string
	if err := json.Unmarshal([]byte(second.body), &body); err != nil || body["code"] != "123456" {
		t.Errorf("sent %s", second.body)
	}
	if second.request.Header.Get("X-2FA-Code") != "123456" || second.request.Header.Get("X-2FA-Method") != "email" {
		t.Errorf("sent %v", second.request.Header)
	}
}
