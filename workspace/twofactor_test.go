package workspace_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"
	"testing"

	kinds "github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/workspace"
)

// factorRequired is a REST reply that asks for a second factor, recorded at 3.18.0.
func factorRequired(method string) string {
	return `{"success":false,"error":"TOTP Required [totp-required]","errorType":"totp-required","details":{"method":"` + method + `","codeGenerated":false,"availableMethods":[]}}`
}

func code(text string) workspace.Option {
	return workspace.WithTwoFactor(func(context.Context, workspace.Challenge) (string, error) { return text, nil })
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func TestSecondFactorIsAnswered(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		credentials  workspace.Credentials
		option       workspace.Option
		method       string
		header, code string
	}{
		"totp":                             {workspace.Token("id", authToken), code("654321"), "totp", "totp", "654321"},
		"e-mail":                           {workspace.Token("id", authToken), code("654321"), "email", "email", "654321"},
		"a method of the longest name":     {workspace.Token("id", authToken), code("654321"), strings.Repeat("m", 32), strings.Repeat("m", 32), "654321"},
		"no method named":                  {workspace.Token("id", authToken), code("654321"), "", "totp", "654321"},
		"password, asked for":              {workspace.Token("id", authToken), code(password), "password", "password", hash(password)},
		"password, known":                  {workspace.Password("admin", password), code("not asked"), "password", "password", hash(password)},
		"totp, with password credentials":  {workspace.Password("admin", password), code("654321"), "totp", "totp", "654321"},
		"password, known without a dialog": {workspace.Password("admin", password), workspace.WithMaxReply(1024), "password", "password", hash(password)},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMockedAs(t, test.credentials, "6.4.0", test.option)
			m.answer(http.MethodPost, "/api/v1/login", respond(http.StatusOK, jsonType, loginReply))
			var second sent
			m.answer(http.MethodPost, "/api/v1/settings/x", respond(400, jsonType, factorRequired(test.method)).
				Then(keep(&second, respond(http.StatusOK, jsonType, success))))
			if err := m.Post(t.Context(), "settings/x", map[string]bool{"value": true}, nil); err != nil {
				t.Fatal(err)
			}
			header := second.request.Header
			if header.Get("X-2FA-Method") != test.header || header.Get("X-2FA-Code") != test.code || second.body != `{"value":true}` {
				t.Errorf("sent %v with %s", header, second.body)
			}
		})
	}
}

func TestSecondFactorInsideAMethod(t *testing.T) {
	t.Parallel()
	m := newMocked(t, "6.4.0", code("654321"))
	inner := `{\"msg\":\"result\",\"id\":\"1\",\"error\":{\"isClientSafe\":true,\"error\":\"totp-required\",\"reason\":\"TOTP Required\",\"details\":{\"method\":\"totp\"},\"message\":\"TOTP Required [totp-required]\",\"errorType\":\"Meteor.Error\"}}`
	var second sent
	m.answer(http.MethodPost, "/api/v1/method.call/saveSetting", respond(http.StatusOK, jsonType, `{"success":true,"message":"`+inner+`"}`).
		Then(keep(&second, respond(http.StatusOK, jsonType, `{"success":true,"message":"{\"msg\":\"result\",\"id\":\"1\",\"result\":true}"}`))))
	var done bool
	if err := m.CallMethod(t.Context(), "saveSetting", &done); err != nil || !done {
		t.Fatal(err)
	}
	if second.request.Header.Get("X-2FA-Code") != "654321" {
		t.Errorf("sent %v", second.request.Header)
	}
}

func TestSecondFactorFailures(t *testing.T) {
	t.Parallel()
	cause := errors.New("the user went home")
	wrong := `{"success":false,"error":"TOTP Invalid 654321 [totp-invalid]","errorType":"totp-invalid"}`
	tests := map[string]struct {
		option   workspace.Option
		second   string
		kind     error
		is       error
		requests int
	}{
		"nobody to ask":   {workspace.WithMaxReply(1024), success, workspace.ErrTwoFactorRequired, nil, 1},
		"no answer":       {workspace.WithTwoFactor(func(context.Context, workspace.Challenge) (string, error) { return "", cause }), success, workspace.ErrTwoFactorRequired, cause, 1},
		"empty code":      {code(" \n"), success, workspace.ErrTwoFactorRequired, nil, 1},
		"code of lines":   {code("12\n34"), success, workspace.ErrTwoFactorRequired, nil, 1},
		"wrong code":      {code("654321"), wrong, workspace.ErrTwoFactorInvalid, nil, 2},
		"asked for again": {code("654321"), factorRequired("totp"), workspace.ErrTwoFactorRequired, nil, 2},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMocked(t, "6.4.0", test.option)
			m.answer(http.MethodPost, "/api/v1/x", respond(400, jsonType, factorRequired("totp")).Then(respond(400, jsonType, test.second)))
			err := m.Post(t.Context(), "x", nil, nil)
			failed := failure(t, err)
			if !errors.Is(failed.Kind, test.kind) || (test.is != nil && !errors.Is(err, test.is)) || errors.Is(err, workspace.ErrReplyLost) {
				t.Errorf("got %v", err)
			}
			if got := m.calls(http.MethodPost, "/api/v1/x"); got != test.requests {
				t.Errorf("sent %d requests", got)
			}
			if strings.Contains(err.Error(), "654321") {
				t.Errorf("the code shows: %v", err)
			}
		})
	}
}

// TestSecondFactorWaysOut walks all methods × asked for, wrong: each has a way out of its own, which leads nowhere where another method is asked for.
func TestSecondFactorWaysOut(t *testing.T) {
	t.Parallel()
	for method, act := range map[string]kinds.Act{"totp": kinds.SecondFactor, "email": kinds.CodeFromEmail, "password": kinds.GivePassword} {
		asked := factorRequired(method)
		for name, test := range map[string]struct {
			answer workspace.Option
			kind   error
		}{
			"asked for": {workspace.WithMaxReply(1024), workspace.ErrTwoFactorRequired},
			"wrong":     {code("654321"), workspace.ErrTwoFactorInvalid},
		} {
			t.Run(method+" "+name, func(t *testing.T) {
				t.Parallel()
				m := newMocked(t, "6.4.0", test.answer)
				wrong := strings.NewReplacer("totp-required", "totp-invalid", "Required", "Invalid").Replace(asked)
				m.answer(http.MethodPost, "/api/v1/x", respond(400, jsonType, asked).Then(respond(400, jsonType, wrong)))
				failed := failure(t, m.Post(t.Context(), "x", nil, nil))
				if ways := kinds.Remedies(failed); !errors.Is(failed.Kind, test.kind) || len(ways) != 1 || ways[0].Act != act || failed.Challenge.Method != method {
					t.Errorf("%v: the ways out are %v, of %+v", failed, ways, failed.Challenge)
				}
			})
		}
	}
}
