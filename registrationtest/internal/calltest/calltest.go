// Package calltest makes the HTTP calls of tests to fake servers, one connection each.
package calltest

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
)

// Reply is the answer of a server.
type Reply struct {
	Status int
	Body   map[string]any // nil for a page
	Text   string
}

// Call sends a request with a JSON body to a server and returns its answer.
func Call(t *testing.T, method, url, body string, header http.Header) Reply {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header = header.Clone()
	if request.Header == nil {
		request.Header = http.Header{}
	}
	request.Header.Set("Content-Type", "application/json")
	request.Close = true // no connection stays behind
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	reply := Reply{Status: response.StatusCode, Text: string(text)}
	_ = json.Unmarshal(text, &reply.Body)
	return reply
}

// Headers are the credentials of an account.
func Headers(userID, authToken string) http.Header {
	return http.Header{"X-User-Id": {userID}, "X-Auth-Token": {authToken}}
}

// Method calls a method of a workspace over method.call and returns its result.
func Method(t *testing.T, address string, credentials http.Header, name string, params ...any) any {
	t.Helper()
	message, err := json.Marshal(map[string]any{"msg": "method", "id": "1", "method": name, "params": append([]any{}, params...)})
	if err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(map[string]string{"message": string(message)})
	if err != nil {
		t.Fatal(err)
	}
	reply := Call(t, http.MethodPost, address+"/api/v1/method.call/"+name, string(body), credentials)
	var answer struct{ Result any }
	text, _ := reply.Body["message"].(string)
	if err := json.Unmarshal([]byte(text), &answer); err != nil {
		t.Fatalf("%s: %d %s", name, reply.Status, reply.Text)
	}
	return answer.Result
}
