package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// innerAnswer is the answer of a method inside the answer of method.call.
type innerAnswer struct {
	answer
	inner map[string]any
}

// method calls a method over method.call.
func (b *bench) method(as, name, params string) innerAnswer {
	b.t.Helper()
	return b.message(as, fmt.Sprintf(`{"msg":"method","id":"1","method":%q,"params":%s}`, name, params))
}

// message sends any text as the message of a method call.
func (b *bench) message(as, text string) innerAnswer {
	b.t.Helper()
	body, err := json.Marshal(map[string]string{"message": text})
	if err != nil {
		b.t.Fatal(err)
	}
	a := innerAnswer{answer: b.do(as, http.MethodPost, "/api/v1/method.call/anything", string(body))}
	if text, ok := a.body["message"].(string); ok {
		_ = json.Unmarshal([]byte(text), &a.inner)
	}
	return a
}

func (a innerAnswer) result() any { return a.inner["result"] }

func (a innerAnswer) errorField(name string) any {
	object, _ := a.inner["error"].(map[string]any)
	return object[name]
}

func (a innerAnswer) timeToReset() any {
	details, _ := a.errorField("details").(map[string]any)
	return details["timeToReset"]
}

func TestMethodResults(t *testing.T) {
	t.Parallel()
	const notFound = `{"error":404,"errorType":"Meteor.Error","isClientSafe":true,"message":"Method 'none' not found [404]","reason":"Method 'none' not found"}`
	for method, want := range map[string]string{
		"ok":       `{"id":"1","msg":"result","result":true}`,
		"null":     `{"id":"1","msg":"result","result":null}`,
		"nothing":  `{"id":"1","msg":"result"}`,
		"date":     `{"id":"1","msg":"result","result":{"at":{"$date":1500}}}`,
		"internal": `{"error":{},"id":"1","msg":"result"}`,
		"none":     `{"error":` + notFound + `,"id":"1","msg":"result"}`,
		"meteor":   `{"error":{"error":"error-x","errorType":"Meteor.Error","isClientSafe":true,"message":"X [error-x]","reason":"X"},"id":"1","msg":"result"}`,
		"match": `{"error":{"errorType":"Match.Error","message":"Match error: Expected string","path":"","sanitizedError":` +
			`{"error":400,"errorType":"Meteor.Error","isClientSafe":true,"message":"Match failed [400]","reason":"Match failed"}},"id":"1","msg":"result"}`,
	} {
		for version, failed := range map[string]int{"3.1.0": 200, "6.13.0": 200, "8.6.1": 400, "9.1.0": 400} {
			t.Run(version+" "+method, func(t *testing.T) {
				t.Parallel()
				a := newBench(t, version).method("admin", method, "[]")
				status := 200
				if strings.Contains(want, `"error"`) {
					status = failed
				}
				if a.body["message"] != want || a.status != status || a.body["success"] != (status == 200) {
					t.Errorf("got %d %s\nwant %d %s", a.status, a.text, status, want)
				}
			})
		}
	}
}

func TestMethodMessages(t *testing.T) {
	t.Parallel()
	const invalid = "Invalid method call"
	type shapes struct{ loose, strict, late string } // 3.1 to 5.3, 5.4 to 7.x, from 8.0
	for text, want := range map[string]shapes{
		`not json`:                              {"Unexpected token", "Unexpected token", "is not valid JSON"},
		`"x"`:                                   {`{"error":{},"msg":"result"}`, invalid, `{"error":{},"msg":"result"}`},
		`null`:                                  {"Cannot destructure", invalid, "Cannot destructure"},
		`{"msg":"method","id":"1","params":[]}`: {"'undefined' not found", invalid, "'undefined' not found"},
		`{"msg":"method","id":"1","method":"ok"}`:                        {`"error":{}`, invalid, `"error":{}`},
		`{"msg":"method","id":"1","method":"ok","params":{}}`:            {`"error":{}`, invalid, `"error":{}`},
		`{"msg":"method","method":"ok","params":[]}`:                     {`{"msg":"result","result":true}`, invalid, `{"msg":"result","result":true}`},
		`{"msg":"method","id":1,"method":"ok","params":[]}`:              {`"id":1,`, `"id":"1",`, `"id":1,`},
		`{"id":"1","method":"ok","params":[]}`:                           {`"result":true`, invalid, `"result":true`},
		`{"msg":"connect","id":"1","method":"ok","params":[]}`:           {`"result":true`, invalid, `"result":true`},
		`{"msg":"method","id":"1","method":"ok","params":[],"x":1}`:      {`"result":true`, invalid, `"result":true`},
		`{"msg":"method","id":{"a":1},"method":"ok","params":[]}`:        {`"id":{"a":1}`, invalid, `"id":{"a":1}`},
		`{"msg":"method","id":"1","method":{"a":1},"params":[]}`:         {`Method '{\"a\":1}' not found`, invalid, `not found`},
		`{"msg":"method","id":"1","method":"ok","params":[{"$date":1}]}`: {`"result":true`, `"result":true`, `"result":true`},
	} {
		for version, want := range map[string]string{
			"3.1.0": want.loose, "4.8.0": want.loose, "5.4.0": want.strict, "7.3.0": want.strict, "8.6.1": want.late,
		} {
			a := newBench(t, version).message("admin", text)
			got, ok := a.body["message"].(string)
			if !ok {
				got, _ = a.body["error"].(string)
			}
			if !strings.Contains(got, want) {
				t.Errorf("%s %s gives %s, want %s", version, text, a.text, want)
			}
		}
	}
}

func TestMethodCallBodies(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ version, body, want string }{
		{"3.1.0", `{}`, `{"error":"Match error: Missing key 'message'","success":false}`},
		{"4.8.0", `{"message":{"a":1}}`, `{"error":"Match error: Expected string, got object in field message","success":false}`},
		{"4.8.0", `{"message":"x","x":1}`, `{"error":"Match error: Unknown key in field x","success":false}`},
		{"6.0.0", `{}`, `{"error":"must have required property 'message' [invalid-params]","errorType":"invalid-params","success":false}`},
		{"6.0.0", `{"message":{"a":1}}`, `{"error":"must be string [invalid-params]","errorType":"invalid-params","success":false}`},
		{"6.0.0", `{"message":"x","x":1}`, `{"error":"must NOT have additional properties [invalid-params]","errorType":"invalid-params","success":false}`},
		{"8.6.1", `{}`, `{"error":"must have required property 'message'","errorType":"invalid-params","success":false}`},
	} {
		a := newBench(t, c.version).do("admin", http.MethodPost, "/api/v1/method.call/ok", c.body)
		if a.status != http.StatusBadRequest || a.text != c.want {
			t.Errorf("%s %s gives %d %s, want 400 %s", c.version, c.body, a.status, a.text, c.want)
		}
	}
}

func TestMethodCallsByRelease(t *testing.T) {
	t.Parallel()
	const body = `{"message":"{\"msg\":\"method\",\"id\":\"1\",\"method\":\"ok\",\"params\":[]}"}`
	if a := newBench(t, "3.0.0").do("admin", http.MethodPost, "/api/v1/method.call/ok", body); a.body != nil {
		t.Errorf("3.0 has no method.call, but answers %s", a.text)
	}
	for version, known := range map[string]bool{"3.1.0": false, "6.13.0": false, "8.6.1": true} {
		a := newBench(t, version).do("admin", http.MethodPost, "/api/v1/method.callAnon/ok", body)
		if got := strings.Contains(a.text, `\"result\":true`); a.status != 200 || got != known {
			t.Errorf("%s: method.callAnon knows its caller: %v, want %v (%s)", version, got, known, a.text)
		}
	}
	if a := newBench(t, "6.13.0").do("", http.MethodPost, "/api/v1/method.call/ok", body); a.status != http.StatusUnauthorized {
		t.Errorf("method.call as nobody gives %d, want 401", a.status)
	}
}

func FuzzMethodMessage(f *testing.F) {
	for _, text := range []string{``, `null`, `"x"`, `[]`, `{"msg":"method","id":"1","method":"ok","params":[]}`, `{"id":1e999}`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, version := range []string{"3.1.0", "6.13.0", "8.6.1"} {
			a := newBench(t, version).message("admin", text)
			if a.body == nil || (a.status != 200 && a.status != 400) {
				t.Errorf("%s: %d %s", version, a.status, a.text)
			}
		}
	})
}
