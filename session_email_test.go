package registration_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/workspace"
)

// TestIntents are replies to the request for a message: what a Cloud does not say, or says without sense, becomes what it usually says.
func TestIntents(t *testing.T) {
	t.Parallel()
	const usualPause, usualTime = 5 * time.Second, 15 * time.Minute
	for name, tc := range map[string]struct {
		data string
		want registration.Intent
		kind error // nil: none
	}{
		"all of it": {`"device_code":"d","user_code":"AB-CD","verification_url":"https://cloud.example.com/v","interval":10,"expires_in":600`,
			registration.Intent{DeviceCode: "d", UserCode: "AB-CD", VerificationURL: "https://cloud.example.com/v", Interval: 10 * time.Second, ExpiresIn: 10 * time.Minute}, nil},
		"the code alone":     {`"device_code":"d"`, registration.Intent{DeviceCode: "d", Interval: usualPause, ExpiresIn: usualTime}, nil},
		"the least":          {`"device_code":"d","interval":1,"expires_in":1`, registration.Intent{DeviceCode: "d", Interval: time.Second, ExpiresIn: time.Second}, nil},
		"less than that":     {`"device_code":"d","interval":0.9,"expires_in":0`, registration.Intent{DeviceCode: "d", Interval: usualPause, ExpiresIn: usualTime}, nil},
		"in the past":        {`"device_code":"d","interval":-1,"expires_in":-600`, registration.Intent{DeviceCode: "d", Interval: usualPause, ExpiresIn: usualTime}, nil},
		"thirty days":        {`"device_code":"d","interval":2592000,"expires_in":2592000`, registration.Intent{DeviceCode: "d", Interval: 720 * time.Hour, ExpiresIn: 720 * time.Hour}, nil},
		"more than that":     {`"device_code":"d","interval":2592001,"expires_in":1e300`, registration.Intent{DeviceCode: "d", Interval: usualPause, ExpiresIn: usualTime}, nil},
		"half a second more": {`"device_code":"d","interval":1.5`, registration.Intent{DeviceCode: "d", Interval: 1500 * time.Millisecond, ExpiresIn: usualTime}, nil},
		"a code too long to show": {`"device_code":"d","user_code":"` + strings.Repeat("A", 65) + `"`,
			registration.Intent{DeviceCode: "d", Interval: usualPause, ExpiresIn: usualTime}, nil},
		"no code": {`"user_code":"AB-CD","interval":5`, registration.Intent{}, workspace.ErrBadReply},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := sessionOf(t, "6.5.0", map[string]httpmock.Responder{
				"POST /api/v1/cloud.createRegistrationIntent": jsonReply(`{"success":true,"intentData":{` + tc.data + `}}`),
			})
			got, err := s.StartEmail(t.Context(), "ops@example.com", false)
			if got != tc.want || !errors.Is(err, tc.kind) {
				t.Errorf("got %+v, %v; want %+v, %v", got, err, tc.want, tc.kind)
			}
		})
	}
}

// TestRefusedIntents: a workspace passes on what its call to the Cloud came to. No way out speaks of a token.
func TestRefusedIntents(t *testing.T) {
	t.Parallel()
	for said, act := range map[string]failure.Act{
		"request to https://cloud.rocket.chat/api/v2/register/workspace/intent?resent=false failed, reason: getaddrinfo EAI_AGAIN cloud.rocket.chat":             failure.MendServerWay,
		"invalid json response body at https://cloud.rocket.chat/api/v2/register/workspace/intent?resent=false reason: Unexpected token < in JSON at position 0": failure.MendServerWay,
		`failed [500] {\"error\":\"internal\"}`:      failure.MendServerWay,
		`failed [400] {\"error\":\"invalid_email\"}`: failure.CorrectEmail,
		"invalid_email": failure.CorrectEmail,
		"Failed to fetch registration intent endpoint":            failure.CorrectEmail,
		`failed [429] {\"error\":\"too_many_requests\"}`:          failure.Wait,
		"too_many_requests":                                       failure.Wait,
		"Failed to create registration intent: Too Many Requests": failure.Wait,
	} {
		t.Run(said, func(t *testing.T) {
			t.Parallel()
			refused := httpmock.NewStringResponder(400, `{"success":false,"error":"`+said+`"}`).HeaderSet(http.Header{"Content-Type": {"application/json"}})
			s := sessionOf(t, "6.5.0", map[string]httpmock.Responder{"POST /api/v1/cloud.createRegistrationIntent": refused})
			_, err := s.StartEmail(t.Context(), "ops@example.com", false)
			kind := error(registration.ErrRejected)
			if act == failure.Wait {
				kind = registration.ErrRateLimited
			}
			if ways := failure.Remedies(err); !errors.Is(err, kind) || ways[0].Act != act || strings.Contains(err.Error(), "token is") {
				t.Errorf("%v: the ways out are %v", err, ways)
			}
		})
	}
}

// TestEmptyAnswersOfTheCloud: what the workspace passes on, and says nothing, is no sign that the message still waits. The way of the workspace is among those to mend.
func TestEmptyAnswersOfTheCloud(t *testing.T) {
	t.Parallel()
	for call, body := range map[string]string{
		"POST /api/v1/cloud.createRegistrationIntent": `{"success":true,"intentData":{}}`,
		"GET /api/v1/cloud.confirmationPoll":          `{"success":true,"pollData":{}}`,
	} {
		for _, text := range []string{body, strings.Replace(body, "{}", "[]", 1)} {
			t.Run(call+text, func(t *testing.T) {
				t.Parallel()
				ws, clock := clienttest.Start(t, "6.5.0")
				_, endpoint, _ := strings.Cut(call, "/api/v1/")
				ticket := clienttest.PendingTicket(t, clienttest.OpenWithToken(t, ws, clock))
				client := clienttest.OpenOver(t, ws, clock, clienttest.Answering(endpoint, http.StatusOK, text))
				_, err := client.Resume(t.Context(), ticket)
				if strings.HasPrefix(call, "POST") {
					_, err = client.Register(t.Context(), registration.Request{Email: "ops@example.com"})
				}
				want := failure.Ways(failure.CheckBetween, failure.ServerReachCloud)
				if ways := failure.Remedies(err); errors.Is(err, registration.ErrPending) || len(ways) < 2 || !slices.Equal(ways[:2], want) {
					t.Errorf("%v: the ways out are %v", err, ways)
				}
			})
		}
	}
}

// TestRefusedPolls: a code that the Cloud does not know is told from a Cloud that the workspace cannot ask.
func TestRefusedPolls(t *testing.T) {
	t.Parallel()
	for said, unknown := range map[string]bool{
		`failed [400] {\"error\":\"invalid_device_code\"}`:             true,
		"invalid_device_code":                                          true,
		"Failed to retrieve workspace registration poll: Bad Request":  true,
		"request to https://c failed, reason: certificate has expired": false,
		`failed [500] {\"error\":\"expired\"}`:                         false,
		"Workspace access token is empty":                              false,
	} {
		t.Run(said, func(t *testing.T) {
			t.Parallel()
			refused := httpmock.NewStringResponder(400, `{"success":false,"error":"`+said+`"}`).HeaderSet(http.Header{"Content-Type": {"application/json"}})
			s := sessionOf(t, "6.5.0", map[string]httpmock.Responder{"GET /api/v1/cloud.confirmationPoll": refused})
			confirmed, err := s.PollEmail(t.Context(), "code")
			if confirmed || !errors.Is(err, workspace.ErrRefused) || errors.Is(err, failure.InvalidDeviceCode) != unknown {
				t.Errorf("confirmed %v: %v", confirmed, err)
			}
		})
	}
}
