package registrationtest

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// compareReply compares a reply over HTTP: status, headers, and the body's shape and words.
func (p *play) compareReply(step *recording, reply httpReply) []string {
	var diffs []string
	want := step.Response
	if want.Status != nil && *want.Status != reply.status {
		diffs = append(diffs, fmt.Sprintf("status %d, want %d", reply.status, *want.Status))
	}
	diffs = append(diffs, compareHeaders(want.Headers, reply.header)...)
	var got any
	switch media(reply.header.Get("Content-Type")) {
	case "application/json":
		if len(reply.body) == 0 && want.Body == "" {
			return diffs // the answer to a HEAD, or to a logout
		}
		if err := json.Unmarshal(reply.body, &got); err != nil {
			return append(diffs, fmt.Sprintf("body is not JSON: %v", err))
		}
	case "text/html":
		return diffs // a page: its words are the web client's
	default:
		got = string(reply.body)
		if got == "" && want.Body == nil {
			return diffs
		}
	}
	return append(diffs, p.compareBodies(p.opened(want.Body, want.Message), p.opened(got, nil))...)
}

// incomplete says what a recording lacks: without it the replay would pass whatever the fake does.
func incomplete(step *recording) []string {
	if step.Via != "rest" && step.Via != "method.call" || step.Response.ClientError != "" {
		return nil
	}
	var diffs []string
	if step.Response.Status == nil {
		diffs = append(diffs, "the recording has no status")
	}
	if step.Response.Headers == nil {
		diffs = append(diffs, "the recording has no headers")
	}
	for _, call := range step.Calls {
		if call.Headers == nil {
			diffs = append(diffs, "the recording has no headers of "+call.Path)
		} else if call.BodyKeys == nil && call.Headers["content-type"] != "" {
			diffs = append(diffs, "the recording has no body keys of "+call.Path)
		}
	}
	return append(diffs, contradicts(step)...)
}

// contradicts says where the text of a method's answer is not the JSON that was recorded beside it.
func contradicts(step *recording) []string {
	body, _ := step.Response.Body.(map[string]any)
	text, isText := body["message"].(string)
	if !isText || step.Response.Message == nil {
		return nil
	}
	var parsed any
	if json.Unmarshal([]byte(text), &parsed) != nil || !equalJSON(parsed, step.Response.Message) {
		return []string{"the recorded message is not the JSON beside it"}
	}
	return nil
}

// opened puts the JSON inside a method's answer in the place of its text.
func (p *play) opened(body, message any) any {
	object, ok := body.(map[string]any)
	if !ok {
		return body
	}
	text, ok := object["message"].(string)
	if !ok {
		return body
	}
	if message == nil && json.Unmarshal([]byte(text), &message) != nil {
		return body
	}
	if _, ok := message.(map[string]any); !ok {
		return body
	}
	object = maps.Clone(object)
	object["message"] = message
	return object
}

// compareBodies compares two bodies; registration data by what is inside its base64.
func (p *play) compareBodies(want, got any) []string {
	return p.compare("body", decoded(want), decoded(got))
}

// decoded puts registration data in the place of its base64.
func decoded(value any) any {
	switch v := value.(type) {
	case string:
		text, err := base64.StdEncoding.DecodeString(v)
		var data map[string]any
		if err == nil && json.Unmarshal(text, &data) == nil {
			return map[string]any{"registration data": sortedKeys(data)}
		}
	case map[string]any:
		opened := map[string]any{}
		for key, inner := range v {
			opened[key] = decoded(inner)
		}
		return opened
	}
	return value
}

// sortedKeys lists the keys of an object, as JSON has lists.
func sortedKeys(object map[string]any) []any {
	list := make([]any, 0, len(object))
	for _, key := range slices.Sorted(maps.Keys(object)) {
		list = append(list, key)
	}
	return list
}

func media(contentType string) string {
	name, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return contentType
	}
	return name
}

// compareHeaders compares the headers that were recorded, and that there are no others.
func compareHeaders(want map[string]string, got http.Header) []string {
	var diffs []string
	for name, value := range want {
		switch strings.ToLower(name) {
		case "content-length":
			if value != "0" {
				continue // the bodies are compared
			}
			if got.Get(name) != "" && got.Get(name) != "0" {
				diffs = append(diffs, fmt.Sprintf("a body of %s bytes, want none", got.Get(name)))
			}
		case "x-ratelimit-reset":
			if ms, err := strconv.ParseInt(got.Get(name), 10, 64); err != nil || ms < 1e12 {
				diffs = append(diffs, fmt.Sprintf("%s is %q, want a Unix time in milliseconds", name, got.Get(name)))
			}
		case "content-type":
			if media(got.Get(name)) != media(value) {
				diffs = append(diffs, fmt.Sprintf("content type %q, want %q", got.Get(name), value))
			}
		default:
			if got.Get(name) != value {
				diffs = append(diffs, fmt.Sprintf("header %s is %q, want %q", name, got.Get(name), value))
			}
		}
	}
	for name := range got {
		switch _, recorded := want[strings.ToLower(name)]; {
		case recorded, name == "Date", name == "Content-Length": // what every server sends
		default:
			diffs = append(diffs, fmt.Sprintf("header %s is %q, want none", strings.ToLower(name), got.Get(name)))
		}
	}
	return diffs
}

// compareCalls compares what the workspace asked of the Cloud.
func (p *play) compareCalls(step *recording) []string {
	history := p.cloud.History()
	want := make([]string, 0, len(step.Calls))
	got := make([]string, 0, len(history))
	for _, call := range step.Calls {
		want = append(want, fmt.Sprintf("%s %s → %v", call.Method, call.Path, statusOf(call.Status)))
	}
	for _, call := range history {
		path := call.Path
		if call.Query != "" {
			path += "?" + call.Query
		}
		got = append(got, fmt.Sprintf("%s %s → %d", call.Method, path, call.Status))
	}
	if !slices.Equal(want, got) {
		return []string{fmt.Sprintf("asked the Cloud\n\t\t\t%s\n\t\twant\n\t\t\t%s",
			strings.Join(got, "\n\t\t\t"), strings.Join(want, "\n\t\t\t"))}
	}
	var diffs []string
	for i, call := range step.Calls {
		if call.BodyKeys != nil {
			name := fmt.Sprintf("body of %s %s", call.Method, call.Path)
			diffs = append(diffs, compareKeys(name, call.BodyKeys, bodyKeys(history[i]))...)
		}
		diffs = append(diffs, p.compareAsked(i, call)...)
	}
	return diffs
}

// statusOf is a recorded status; 0 when the Cloud did not answer.
func statusOf(recorded any) int {
	number, _ := recorded.(float64)
	return int(number)
}

// mayComeLater reports whether servers change a setting sometimes with the reply to a call and sometimes after it: the recordings of the same call have both.
func mayComeLater(id string, step *recording) bool {
	calls := map[string][]string{
		"Enterprise_License_Status":                             {"licenses.add", "cloud.manualRegister"},
		"Cloud_Workspace_AirGapped_Restrictions_Remaining_Days": {"licenses.add", "cloud.removeLicense"},
		"Show_Setup_Wizard":                                     {"cloud%3AconnectWorkspace"},
	}[id]
	return slices.ContainsFunc(calls, func(call string) bool { return strings.HasSuffix(step.Request.Path, "/"+call) })
}

// compareSettings compares the settings that an exchange changed. The fakes change them with the reply.
func (p *play) compareSettings(step *recording, before map[string]any) []string {
	if step.Via == "ddp-websocket" {
		return nil // not recorded there
	}
	want := map[string]any{}
	maps.Copy(want, step.Settings)
	maps.Copy(want, step.Later)
	var diffs []string
	for _, id := range slices.Sorted(maps.Keys(step.Later)) {
		if !mayComeLater(id, step) {
			diffs = append(diffs, id+" was recorded as changed after the reply, and changes with it")
		}
	}
	after := jsonValue(p.t, p.workspace.Settings()).(map[string]any)
	got := map[string]any{}
	for id, value := range after {
		_, expected := want[id]
		old, had := before[id]
		changed := !had || !equalJSON(old, value)
		if before == nil && expected || before != nil && changed && observed(id) {
			got[id] = value
		}
	}
	return append(diffs, p.compare("settings", any(want), any(got))...)
}

// observed reports whether changes of a setting were recorded.
func observed(id string) bool {
	switch id {
	case "Register_Server", "uniqueID", "Show_Setup_Wizard", "Organization_Email", "Cloud_Service_Agree_PrivacyTerms",
		"Enterprise_License", "Enterprise_License_Status":
		return true
	}
	return strings.HasPrefix(id, "Cloud_Workspace_")
}

func equalJSON(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && string(x) == string(y)
}

// jsonValue is a value as JSON has it.
func jsonValue(t *testing.T, value any) any {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	var decoded any
	if err := json.Unmarshal(text, &decoded); err != nil {
		t.Fatal(err)
	}
	return decoded
}
