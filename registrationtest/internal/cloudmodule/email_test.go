package cloudmodule_test

import (
	"strings"
	"testing"
)

func TestCreateIntent(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"4.4.0", "4.8.0", "6.4.0", "8.6.1"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, version)
			got, err := b.rest("cloud.createRegistrationIntent", map[string]any{"resend": true, "email": "ops@example.com"})
			if err != nil {
				t.Fatal(err)
			}
			intent, _ := got["intentData"].(map[string]any)
			if intent["device_code"] != "dev-1" {
				t.Errorf("the reply is %v", got)
			}
			b.wantCalls("POST /api/v2/register/workspace/intent?resent=true")
			if version != "4.4.0" && !strings.Contains(b.cloud.sent()[0].body, `"contactEmail":"ops@example.com"`) {
				t.Errorf("the Cloud was told %s", b.cloud.sent()[0].body)
			}
		})
	}
}

// By 8.6 the validator turns what is meant for a boolean into one.
func TestCreateIntentCoercesTheFlag(t *testing.T) {
	t.Parallel()
	for flag, want := range map[any]string{true: "true", "true": "true", 1.0: "true", false: "false", "false": "false", 0.0: "false", nil: "false"} {
		b := newBench(t, "8.6.1")
		if _, err := b.rest("cloud.createRegistrationIntent", map[string]any{"resend": flag, "email": ""}); err != nil {
			t.Fatal(err)
		}
		b.wantCalls("POST /api/v2/register/workspace/intent?resent=" + want)
	}
}

func TestCreateIntentFails(t *testing.T) {
	t.Parallel()
	const path = cloudURL + "/api/v2/register/workspace/intent?resent=false"
	const silent = "Failed to fetch registration intent endpoint"
	for name, test := range map[string]struct {
		cloud            answer
		meteor, fetching string
	}{
		"code":    {refuse(400, "invalid_email"), `failed [400] {"error":"invalid_email"}`, "invalid_email"},
		"page":    {reply(500, "<html>\noops"), "failed [500] <html> oops", "invalid json response body at " + path + " reason: Unexpected token <"},
		"empty":   {reply(200, ""), silent, "invalid json response body at " + path + " reason: Unexpected end of JSON input"},
		"null":    {reply(200, "null"), silent, silent},
		"dropped": {drop, "request to " + path + " failed, reason: socket hang up", "request to " + path + " failed, reason: socket hang up"},
		"bare":    {reply(404, ""), "failed [404]", "invalid json response body at " + path + " reason: Unexpected end of JSON input"},
		"no code": {reply(400, "{}"), "failed [400] {}", ""},
	} {
		for version, want := range map[string]string{"4.8.0": test.meteor, "6.0.0": test.meteor, "6.4.0": test.fetching, "6.13.0": test.fetching} {
			t.Run(name+" "+version, func(t *testing.T) {
				t.Parallel()
				b := newBench(t, version)
				b.cloud.set("/intent", test.cloud)
				_, err := b.rest("cloud.createRegistrationIntent", map[string]any{"resend": false, "email": "ops@example.com"})
				if err == nil || !strings.HasPrefix(err.Error(), want) {
					t.Errorf("the error is %v, want %s", err, want)
				}
			})
		}
	}
}

// A12: a pre-intent is always a success, and offline is also true when the oldest user has no e-mail, from 6.4.
func TestA12PreIntent(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, version string
		emails        []string
		cloud         answer
		offline       bool
		calls         int
	}{
		{"well", "6.0.0", []string{"ada@example.com"}, nil, false, 1},
		{"empty", "8.6.1", []string{"ada@example.com"}, reply(200, ""), false, 1},
		{"500", "6.0.0", []string{"ada@example.com"}, refuse(500, "internal_error"), true, 1},
		{"dropped", "8.6.1", []string{"ada@example.com"}, drop, true, 1},
		{"no e-mail", "6.0.0", nil, nil, false, 1},
		{"no e-mail", "6.4.0", nil, nil, true, 0},
		{"no e-mail", "8.6.1", []string{}, nil, true, 0},
	} {
		t.Run(test.name+" "+test.version, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, test.version)
			b.owner.Emails = test.emails
			b.cloud.set("/pre-intent", test.cloud)
			got, err := b.rest("cloud.registerPreIntent", nil)
			if err != nil || got["offline"] != test.offline {
				t.Errorf("the reply is %v, %v", got, err)
			}
			if calls := len(b.cloud.lines()); calls != test.calls {
				t.Errorf("%d calls were made, want %d", calls, test.calls)
			}
		})
	}
}

// A13: a success of the poll may be pending or a refusal. C1: it replaces a registration.
func TestA13Poll(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"4.4.0", "6.0.0", "6.4.0", "6.5.0", "8.6.1"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, version)
			for _, body := range []string{`{"status":"authorization_pending"}`, `{"successful":false}`} {
				b.cloud.set("/poll", reply(200, body))
				got, err := b.rest("cloud.confirmationPoll", map[string]any{"deviceCode": "dev"})
				if err != nil || got["pollData"] == nil || b.registered() {
					t.Errorf("after %s the reply is %v, %v, and registered is %v", body, got, err, b.registered())
				}
			}
			for n := range 2 {
				b.cloud.set("/poll", reply(200, `{"successful":true,"payload":`+b.cloud.grant(n+1)+`}`))
				if _, err := b.rest("cloud.confirmationPoll", map[string]any{"deviceCode": "dev"}); err != nil {
					t.Fatal(err)
				}
			}
			b.wantSettings(map[string]any{"Cloud_Workspace_Id": "ws-2"})
		})
	}
}

// B5: from 6.5 a poll may fail although the workspace is registered by it.
func TestB5PollFailsAlthoughRegistered(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, version, path string
		cloud               answer
		want                string
	}{
		{"token 500", "6.13.0", "/token", refuse(500, "internal_error"), "Workspace access token is empty"},
		{"token 500", "6.4.0", "/token", refuse(500, "internal_error"), ""},
		{"bad license", "6.5.0", "/sync", reply(200, `{"workspaceId":"ws","license":"bad"}`), "Invalid license"},
		{"sync 500", "8.6.1", "/sync", refuse(500, "internal_error"), "Failed to connect to Rocket.Chat Cloud: Internal Server Error"},
	} {
		t.Run(test.name+" "+test.version, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, test.version)
			b.cloud.set("/poll", reply(200, `{"successful":true,"payload":`+b.cloud.grant(1)+`}`))
			b.cloud.set(test.path, test.cloud)
			_, err := b.rest("cloud.confirmationPoll", map[string]any{"deviceCode": "dev"})
			if got := sentence(err); got != test.want || !b.registered() {
				t.Errorf("the error is %q, want %q; registered is %v", got, test.want, b.registered())
			}
		})
	}
}

func TestPollFails(t *testing.T) {
	t.Parallel()
	const silent = "Failed to retrieve registration confirmation poll data"
	for name, test := range map[string]struct {
		cloud answer
		want  map[string]string
	}{
		"unknown code": {refuse(400, "invalid_device_code"), map[string]string{
			"6.0.0": `failed [400] {"error":"invalid_device_code"}`, "6.4.0": "invalid_device_code", "6.5.0": silent + ": Bad Request",
		}},
		"empty": {reply(200, ""), map[string]string{"4.8.0": silent, "8.6.1": silent + ": OK"}},
		"null":  {reply(200, "null"), map[string]string{"6.0.0": silent, "6.4.0": silent, "6.5.0": "Invalid query"}},
		"success without a payload": {reply(200, `{"successful":true}`), map[string]string{
			"6.0.0": "Cannot destructure property 'workspaceId' of '_ref' as it is null.",
		}},
	} {
		for version, want := range test.want {
			t.Run(name+" "+version, func(t *testing.T) {
				t.Parallel()
				b := newBench(t, version)
				b.cloud.set("/poll", test.cloud)
				_, err := b.rest("cloud.confirmationPoll", map[string]any{"deviceCode": "dev"})
				if got := sentence(err); got != want {
					t.Errorf("the error is %q, want %q", got, want)
				}
			})
		}
	}
}

// The code is sent unescaped up to 6.0, and may change the query.
func TestPollCode(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]string{
		"6.0.0": "?token=a&b=c%20d%C3%A9", "6.4.0": "?token=a%26b%3Dc+d%C3%A9%23e",
	} {
		b := newBench(t, version)
		if _, err := b.rest("cloud.confirmationPoll", map[string]any{"deviceCode": "a&b=c dé#e"}); err != nil {
			t.Fatal(err)
		}
		b.wantCalls("GET /api/v2/register/workspace/poll" + want)
	}
}

func TestPollChecksTheCode(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]string{
		"4.8.0": "Match error: Missing key 'deviceCode'|Invalid query",
		"8.6.1": "must have required property 'deviceCode' [error-invalid-params]|must NOT have fewer than 1 characters [error-invalid-params]",
	} {
		b := newBench(t, version)
		_, missing := b.rest("cloud.confirmationPoll", nil)
		_, empty := b.rest("cloud.confirmationPoll", map[string]any{"deviceCode": ""})
		if got := sentence(missing) + "|" + sentence(empty); got != want {
			t.Errorf("%s: the errors are %s, want %s", version, got, want)
		}
	}
}

func sentence(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
