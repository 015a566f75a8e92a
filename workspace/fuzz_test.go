package workspace

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"unicode"

	"github.com/rcreg/registration/internal/httpclient"
)

const fuzzToken = "auth-token-0123456789"

// newOffline makes a client for readers that send nothing.
func newOffline(tb testing.TB) *Client {
	tb.Helper()
	client, err := New("https://chat.example.com", Token("id", fuzzToken))
	if err != nil {
		tb.Fatal(err)
	}
	return client
}

// checkFailure checks what must hold of an error, whatever the workspace said.
func checkFailure(t *testing.T, failed *Error) {
	t.Helper()
	if failed == nil {
		return
	}
	text := failed.Error()
	if failed.Kind == nil || !errors.Is(failed, failed.Kind) || failed.Address == "" || !strings.Contains(text, failed.Kind.Error()) {
		t.Fatalf("the error has no kind or no address: %q", text)
	}
	if failed.is(ErrTwoFactorRequired) != (failed.Challenge != nil) {
		t.Fatalf("kind %v, challenge %v", failed.Kind, failed.Challenge)
	}
	for _, r := range text {
		if unicode.IsControl(r) {
			t.Fatalf("the error holds control characters: %q", text)
		}
	}
	if len(text) > 6000 || strings.Contains(text, fuzzToken) {
		t.Fatalf("the error is too long or shows the token: %q", text)
	}
	for _, cause := range failed.Unwrap() {
		for ; cause != nil; cause = errors.Unwrap(cause) {
			if strings.Contains(cause.Error(), fuzzToken) {
				t.Fatalf("the cause shows the token: %q", cause)
			}
		}
	}
	_ = failed.verdict()
}

func jsonReply(status int, body []byte) *httpclient.Reply {
	return &httpclient.Reply{Status: status, Header: http.Header{"Content-Type": {jsonType}}, Body: body}
}

func FuzzReadReply(f *testing.F) {
	for _, seed := range []string{
		`{"success":true}`, `{"status":"success","data":{}}`, `{"success":false,"error":"unauthorized"}`, `{"status":"error","message":"x"}`,
		`{"success":false,"error":"TOTP Required [totp-required]","errorType":"totp-required","details":{"method":"totp","availableMethods":["a"]}}`,
		`{"success":false,"error":"You must wait 5 seconds [error-too-many-requests]"}`, `{"success":false,"error":{"a":[]}}`, `[]`, `null`, `{"succ`, "<html>",
		`{"success":false,"error":"` + fuzzToken + `\u0007\u202e"}`, `{"success":false,"error":"auth-\u0007token-\u200b0123456789"}`,
	} {
		for _, status := range []int{200, 400, 401, 403, 404, 405, 429, 500, 503} {
			f.Add(status, jsonType, []byte(seed))
			f.Add(status, "text/html", []byte(seed))
		}
	}
	f.Fuzz(func(t *testing.T, status int, media string, body []byte) {
		client := newOffline(t)
		reply := &httpclient.Reply{Status: status, Header: http.Header{"Content-Type": {media}}, Body: body}
		for _, effect := range []httpclient.Effect{httpclient.Read, httpclient.Write} {
			var out map[string]any
			failed := client.readReply(operation{name: "POST x", effect: effect}, reply, &out)
			checkFailure(t, failed)
			if failed == nil && (status >= 400 || !json.Valid(body)) {
				t.Fatalf("HTTP %d %q is a success", status, body)
			}
			if failed != nil && effect == httpclient.Read && failed.MayHaveRun {
				t.Fatal("a read may have run")
			}
		}
	})
}

func FuzzReadMethodReply(f *testing.F) {
	for _, seed := range []string{
		`{"msg":"result","id":"1","result":true}`, `{"msg":"result","id":"1","error":{}}`, `{"msg":"result","error":{"error":404,"reason":"x"}}`,
		`{"msg":"result","error":{"error":"too-many-requests","details":{"timeToReset":9335}}}`, `{"msg":"result"}`, `{"msg":"pong"}`, `7`, `{"msg":"result","result":{"$date":1}}`,
		`{"msg":"result","error":{"sanitizedError":{}}}`, `{"msg":"result","error":{"error":"totp-required","details":{"method":"email"}}}`,
	} {
		f.Add(200, []byte(seed))
		f.Add(400, []byte(seed))
	}
	f.Fuzz(func(t *testing.T, status int, inner []byte) {
		client := newOffline(t)
		body, err := json.Marshal(map[string]any{"success": status == 200, "message": string(inner)})
		if err != nil {
			return
		}
		var out any
		for _, reply := range []*httpclient.Reply{jsonReply(status, body), jsonReply(status, inner)} {
			failed := client.readMethodReply(operation{name: "m", effect: httpclient.Write}, reply, &out)
			checkFailure(t, failed)
			if failed == nil && status != http.StatusOK && status != http.StatusBadRequest {
				t.Fatalf("HTTP %d is a success", status)
			}
		}
	})
}

func FuzzReadInfo(f *testing.F) {
	for _, seed := range []string{
		`{"version":"3.0.0","success":true}`, `{"info":{"version":"6.4.0"},"success":true}`, `{"version":"8.6","supportedVersions":{"signed":"a.b.c"}}`,
		`{"version":"6.5.0-rc.14"}`, `{"version":"6.5.0-` + fuzzToken + `"}`, `{"version":"6.5.0-` + strings.Repeat("a", 100) + `"}`, `{"version":6}`, `{"info":[]}`, `{"version":"999999999999999999999999.1"}`, `{`,
	} {
		f.Add(200, []byte(seed))
	}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		client := newOffline(t)
		info, v, failed := client.readInfo(jsonReply(status, body))
		checkFailure(t, failed)
		if failed == nil && (status != http.StatusOK || v == nil || v.Original() != info.Version) {
			t.Fatalf("HTTP %d %q is %+v", status, body, info)
		}
		if len(info.Version) > maxVersion || strings.Contains(info.Version, fuzzToken) {
			t.Fatalf("the version %q is part of every error", info.Version)
		}
	})
}

func FuzzReadFrame(f *testing.F) {
	for _, seed := range []string{
		`{"server_id":"0"}`, `{"msg":"connected","session":"s"}`, `{"msg":"ping","id":"1"}`, `{"msg":"result","id":"2","error":{}}`,
		`{"msg":"failed","version":"1"}`, `{"msg":"error","reason":"x"}`, `[]`, `a`, `{"msg":7,"id":[]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got, err := readFrame(text)
		var refused *frameError
		switch {
		case err != nil && !errors.As(err, &refused):
			t.Fatalf("%q gave %T", text, err)
		case err == nil && !json.Valid(text):
			t.Fatalf("%q was accepted", text)
		case err == nil && got.Msg == "result":
			checkFailure(t, newOffline(t).readResult(operation{name: "m"}, 0, got.methodResult, new(any)))
		}
	})
}

func FuzzPlainDates(f *testing.F) {
	for _, seed := range []string{`{"$date":1}`, `[{"a":{"$date":-5}}]`, `{"$date":{"$date":1}}`, `{"$date":1`, `"$date"`, `{"$date":1e400}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		plain := plainDates(raw)
		if json.Valid(raw) && !json.Valid(plain) {
			t.Fatalf("%q became %q", raw, plain)
		}
		if again := plainDates(plain); json.Valid(raw) && string(again) != string(plain) {
			t.Fatalf("%q became %q and that %q", raw, plain, again)
		}
	})
}
